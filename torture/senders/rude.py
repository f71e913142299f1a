#!/usr/bin/env python3
"""Senders that are honest, and hard to have: they send again, leave before they
are answered, take their time, do not wait for answers, and say things twice at
once. All that they send is genuine, but for what says `forged`."""

import asyncio
import collections
import contextlib
import dataclasses
import json
import pathlib
import sys

if __name__ == "__main__":  # this folder alone is where modules are looked for
    TORTURE = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TORTURE), str(TORTURE.parent / "bench")]

from senders import message, process
from senders.message import Connection

ENDPOINTS = ("completed", "received", "replicated", "ordered", "batched")
COME_AGAIN = ("completed", "completed", "received", "replicated")
KEYS = 8  # of `ordered`
SIZES = {0: 4, 300: 8, 3_000: 4, 60_000: 1}  # bytes of text: how often

# Of who sends again.
TRIES = 12
GIVE_UP = 60.0  # s
PATIENCE = (1.5, 10.0, 25.0)  # s, for an answer; one of these
LONGEST_WAIT = 5.0  # s, between two tries, whatever Retry-After says
COMES_AGAIN = (408, 409, 425, 429)  # of 4xx, all others are final

# What any sender may be told in bad times; `docs/reference/delivery.md`.
MAY_BE = {message.NONE, 202, 429, 502, 503, 504}
# Of a delivery that has an id; of who has not sent all of it.
KNOWN, SLOWLY = {200, 409}, {408}


@dataclasses.dataclass(frozen=True)
class Event:
    endpoint: str
    body: bytes
    own: str = ""  # id, where the endpoint knows it
    more: tuple = ()  # fields

    def request(self):
        """Head and body."""
        return message.genuine(self.endpoint, self.body, self.own, self.more)

    def in_some_form(self, chance):
        """The same by other means: compressed, in chunks."""
        body, more = self.body, list(self.more)
        if chance.random() < 0.4:
            name = chance.choice(list(message.CODINGS))
            body = message.CODINGS[name](body)
            more.append(("Content-Encoding", name))
        fields = message.fields_of(body, self.own, more)
        if chance.random() < 0.5:
            return message.in_chunks(f"/{self.endpoint}", fields, body, chance)
        return message.with_length(f"/{self.endpoint}", fields, body)

    def forged(self):
        """With a signature that is somebody else's."""
        fields = dict(message.fields_of(self.body, self.own, self.more))
        fields[message.SIGNATURE] = message.sign(self.body, b"another")
        return message.with_length(f"/{self.endpoint}", fields.items(),
                                   self.body)


def is_final(status):
    return (200 <= status < 300 or
            400 <= status < 500 and status not in COMES_AGAIN)


def _wait_before(tries, answer, chance):
    """Seconds until the next try."""
    wait = 0.1 * 2 ** tries * chance.uniform(0.5, 1.0)
    return min(LONGEST_WAIT, max(wait, answer.retry_after if answer else 0))


class Program(process.Program):
    def __init__(self, given):
        super().__init__(given, {
            self.retrying: 30, self.repeating: 6, self.at_once: 10,
            self.after_forged: 6, self.leaving: 20, self.half_closing: 4,
            self.slow: 8, self.stalling: 4, self.pipelining: 12,
            self.keeping: 8, self.expecting: 6}, "rude")

    def _event(self, number, chance, endpoint=None):
        endpoint = endpoint or chance.choice(ENDPOINTS)
        name = self.own(number)
        [size] = chance.choices(list(SIZES), SIZES.values())
        body = json.dumps({"rude": name, "text": "x" * size}).encode()
        more = (((message.KEY, f"rude-{chance.randrange(KEYS)}"),)
                if endpoint == "ordered" else ())
        own = name if endpoint in message.KNOW_IDS else ""
        return Event(endpoint, body, own, more)

    def _known(self, number, chance):
        """One that is known again."""
        return self._event(number, chance, chance.choice(COME_AGAIN))

    def _line(self, kind, event):
        return self.record.line(kind, event.own or "-", endpoint=event.endpoint)

    async def _ask(self, line, request, chance, patience=PATIENCE[-1]):
        """On a connection of its own; the answer, or None."""
        line.begin()
        answer = None
        with contextlib.suppress(OSError, TimeoutError):
            async with await Connection.open(self.given.port) as connection:
                await connection.offer(b"".join(request))
                answer = await connection.answer(patience)
                if answer is None and chance.random() < 0.5:
                    connection.reset()
        line.take(answer)
        return answer

    async def _deliver(self, kind, event, chance):
        """Whether there was a final answer, in the end."""
        clock = asyncio.get_running_loop().time
        end = clock() + GIVE_UP
        with self._line(kind, event) as line:
            while True:
                answer = await self._ask(line, event.request(), chance,
                                         chance.choice(PATIENCE))
                if is_final(line.status):
                    return True
                wait = _wait_before(line.tries, answer, chance)
                if (line.tries == TRIES or clock() + wait > end or
                        not await self.pause(wait)):
                    return False

    async def retrying(self, number, chance):
        """Again and again, with an id, until it knows what came of it."""
        await self._deliver("retrying", self._known(number, chance), chance)

    async def repeating(self, number, chance):
        """Once more what was taken: it is a duplicate."""
        event = self._known(number, chance)
        if await self._deliver("retrying", event, chance):
            with self._line("repeating", event) as line:
                await self._ask(line, event.request(), chance)

    async def after_forged(self, number, chance):
        """Somebody else has used the id before: that must not count."""
        event = self._known(number, chance)
        with self._line("forged", event) as line:
            await self._ask(line, event.forged(), chance)
        await self._deliver("after-forged", event, chance)

    async def at_once(self, number, chance):
        """Two of the same id, both whole at the same moment: not both are
        taken."""
        event = self._known(number, chance)
        data = b"".join(event.request())
        opened = await asyncio.gather(
            *(Connection.open(self.given.port) for _ in range(2)),
            return_exceptions=True)
        with contextlib.ExitStack() as both:
            connections = [both.enter_context(contextlib.closing(each))
                           for each in opened if isinstance(each, Connection)]
            for each in connections:
                await each.send(data[:-1])

            async def end(connection):
                with self._line("at-once", event) as line:
                    line.begin()
                    await connection.offer(data[-1:])
                    line.take(await connection.answer(PATIENCE[-1]))

            await asyncio.gather(*map(end, connections))

    async def leaving(self, number, chance):
        """Gone before the answer; perhaps it comes back later."""
        event = self._event(number, chance)
        head, body = event.request()
        after, data = chance.choice((
            ("head", head), ("half", head + body[:len(body) // 2]),
            ("all", head + body)))
        lingers, resets = chance.choice((0, 0.01, 0.2)), chance.random() < 0.5
        returns = event.own and chance.random() < 0.7
        with self._line(f"leaving-{after}", event) as line:
            line.begin()
            async with await Connection.open(self.given.port) as connection:
                await connection.send(data)
                await self.pause(lingers)
                if resets:
                    connection.reset()
        if returns and await self.pause(chance.uniform(0, 2)):
            await self._deliver("returning", event, chance)

    async def half_closing(self, number, chance):
        """Says that it sends no more, and waits for the answer."""
        event = self._event(number, chance)
        with self._line("half-closing", event) as line:
            line.begin()
            async with await Connection.open(self.given.port) as connection:
                await connection.offer(b"".join(event.request()))
                connection.end_writing()
                line.take(await connection.answer(PATIENCE[-1]))

    async def slow(self, number, chance):
        """A few bytes at a time, and yet whole in time: 10 s for the head, and
        30 s for the body."""
        event = self._event(number, chance)
        data = b"".join(event.in_some_form(chance))
        await self._drip("slow", event, data, chance.uniform(1, 6), chance)

    async def stalling(self, number, chance):
        """Not whole in time."""
        event = self._event(number, chance)
        data = b"".join(event.request())
        await self._drip("stalling", event,
                         data[:chance.randrange(1, len(data))],
                         chance.uniform(0.1, 3), chance)

    async def _drip(self, kind, event, data, seconds, chance):
        """Within so many seconds. Who is answered meanwhile stops."""
        pieces = max(2, round(seconds * 5))
        size = -(-len(data) // pieces)
        with self._line(kind, event) as line:
            line.begin()
            async with await Connection.open(self.given.port) as connection:
                answer = asyncio.create_task(connection.answer(seconds + 40))
                try:
                    for at in range(0, len(data), size):
                        if answer.done():
                            break
                        await connection.offer(data[at:at + size])
                        if not await self.pause(chance.uniform(0, 0.4)):
                            return
                    # Who is stalling hears nothing for long.
                    if kind == "slow" or await self.is_in_time(answer):
                        line.take(await answer)
                finally:
                    answer.cancel()

    async def pipelining(self, number, chance):
        """Several at a time, without a word of the node between them."""
        events = [self._event(f"{number}.{part}", chance)
                  for part in range(chance.randint(2, 6))]
        data = b"".join(b"".join(event.in_some_form(chance))
                        for event in events)
        cut = chance.randrange(len(data))
        lines = [process.Line("pipelining", event.own or "-",
                              endpoint=event.endpoint) for event in events]
        try:
            async with await Connection.open(self.given.port) as connection:
                for line in lines:
                    line.begin()
                await connection.offer(data[:cut])
                await self.pause(chance.choice((0, 0, 0.05)))
                await connection.offer(data[cut:])
                for line in lines:
                    answer = await connection.answer(PATIENCE[-1])
                    if answer is None:
                        break
                    line.take(answer)
                    self.record.write(line)
        finally:
            for line in lines:
                if not line.last:
                    self.record.write(line)

    async def keeping(self, number, chance):
        """One after the other on a connection that stays."""
        async with await Connection.open(self.given.port) as connection:
            for part in range(chance.randint(2, 6)):
                event = self._event(f"{number}.{part}", chance)
                with self._line("keeping", event) as line:
                    line.begin()
                    await connection.offer(
                        b"".join(event.in_some_form(chance)))
                    line.take(await connection.answer(PATIENCE[-1]))
                    if line.status == message.NONE:
                        return
                if not await self.pause(chance.uniform(0, 1)):
                    return

    async def expecting(self, number, chance):
        """Waits to be told to go on; some go on anyway (RFC 9110, section
        10.1.1)."""
        event = self._event(number, chance)
        head, body = dataclasses.replace(
            event, more=(*event.more, ("Expect", "100-continue"))).request()
        with self._line("expecting", event) as line:
            line.begin()
            async with await Connection.open(self.given.port) as connection:
                await connection.offer(head)
                answer = await connection.answer(
                    chance.choice((0.01, 5)), interim=True)
                if answer is None or answer.status == 100:
                    await connection.offer(body)
                    answer = await connection.answer(PATIENCE[-1])
                line.take(answer)


class Rude(process.Process):
    NAME, SCRIPT = "rude", "rude.py"


def surprising(lines):
    """(line, why) of what no document allows, whatever else is wrong."""
    for line in lines:
        known = line.own != "-" and line.endpoint in message.KNOW_IDS
        may_be = MAY_BE | (KNOWN if known else set())
        if line.kind in ("slow", "stalling"):
            may_be = may_be | SLOWLY
        if line.kind == "forged":
            may_be = MAY_BE - {202} | {401}
        if line.status not in may_be:
            yield line, "its status"
        elif line.accepted and line.event == "-":
            yield line, "no id of the event"
        elif known and (line.accepted or line.status == 409) and \
                line.event != message.event_id_of(line.endpoint, line.own):
            yield line, "not the id of its event"


def taken_twice(lines):
    """Own id → the lines by which it was taken for new, where there are several.
    None of them is but what a cluster forgets while members come or go
    (docs/reference/cluster.md, What is done once)."""
    taken = collections.defaultdict(list)
    for line in lines:
        if line.own != "-" and line.status == 202:
            taken[line.own].append(line)
    return {own: each for own, each in taken.items() if len(each) > 1}


if __name__ == "__main__":
    sys.exit(process.main(__doc__, Program))
