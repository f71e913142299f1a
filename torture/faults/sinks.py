"""Sinks of dead letters that are killed, or full."""

from faults.fault import Fault


class OfSinks(Fault):
    # What becomes of a letter is nothing to the server.
    repeats = False
    lasts = (2.0, 12.0)


class RedisKilled(OfSinks):
    """Once, or as soon as it has been back for a moment: then a node has half a
    write at it each time."""

    name = "redis killed"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._back = chance.choice([0, 0.05, 0.2])  # of beats: killed, or back

    def victims(self):
        return {"redis"}

    def begin(self):
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

    def __str__(self):
        return f"{self.name}, again and again" if self._back else self.name


class RabbitMqKilled(OfSinks):
    """Once: it takes its time to start."""

    name = "RabbitMQ killed"

    def victims(self):
        return {"rabbitmq"}

    def begin(self):
        self.world.sinks.rabbitmq.kill()

    def end(self):
        self.world.sinks.rabbitmq.start()


class DiskFull(OfSinks):
    """Of one node, which writes its letters there first."""

    name = "disk full"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._node = chance.choice(world.nodes).name

    def victims(self):
        return {f"disk-{self._node}"}

    def begin(self):
        self.world.sinks.disks[self._node].fill()

    def end(self):
        self.world.sinks.disks[self._node].free()

    def __str__(self):
        return f"{self.name} of {self._node}"


class AllSinksGone(OfSinks):
    """Of all nodes: what they have to keep, they must keep themselves."""

    name = "all sinks gone"

    def victims(self):
        return {"redis", "rabbitmq",
                *(f"disk-{node.name}" for node in self.world.nodes)}

    def begin(self):
        sinks = self.world.sinks
        sinks.redis.kill()
        sinks.rabbitmq.kill()
        for disk in sinks.disks.values():
            disk.fill()

    def end(self):
        sinks = self.world.sinks
        for disk in sinks.disks.values():
            disk.free()
        sinks.redis.start()
        sinks.rabbitmq.start()


ALL = [RedisKilled, RabbitMqKilled, DiskFull, AllSinksGone]
