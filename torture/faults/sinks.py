"""Sinks of dead letters that are killed, or full."""

import time

from faults.fault import Fault
from faults.servers import Refuses


class OfSinks(Fault):
    """A sink matters where there are letters: mostly, servers refuse a part of the
    events for good meanwhile. And a letter goes to the first sink that takes it, so
    the others matter where those before them do not: mostly, disks are full."""

    # What becomes of a letter is nothing to the server.
    repeats = False
    harms_sinks = True
    lasts = (2.0, 12.0)

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._refusal = chance.choice([Refuses(world, chance)] * 3 + [None])
        self.letters = bool(self._refusal)
        self._full = []  # the nodes of these disks

    def victims(self):
        return (self._harmed() | {f"disk-{name}" for name in self._full} |
                (self._refusal.victims() if self._refusal else set()))

    def _harmed(self):
        """Beside disks and servers."""
        return set()

    def begin(self):
        if self._refusal:
            self._refusal.begin()
        for name in self._full:
            self.world.sinks.disks[name].fill()

    def end(self):
        for name in self._full:
            self.world.sinks.disks[name].free()
        if self._refusal:
            self._refusal.end()

    def figures(self):
        """Words, some of them empty."""
        return []

    def __str__(self):
        return ", ".join(each for each in (
            self.name, *self.figures(), self._refusal and
            f"{self._refusal.figures()} events refused") if each)


class OfServersOfSinks(OfSinks):
    """Of those that come after the disks."""

    def __init__(self, world, chance):
        super().__init__(world, chance)
        if chance.choice([True, True, True, False]):
            self._full = [node.name for node in world.nodes]

    def figures(self):
        return [self._full and "all disks full"]


class RedisKilled(OfServersOfSinks):
    """Once, or as soon as it has been back for a moment: then a node has half a
    write at it each time."""

    name = "redis killed"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._back = chance.choice([0, 0.05, 0.2])  # of beats: killed, or back

    def _harmed(self):
        return {"redis"}

    def begin(self):
        super().begin()
        self.world.sinks.redis.kill()

    def beat(self):
        redis = self.world.sinks.redis
        if self.chance.random() >= self._back:
            return
        if redis.runs():
            redis.kill()
        else:
            redis.start()

    def end(self):
        if not self.world.sinks.redis.runs():
            self.world.sinks.redis.start()
        super().end()

    def figures(self):
        return [self._back and "again and again", *super().figures()]


class RabbitMqKilled(OfServersOfSinks):
    """Once: it takes its time to start."""

    name = "RabbitMQ killed"

    def _harmed(self):
        return {"rabbitmq"}

    def begin(self):
        super().begin()
        self.world.sinks.rabbitmq.kill()

    def end(self):
        self.world.sinks.rabbitmq.start()
        super().end()


class DiskFull(OfSinks):
    """Of one node, which writes its letters there first."""

    name = "disk full"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._full = [chance.choice(world.nodes).name]

    def figures(self):
        return [f"of {self._full[0]}"]


class AllSinksGone(OfSinks):
    """Of all nodes, one sink after the other, so that each is in the middle of
    something. What has no sink any more, nodes must keep themselves."""

    name = "all sinks gone"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._full = [node.name for node in world.nodes]
        self._pause = chance.choice([0, chance.uniform(0.2, 1.5)])  # s

    def _harmed(self):
        return {"redis", "rabbitmq"}

    def begin(self):
        super().begin()
        self._left = [self.world.sinks.redis, self.world.sinks.rabbitmq]
        self._next = time.monotonic() + self._pause
        self.beat()

    def beat(self):
        while self._left and time.monotonic() >= self._next:
            self._next += self._pause
            self._left.pop(0).kill()

    def end(self):
        for each in (self.world.sinks.redis, self.world.sinks.rabbitmq):
            if not each.runs():
                each.start()
        super().end()

    def figures(self):
        return [self._pause and f"one each {self._pause:.1f} s"]


ALL = [RedisKilled, RabbitMqKilled, DiskFull, AllSinksGone]
