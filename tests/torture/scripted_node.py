"""A node by script: what comes is written down, and answered as a test says."""

import argparse
import asyncio
import json
import logging
import os
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "torture"), str(ROOT / "bench")]

from staging.stage import SECRET

os.environ["WEBHOOK_SECRET"] = SECRET  # before senders.message reads it

from senders import message, process

# Test cases of asyncio watch the time that each step takes: nothing for a machine
# that does something else beside.
logging.getLogger("asyncio").setLevel(logging.ERROR)

LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
CHUNKED = re.compile(rb"transfer-encoding: *chunked", re.IGNORECASE)
OWN = re.compile(rb"x-delivery-id: *([^\r]+)", re.IGNORECASE)
SIGNATURE = re.compile(rb"x-signature: *([^\r]*)", re.IGNORECASE)
PATH = re.compile(rb"[A-Z]+ /([^ ]*) ")


def answer(status, body=b"", *fields):
    return b"\r\n".join([b"HTTP/1.1 %d Said" % status, *fields,
                         b"Content-Length: %d" % len(body), b"", body])


def event(status, event_id="an-id", *fields):
    """An answer that tells the id of an event."""
    return answer(status, json.dumps({"event_id": event_id}).encode(), *fields)


def well(request):
    """As a node does that takes everything: with the id of the event."""
    own = OWN.search(request)
    endpoint = PATH.match(request)[1].decode()
    return event(202, message.event_id_of(endpoint, own[1].decode())
                 if own else "an-id")


class ScriptedNode:
    """Answers each request by the next one of `script`: bytes; None, which ends
    the connection; or a function of the request. Then as the last one says.
    With `at_once` it says so before it is asked."""

    def __init__(self, *script, at_once=b""):
        self._script = list(script)
        self._at_once = at_once
        self._server = None
        self._serving = {}  # task → writer
        self.requests = []  # whole, in the order in which they came
        self.beginnings = []  # what came of others
        self.connections = 0
        self.open = 0
        self.most_open = 0

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind, error, trace):
        self._server.close()
        for writer in self._serving.values():
            writer.close()
        await asyncio.gather(*self._serving)

    async def _serve(self, reader, writer):
        self._serving[asyncio.current_task()] = writer
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            writer.write(self._at_once)
            while (request := await self._read(reader)) is not None:
                self.requests.append(request)
                script = (self._script.pop(0) if len(self._script) > 1
                          else self._script[0])
                told = script(request) if callable(script) else script
                if told is None:
                    break
                writer.write(told)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass  # the sender left, or the test
        finally:
            self.open -= 1
            writer.close()

    async def _read(self, reader):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                self.beginnings.append(error.partial)
            return None
        try:
            if CHUNKED.search(head):  # none of them has this in its data
                return head + await reader.readuntil(b"\r\n0\r\n\r\n")
            length = LENGTH.search(head)
            return head + await reader.readexactly(
                int(length[1]) if length else 0)
        except asyncio.IncompleteReadError as error:
            self.beginnings.append(head + error.partial)
            return None


class SenderTest(unittest.IsolatedAsyncioTestCase):
    """Of what a program of senders does with a node by script."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "record"

    def given(self, port):
        """As a command line says it."""
        return argparse.Namespace(port=port, admin_port=0, seed="1", rate=10.0,
                                  record=self.file)

    def program(self, module, port):
        """That of the module, whose pauses are over at once."""
        async def go_on(seconds):
            return True

        program = module.Program(self.given(port))
        program.pause = go_on
        self.addCleanup(program.record.close)
        return program

    def lines(self):
        return list(process.read(self.file))

    def statuses(self, kind):
        return [line.status for line in self.lines() if line.kind == kind]
