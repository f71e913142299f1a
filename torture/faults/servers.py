"""Servers that are down, slow, or answer what they should not: what a dev-server
does on purpose (devserver/README.md), with figures by chance."""

import json
import time

from faults.fault import Fault

EVENTS = "/api/events"


class OfServers(Fault):
    """Of the first server, which nodes have unless DNS says otherwise, or of
    both."""

    lasts = (4.0, 15.0)
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.servers = world.servers[:chance.choice([1, 1, len(world.servers)])]
        self.plan = self.take_figures(chance)

    def take_figures(self, chance):
        """What the dev-servers are told."""
        raise NotImplementedError

    def victims(self):
        return {"server"}

    def begin(self):
        for server in self.servers:
            server.fault(json.dumps(self.plan))

    def end(self):
        for server in self.servers:
            server.no_fault()

    def __str__(self):
        who = "all servers" if len(self.servers) > 1 else "the first server"
        return f"{self.name}, {who}: {self.figures()}"

    def figures(self):
        return ", ".join(f"{key} {value}" for key, value in self.plan.items())


class InBursts(OfServers):
    """So many requests suffer it, from time to time, and all between them are
    answered well."""

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._every = chance.uniform(0.2, 3.0)  # s

    def begin(self):
        super().begin()
        self._next = time.monotonic() + self._every

    def beat(self):
        if time.monotonic() >= self._next:
            self.begin()

    def figures(self):
        return f"{super().figures()}, every {self._every:.1f} s"


class Down(OfServers):
    """Killed, and for a while not there; and once more, for as long as it lasts."""

    name = "server down"

    def take_figures(self, chance):
        return {"down": chance.uniform(0.1, 8.0), "up": chance.uniform(0.5, 5.0)}

    def begin(self):
        self._is_up = True
        self._turn()

    def _turn(self):
        for server in self.servers:
            if self._is_up:
                server.kill()
            else:
                server.start()
        self._is_up = not self._is_up
        self._next = time.monotonic() + self.plan[
            "up" if self._is_up else "down"]

    def beat(self):
        if time.monotonic() >= self._next:
            self._turn()

    def end(self):
        if not self._is_up:
            self._turn()

    def figures(self):
        return ", ".join(f"{value:.1f} s {key}"
                         for key, value in self.plan.items())


class Slow(OfServers):
    name = "server slow"

    def take_figures(self, chance):
        least = chance.randint(1000, 4000)
        return {"latency_ms": {"min": least, "max": chance.randint(least, 8000)}}

    def figures(self):
        return "{min} to {max} ms".format(**self.plan["latency_ms"])


class TooManyRequests(OfServers):
    name = "server 429 with Retry-After"
    repeats = False

    def take_figures(self, chance):
        return {"statuses": [429] + [202] * chance.choice([0, 0, 1, 5]),
                "repeat": True, "path": EVENTS,
                "retry_after": chance.randint(1, 5)}

    def figures(self):
        return (f"1 of {len(self.plan['statuses'])}, "
                f"Retry-After: {self.plan['retry_after']}")


class FailureBursts(InBursts):
    name = "server 500 bursts"
    repeats = False

    def take_figures(self, chance):
        return {"statuses": chance.choices([500, 502, 503, 504],
                                           k=chance.randint(3, 60))}

    def figures(self):
        return f"{len(self.plan['statuses'])} × 50x, every {self._every:.1f} s"


class Refuses(OfServers):
    """Some of the events, for good: they become dead letters, where they had been
    acknowledged."""

    name = "server refuses for good"
    repeats = False
    holds_up = False
    letters = True

    def take_figures(self, chance):
        part = chance.uniform(0.02, 0.5)
        return {"statuses": [chance.choice([400, 422])
                             if chance.random() < part else 202
                             for _ in range(50)] + [400],
                "repeat": True, "path": EVENTS}

    def figures(self):
        statuses = self.plan["statuses"]
        refused = sum(status != 202 for status in statuses)
        return f"{refused} of {len(statuses)}"


class Resets(InBursts):
    name = "resets"

    def take_figures(self, chance):
        return {"drop": chance.choice(["before_reply", "on_accept"]),
                "count": chance.randint(1, 40)}


class AnswersCutShort(InBursts):
    name = "answers cut short"

    def take_figures(self, chance):
        return {"drop": chance.choice(["mid_body", "after_headers"]),
                "count": chance.randint(1, 40)}


class WrongLengths(InBursts):
    """One that is too long keeps a node waiting, one that is too short leaves
    bytes before the next answer."""

    name = "wrong lengths"

    def take_figures(self, chance):
        return {"wrong_content_length": chance.choice([-1, 1]) *
                chance.choice([1, 10, 100]),
                "count": chance.randint(1, 40)}


class Silent(InBursts):
    name = "silent server"
    letters = True  # who waits for one connection after the other has no more time

    def take_figures(self, chance):
        return {"silent": True, "count": chance.choice([1, 10, 100, 1000])}


ALL = [Down, Slow, TooManyRequests, FailureBursts, Refuses, Resets,
       AnswersCutShort, WrongLengths, Silent]
