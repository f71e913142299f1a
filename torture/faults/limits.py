"""A node that gets less of the machine than it needs."""

import socket

from faults.fault import Fault
from staging.stage import await_true
from world.limits import (allow_address_space, allow_descriptors,
                          leave_address_space, leave_descriptors)

KIB, MIB = 2**10, 2**20
MOST_WAITING = 20
LET_IN = 10  # s: who has waited for a descriptor, once there is one


class Starved(Fault):
    """One node, taken by chance."""

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(world.nodes)

    def victims(self):
        return {self.node.name}

    def __str__(self):
        return f"{self.name} for {self.node.name}"


class FewDescriptors(Starved):
    """As where LimitNOFILE is what a shell has, and more connects than that.
    Who comes meanwhile waits, and is let in once there are descriptors
    again."""

    name = "few descriptors"
    repeats = False
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._more = chance.choice((0, 1, 2, 5, 20))

    def begin(self):
        # Whoever asks it anything may wait for as long as this lasts.
        self.world.journal.note("stands", self.node.name)
        self._waiting = []
        self._before = leave_descriptors(self.node.pid, self._more)
        self._knock(self.node.admin_port)

    def beat(self):
        if len(self._waiting) < MOST_WAITING:
            self._knock(self.node.port)

    def _knock(self, port):
        """The kernel takes a connection, whatever the node has."""
        with self.node.place:
            one = socket.create_connection(("127.0.0.1", port), LET_IN)
        one.sendall(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n"
                    b"Connection: close\r\n\r\n")
        self._waiting.append(one)

    def end(self):
        allow_descriptors(self.node.pid, self._before)
        for one in self._waiting:
            self._await_answer(one)
        self.node.await_ready()
        self.world.journal.note("goes on", self.node.name)

    def _await_answer(self, one):
        with one:
            try:
                one.recv(1)
            except TimeoutError:
                raise TimeoutError(
                    f"{self.node.name} has descriptors again, and does not let "
                    f"in who waits at {one.getpeername()[1]}") from None

    def __str__(self):
        return f"{super().__str__()}, {self._more} more than it has"


class LittleCpu(Starved):
    """As under a quota, or beside neighbours that take it all: it is slow for a
    while, then as good as dead, and others may do what it had."""

    name = "little CPU"
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._share = chance.choice((0.05, 0.1, 0.2))

    @staticmethod
    def why_not(world):
        return world.limits.why_not("cpu")

    def begin(self):
        self.world.journal.note("stands", self.node.name)
        self._group = self.world.limits.cpu(self.node.name, self._share)
        self._group.put(self.node.pid)

    def end(self):
        self._group.remove()
        self.node.await_ready()
        self.world.journal.note("goes on", self.node.name)

    def __str__(self):
        return f"{super().__str__()}, {self._share:.0%} of a core"


class LittleMemory(Starved):
    """As under MemoryMax of a unit, or in a container: the kernel kills it when
    it has had what it may have."""

    name = "little memory"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        # What it has stays where it was, and it goes on with that as long as it
        # can: only little more is soon too little.
        self._more = chance.choice((64, 256, 1024, 4096)) * KIB

    @staticmethod
    def why_not(world):
        return world.limits.why_not("memory")

    def begin(self):
        self._killed = False
        self._group = self.world.limits.memory(self.node.name, self._more)
        self._group.put(self.node.pid)

    def beat(self):
        if not self._killed and self._group.kills():
            self._killed = True
            self.world.journal.note("killed", self.node.name)

    def end(self):
        self.beat()
        if self._killed:
            await_true(f"{self.node.name} to be gone",
                       lambda: not self.node.runs())
        self._group.remove()
        if self._killed:
            self.world.start(self.node)

    def __str__(self):
        return f"{super().__str__()}, {self._more // KIB} KiB more than it has"


class LittleAddressSpace(Starved):
    """As under `ulimit -v`: it ends itself when it cannot have what it needs."""

    name = "little address space"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._more = chance.choice((0, 1, 4, 16)) * MIB

    def begin(self):
        self._ended = False
        self._before = leave_address_space(self.node.pid, self._more)

    def beat(self):
        if not self._ended and not self.node.runs():
            self._ended = True
            self.world.journal.note("ran out", self.node.name)

    def end(self):
        self.beat()
        if self._ended:
            self.world.start(self.node)
        else:
            allow_address_space(self.node.pid, self._before)

    def __str__(self):
        return f"{super().__str__()}, {self._more // MIB} MiB more than it has"


ALL = [FewDescriptors, LittleCpu, LittleMemory, LittleAddressSpace]
