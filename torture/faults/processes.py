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


class Terminate(OfNode):
    """As a rolling restart does it."""

    name = "SIGTERM"
    lasts = (2.0, 8.0)

    def begin(self):
        self.world.journal.note("ended", self.node.name)
        self._told = time.monotonic()
        self.node.signal(signal.SIGTERM)

    def end(self):
        while self.node.runs():
            if time.monotonic() - self._told > STOP:
                raise TimeoutError(f"{self.node.name} does not end")
            time.sleep(0.05)
        self.world.start(self.node)


class TerminateThenKill(OfNode):
    """Whoever restarts nodes has no patience."""

    name = "SIGTERM, then kill -9"
    lasts = (0.05, 2.0)

    def begin(self):
        self.world.journal.note("ended", self.node.name)
        self.node.signal(signal.SIGTERM)

    def end(self):
        if self.node.runs():
            self.world.journal.note("killed", self.node.name)
            self.node.kill()
        self.world.start(self.node)


class StandStill(OfNode):
    """Its connections stay open, and it answers nobody."""

    name = "SIGSTOP"
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


ALL = [Kill, KillTwo, Terminate, TerminateThenKill, StandStill, StopAndGo]
