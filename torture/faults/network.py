"""What goes wrong between hosts: packets are lost, late, or cut off.

None of these overlaps another of them, since what one has a link do the other
would undo. All else may go wrong meanwhile, but to nodes that are cut off.
"""

import itertools
import time

from faults.fault import Fault

SERVERS = ("server", "server-2")
DELAY = (100, 300)  # ms
LOSS = 0.05
LONG = (8.0, 20.0)  # s: a node that is silent for 5 s is taken for dead
FLAP = (0.7, 1.5)  # s, between two changes


def both_ways(some, others):
    return [pair for one, other in itertools.product(some, others)
            for pair in ((one, other), (other, one))]


def between(hosts):
    return list(itertools.permutations(hosts, 2))


def in_words(hosts):
    """Such as "node-a and node-b"."""
    *before, last = hosts
    return f"{', '.join(before)} and {last}" if before else last


class NetworkFault(Fault):
    """`links` are those that it harms, pairs of names; after it, nothing befalls
    what is sent there. Nodes that are cut off from somebody are its victims, and
    so is the network."""

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.network = world.network
        self.nodes = [node.name for node in world.nodes]
        self.servers = [host for host in SERVERS if host in self.network.hosts]
        self.links = []
        self.cut_off = set()

    def victims(self):
        return {"network"} | self.cut_off

    def harm(self, origin, to):
        self.network.cut(origin, to)

    def begin(self):
        for link in self.links:
            self.harm(*link)

    def end(self):
        for link in self.links:
            self.network.rule(*link)

    def some_nodes(self, most):
        """At least one, in the order of the world."""
        chosen = self.chance.sample(self.nodes, self.chance.randint(1, most))
        return [name for name in self.nodes if name in chosen]


class Partition(NetworkFault):
    """All nodes still reach the server, the sinks and the DNS server."""

    name = "partition"
    lasts = LONG

    @staticmethod
    def why_not(world):
        return "" if len(world.nodes) > 1 else "there is one node alone"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.side = self.some_nodes(len(self.nodes) - 1)
        self.rest = [name for name in self.nodes if name not in self.side]
        self.links = both_ways(self.side, self.rest)
        self.cut_off = set(self.side)

    def __str__(self):
        return (f"{in_words(self.side)} cut off from {in_words(self.rest)}, "
                "and not from the server")


class CutOffFromServer(NetworkFault):
    name = "cut off from the server"
    lasts = LONG
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.side = self.some_nodes(len(self.nodes))
        self.links = both_ways(self.side, self.servers)
        self.cut_off = set(self.side)

    def __str__(self):
        return (f"{in_words(self.side)} cut off from the server, "
                "and not from each other")


class OneWayLoss(NetworkFault):
    """What the other sends still comes: so does each question, but no answer."""

    name = "one-way loss"
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.links = [chance.choice(
            between(self.nodes) + both_ways(self.nodes, self.servers))]
        # All, in half of the cases.
        self.loss = chance.choice((1.0, round(chance.uniform(0.2, 0.8), 2)))
        if self.loss == 1.0:
            self.cut_off = {host for host in self.links[0]
                            if host in self.nodes}

    def __str__(self):
        (origin, to), = self.links
        return f"{self.loss:.0%} of the packets from {origin} to {to} lost"

    def harm(self, origin, to):
        self.network.rule(origin, to, loss=self.loss)


class Delay(NetworkFault):
    name = "delay 200 ms ± 100 ms"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(self.nodes)
        peers = [name for name in self.nodes if name != self.node]
        ways = {"its peers": peers, "the server": self.servers,
                "its peers and the server": peers + self.servers}
        self.whom, others = chance.choice(
            [way for way in ways.items() if way[1]])
        self.links = both_ways([self.node], others)

    def __str__(self):
        return (f"packets between {self.node} and {self.whom} take "
                f"{DELAY[0]} to {DELAY[1]} ms, either way")

    def harm(self, origin, to):
        self.network.rule(origin, to, delay=DELAY)


class Loss(NetworkFault):
    name = "5 % loss"
    holds_up = True
    harms_sinks = True  # they are hosts, too

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.links = between(self.network.hosts)

    def __str__(self):
        return f"{LOSS:.0%} of all packets between any two hosts lost"

    def harm(self, origin, to):
        self.network.rule(origin, to, loss=LOSS)


class Flapping(NetworkFault):
    """Each cut is too short for the failure detector; all of them are many."""

    name = "flapping"
    lasts = LONG
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(self.nodes)
        peers = [name for name in self.nodes if name != self.node]
        self.whom, others = chance.choice(
            [way for way in (("its peers", peers), ("the server", self.servers))
             if way[1]])
        self.links = both_ways([self.node], others)
        self.cut_off = {self.node}
        self._is_cut = False
        self._next = 0.0

    def __str__(self):
        return (f"{self.node} cut off from {self.whom}, and not, by turns of "
                "about a second")

    def begin(self):
        self._turn()

    def beat(self):
        if time.monotonic() >= self._next:
            self._turn()

    def _turn(self):
        self._is_cut = not self._is_cut
        if self._is_cut:
            super().begin()
        else:
            super().end()
        self._next = time.monotonic() + self.chance.uniform(*FLAP)


ALL = (Partition, CutOffFromServer, OneWayLoss, Delay, Loss, Flapping)
