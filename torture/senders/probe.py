#!/usr/bin/env python3
"""Sends one event after the other to each endpoint of a node, until each has taken
one, or should have long ago."""

import asyncio
import contextlib
import json
import pathlib
import sys

if __name__ == "__main__":  # this folder alone is where modules are looked for
    TORTURE = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TORTURE), str(TORTURE.parent / "bench")]

from senders import message, process
from senders.message import Connection
from world.configuration import ENDPOINTS, TIMEOUT

# A circuit stays open for 10 s and up to a fifth more, and what has piled up
# meanwhile goes first.
TAKEN = 40  # s: until an event is, by a node for which all is well
ANSWER = TIMEOUT + 5  # s
PAUSE = 0.2  # s, between two tries


class Program:
    def __init__(self, given):
        self._given = given
        self._record = process.Record(given.record)

    async def run(self):
        """The exit status, once all is known."""
        await asyncio.gather(*(self._until_taken(each.id) for each in ENDPOINTS))
        self._record.close()
        return 0

    async def _until_taken(self, endpoint):
        """Each try is another event, so that none is taken for known."""
        clock = asyncio.get_running_loop().time
        end = clock() + TAKEN
        number = 0
        while not await self._is_taken(endpoint, number) and clock() < end:
            number += 1
            await asyncio.sleep(PAUSE)

    async def _is_taken(self, endpoint, number):
        own = f"probe-{self._given.seed}-{endpoint}-{number}"
        body = json.dumps({"probe": own, "text": "x"}).encode()
        request = message.genuine(
            endpoint, body, own if endpoint in message.KNOW_IDS else "",
            [(message.KEY, own)])
        with self._record.line("probe", own, endpoint=endpoint) as line:
            line.begin()
            with contextlib.suppress(OSError, TimeoutError):
                async with await Connection.open(self._given.port) as connection:
                    await connection.send(b"".join(request))
                    line.take(await connection.answer(ANSWER))
        return line.accepted


class Probe(process.Process):
    """Beside a node, until it has ended by itself."""

    NAME, SCRIPT = "probe", "probe.py"


if __name__ == "__main__":
    sys.exit(process.main(__doc__, Program))
