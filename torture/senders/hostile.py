#!/usr/bin/env python3
"""Clients that want harm, of a node's listener for events and of its admin
listener: forgers, smugglers, floods, and who holds connections by a byte at a
time. Nothing of theirs may ever be at the server; all of it bears a mark."""

import asyncio
import contextlib
import pathlib
import sys

if __name__ == "__main__":  # this folder alone is where modules are looked for
    TORTURE = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TORTURE), str(TORTURE.parent / "bench")]

from senders import admin_attacks, attacks, message, process
from senders.attacks import Mark
from senders.message import Connection

ATTACKS = {**attacks.ATTACKS, **admin_attacks.ATTACKS}

# They come from addresses of their own, so as not to take what honest senders
# of 127.0.0.1 may have.
ADDRESSES = "127.66"
OPEN = 200  # connections at a time, whatever they are for
FLOOD = 120  # of these, by one flood
ADMIN_OPEN = 8  # and at the admin listener

PATIENCE = 3.0  # s, for an answer
MORE_WITHIN = 0.3  # s: for another one, which is one too many
STRIKE_WITHIN = 10.0  # s
DRIP_EVERY, DRIP_FOR = 1.0, 40.0  # s

# What anybody may be told, whatever he sends.
MAY_BE = {message.NONE, 408, 429, 503}
# After an answer: to what is left of a request that ended early.
MORE = ".more"
NO_ATTACKS = {"cut": set(), "flood": set(), "dripping": set()}


class Program(process.Program):
    def __init__(self, given):
        self._attacks = ATTACKS if given.admin_port else attacks.ATTACKS
        self._weights = [weight for _, weight, _ in self._attacks.values()]
        super().__init__(given, {
            self.strike: sum(self._weights), self.cut: 12, self.dripping: 3,
            self.flood: 2}, "hostile")
        self._open = self._admin_open = 0

    def _mark(self, number):
        return Mark(f"{self.given.seed}-{number}")

    @staticmethod
    def _address(chance):
        return f"{ADDRESSES}.{chance.randrange(256)}.{chance.randint(1, 254)}"

    @contextlib.contextmanager
    def _places(self, wanted):
        """How many connections of these there may be now."""
        granted = min(wanted, OPEN - self._open)
        self._open += granted
        try:
            yield granted
        finally:
            self._open -= granted

    async def strike(self, number, chance):
        """By one of the attacks, and waits for what is said to it."""
        [name] = chance.choices(list(self._attacks), self._weights)
        attack = self._attacks[name][0](self._mark(number), chance)
        with self._places(1) as place:
            if place:
                await self._strike(number, name, attack, chance)

    async def _strike(self, number, name, attack, chance):
        if attack.endpoint != "admin":
            return await self._send(number, name, attack, self.given.port,
                                    chance)
        if self._admin_open < ADMIN_OPEN:
            self._admin_open += 1
            try:
                await self._send(number, name, attack,
                                 self.given.admin_port, chance)
            finally:
                self._admin_open -= 1

    def _line(self, kind, number, endpoint):
        return self.record.line(kind, self.own(number), endpoint=endpoint)

    async def _send(self, number, name, attack, port, chance):
        async with asyncio.timeout(STRIKE_WITHIN):
            with self._line(name, number, attack.endpoint) as line:
                line.begin()
                connection = await Connection.open(port, self._address(chance))
                await connection.offer(attack.data)
                line.take(await connection.answer(PATIENCE, attack.method))
            async with connection:
                while line.status != message.NONE:
                    answer = await connection.answer(MORE_WITHIN)
                    if answer is None:
                        break
                    with self._line(name + MORE, number,
                                    attack.endpoint) as line:
                        line.begin()
                        line.take(answer)
                if chance.random() < 0.3:
                    connection.reset()

    async def cut(self, number, chance):
        """All but the end of a genuine request, or less, and away."""
        data = self._mark(number).genuine()
        data = data[:chance.choice((len(data) - 1,
                                    chance.randrange(len(data))))]
        with self._places(1) as place:
            if not place:
                return
            with self._line("cut", number, "completed") as line:
                line.begin()
                async with await Connection.open(
                        self.given.port, self._address(chance)) as connection:
                    await connection.send(data)
                    await self.pause(chance.choice((0, 0.05)))
                    if chance.random() < 0.5:
                        connection.reset()
                    elif chance.random() < 0.5:
                        connection.end_writing()
                        line.take(await connection.answer(PATIENCE))

    async def dripping(self, number, chance):
        """A byte at a time, of a head or of a body that never ends."""
        mark = self._mark(number)
        body = mark.body(text="x" * 1_000)
        head = message.head_of("/completed", [
            *mark.fields(body), ("Content-Length", len(body))])
        data = chance.choice((head, head + body))
        fast = len(data) - round(DRIP_FOR / DRIP_EVERY) - 1
        with self._places(1) as place:
            if not place:
                return
            with self._line("dripping", number, "completed") as line:
                line.begin()
                async with await Connection.open(
                        self.given.port, self._address(chance)) as connection:
                    answer = asyncio.create_task(connection.answer(
                        DRIP_FOR + PATIENCE))
                    try:
                        await connection.offer(data[:fast])
                        for each in data[fast:-1]:
                            if (answer.done() or
                                    not await self.pause(DRIP_EVERY)):
                                break
                            await connection.offer(bytes([each]))
                        if not self.ends:
                            line.take(await answer)
                    finally:
                        answer.cancel()

    async def flood(self, number, chance):
        """Many connections of one address at once, which ask for nothing."""
        source = self._address(chance)
        beginning = chance.choice((b"", b"POST /completed HTTP/1.1\r\n"))
        with self._places(chance.randint(20, FLOOD)) as places:
            with self._line("flood", number, "-") as line:
                opened = []
                try:
                    for _ in range(places):
                        line.begin()
                        opened.append(await Connection.open(self.given.port,
                                                            source))
                        await opened[-1].offer(beginning)
                    await self.pause(chance.uniform(0.2, 3))
                finally:
                    for each in opened:
                        if chance.random() < 0.5:
                            each.reset()
                        each.close()


class Hostile(process.Process):
    NAME, SCRIPT = "hostile", "hostile.py"

    def options(self, node):
        return [*super().options(node), "--admin-port", node.admin_port]


def surprising(lines):
    """(line, why) of what was answered as it may not be."""
    for line in lines:
        kind = line.kind.removesuffix(MORE)
        expected = (NO_ATTACKS[kind] if kind in NO_ATTACKS
                    else ATTACKS[kind][2])
        more = {400, 404, 405} if line.kind.endswith(MORE) else set()
        if line.status not in MAY_BE | expected | more:
            yield line, "its status"


def events_of(lines):
    """The ids of the events that there would be if any of it were taken, as far
    as they are known: none of them may be at the server."""
    ids = {line.event for line in lines if line.event != "-"}
    for line in lines:
        ids |= {message.event_id_of(endpoint, line.own)
                for endpoint in message.KNOW_IDS}
    return ids


def options(parser):
    process.beside_a_node(parser)
    parser.add_argument("--admin-port", type=int, default=0,
                        help="where the node is asked by operators; without it, "
                             "that is left in peace")


def is_marked(text):
    """Whether what is at the server, as bytes, came from here."""
    return b'"hostile"' in text


if __name__ == "__main__":
    sys.exit(process.main(__doc__, Program, options))
