#!/usr/bin/env python3
"""Senders that know all nodes of a cluster: who is not answered by one asks another,
with the same id, and some come again when they were told that the event is taken."""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import json
import pathlib
import socket
import sys

if __name__ == "__main__":  # this folder alone is where modules are looked for
    TORTURE = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TORTURE), str(TORTURE.parent / "bench")]

from cluster_days.network import enter
from senders import message, process
from senders.message import Connection
from senders.rude import is_final
from staging.stage import HERE

ENDPOINTS = ("completed", "received", "received", "replicated")
GIVE_UP = 60.0  # s
PATIENCE = (0.3, 1.5, 12.0)  # s, for an answer; one of these
PAUSES = (0.1, 2.0)  # s, between two tries
COMES_BACK = 20.0  # s, at most


@dataclasses.dataclass(frozen=True)
class Door:
    """Of a node: where it takes events. `namespace` is a file; empty: that of this
    process."""
    node: str
    port: int
    namespace: str = ""

    @classmethod
    def of(cls, text):
        node, port, namespace = text.split(":", 2)
        return cls(node, int(port), namespace)

    def __str__(self):
        return f"{self.node}:{self.port}:{self.namespace}"


class Sockets:
    """Made in the network namespace of a node, where they stay."""

    def __init__(self, namespace):
        # A thread of its own: others are where they are.
        self._thread = concurrent.futures.ThreadPoolExecutor(
            1, initializer=enter, initargs=(namespace,)) if namespace else None

    def new(self):
        if not self._thread:
            return socket.socket()
        return self._thread.submit(socket.socket).result()


class Program(process.Program):
    """`given.door`: of each node."""

    def __init__(self, given):
        super().__init__(given, {self.seeking: 4, self.returning: 3}, "roaming")
        self._sockets = {door: Sockets(door.namespace) for door in given.door}

    def _request(self, number, chance):
        """Its own id, its endpoint, and all of it."""
        own, endpoint = self.own(number), chance.choice(ENDPOINTS)
        body = json.dumps({"roaming": own, "text": "x"}).encode()
        return own, endpoint, b"".join(message.genuine(endpoint, body, own))

    async def _ask(self, door, request, chance):
        """The status, or `message.NONE`. Each try is a line, with the node as its
        kind."""
        own, endpoint, data = request
        with self.record.line(door.node, own, endpoint=endpoint) as line:
            line.begin()
            with contextlib.suppress(OSError, TimeoutError):
                async with await Connection.open(
                        door.port,
                        new_socket=self._sockets[door].new) as connection:
                    await connection.offer(data)
                    line.take(await connection.answer(chance.choice(PATIENCE)))
        return line.status

    async def _deliver(self, request, chance):
        """Whether there was a final answer, in the end; never twice in a row by the
        same node."""
        clock = asyncio.get_running_loop().time
        end = clock() + GIVE_UP
        door = chance.choice(self.given.door)
        while not is_final(await self._ask(door, request, chance)):
            door = chance.choice([each for each in self.given.door
                                  if each != door] or [door])
            if (clock() > end or
                    not await self.pause(chance.uniform(*PAUSES))):
                return False
        return True

    async def seeking(self, number, chance):
        """From node to node, until it knows what came of it."""
        await self._deliver(self._request(number, chance), chance)

    async def returning(self, number, chance):
        """The same, and once more when that may be forgotten."""
        request = self._request(number, chance)
        if (await self._deliver(request, chance) and
                await self.pause(chance.uniform(0, COMES_BACK))):
            await self._deliver(request, chance)


@dataclasses.dataclass(frozen=True)
class Field:
    """All nodes, as one whom a program is beside."""
    nodes: list
    name: str = "all"
    place: contextlib.AbstractContextManager = HERE


class Roaming(process.Process):
    """`Roaming(stage, Field(nodes), seed, rate)`."""

    NAME, SCRIPT = "roaming", "roaming.py"

    def options(self, node):
        return [word for each in node.nodes for word in
                ("--door", Door(each.name, each.port, each.place.path))]


def options(parser):
    parser.add_argument("--door", type=Door.of, action="append", required=True,
                        help="of a node: NAME:PORT:FILE, of its network namespace")


def asked_before(line, lines):
    """The nodes that were, for the same event. `lines`: of it, all."""
    return {each.kind for each in lines if each.first < line.first}


if __name__ == "__main__":
    sys.exit(process.main(__doc__, Program, options))
