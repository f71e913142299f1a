"""Nodes that end, are killed, or stand still."""

import signal
import time

from faults.fault import Fault

READY = 30  # s: the longest from a start until a node serves
# The longest that stopping a node may take, as its configuration has it.
STOP = 20


class OfNode(Fault):
    """Of one node, taken by chance."""

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(world.nodes)

    def victims(self):
        return {self.node.name}

    def __str__(self):
        return f"{self.name} of {self.node.name}"


class Kill(OfNode):
    name = "kill -9"
    lasts = (0.5, 8.0)

    def begin(self):
        # Noted before: what it answers from now on is as good as lost.
        self.world.journal.note("killed", self.node.name)
        self.node.kill()

    def end(self):
        self.world.start(self.node)


class KillTwo(Fault):
    """At the same moment: what only these two held is lost."""

    name = "kill -9 of two"
    lasts = (0.5, 8.0)

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.nodes = chance.sample(world.nodes, 2)

    def victims(self):
        return {node.name for node in self.nodes}

    def begin(self):
        for node in self.nodes:
            self.world.journal.note("killed", node.name)
            node.kill()

    def end(self):
        for node in self.nodes:
            self.world.start(node)

    def __str__(self):
        return f"kill -9 of {' and '.join(node.name for node in self.nodes)}"


def tell_to_end(world, nodes):
    """Gives the moment."""
    for node in nodes:
        world.journal.note("ended", node.name)
    for node in nodes:
        node.signal(signal.SIGTERM)
    return time.monotonic()


def await_end(nodes, told):
    while running := [node.name for node in nodes if node.runs()]:
        if time.monotonic() - told > STOP:
            raise TimeoutError(f"{' and '.join(running)} do not end")
        time.sleep(0.05)


class Terminate(OfNode):
    """As a rolling restart does it."""

    name = "SIGTERM"
    ends_nodes = True
    lasts = (2.0, 8.0)

    def begin(self):
        self._told = tell_to_end(self.world, [self.node])

    def end(self):
        await_end([self.node], self._told)
        self.world.start(self.node)


class TerminateAll(Fault):
    """As whoever shuts all of it down does, at the same moment, so that nobody is
    there to hand anything to; half of the time the servers went down before, so
    that what the nodes have must go to a sink."""

    name = "SIGTERM of all"
    ends_nodes = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._servers = world.servers if chance.random() < 0.5 else []
        self.holds_up = bool(self._servers)
        self._after = chance.uniform(0, self.lasts[0]) if self._servers else 0

    def victims(self):
        names = {node.name for node in self.world.nodes}
        return names | {"server"} if self._servers else names

    def begin(self):
        for server in self._servers:
            server.kill()
        self._due = time.monotonic() + self._after
        self._told = None
        self.beat()

    def beat(self):
        if not self._told and time.monotonic() >= self._due:
            self._told = tell_to_end(self.world, self.world.nodes)

    def end(self):
        self._due = 0
        self.beat()
        await_end(self.world.nodes, self._told)
        for server in self._servers:
            server.start()
        self.world.start(*self.world.nodes)

    def __str__(self):
        return self.name + (f", {self._after:.1f} s after servers went down"
                            if self._servers else "")


class TerminateThenKill(OfNode):
    """Whoever restarts nodes has no patience."""

    name = "SIGTERM, then kill -9"
    ends_nodes = True
    lasts = (0.05, 2.0)

    def begin(self):
        tell_to_end(self.world, [self.node])

    def end(self):
        if self.node.runs():
            self.world.journal.note("killed", self.node.name)
            self.node.kill()
        self.world.start(self.node)


class StandStill(OfNode):
    """Its connections stay open, and it answers nobody."""

    name = "SIGSTOP"
    holds_up = True
    lasts = (1.0, 20.0)

    def begin(self):
        self.world.journal.note("stands", self.node.name)
        self.node.signal(signal.SIGSTOP)

    def end(self):
        self.node.signal(signal.SIGCONT)
        self.world.journal.note("goes on", self.node.name)


class StopAndGo(OfNode):
    """Now it runs, now it does not."""

    name = "SIGSTOP, again and again"
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._stands = False

    def begin(self):
        self.world.journal.note("stands", self.node.name)

    def beat(self):
        if self.chance.random() < 0.3:
            self._stands = not self._stands
            self.node.signal(signal.SIGSTOP if self._stands else
                             signal.SIGCONT)

    def end(self):
        self.node.signal(signal.SIGCONT)
        self.world.journal.note("goes on", self.node.name)


ALL = [Kill, KillTwo, Terminate, TerminateAll, TerminateThenKill, StandStill,
       StopAndGo]
