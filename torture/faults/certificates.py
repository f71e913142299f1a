"""Nodes get other certificates while they run, of the same authority and of
another one, and links break meanwhile (docs/reference/cluster.md, "Who is a
member")."""

import shutil
import socket
import subprocess
import time

from faults.fault import Fault
from staging.stage import call
from world.authority import Authority

BEAT = 0.1  # s
SEEN = 12  # s: until files that have changed are read, unasked
LINKED = 15  # s: until links that broke are there again
FEWEST_DAYS, MOST_DAYS = 30, 80  # of a certificate; those of the start have 90


def why_no_breaking():
    """Empty if connections can be broken."""
    if not shutil.which("ss"):
        return "there is no ss: install iproute2"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), 5) as one:
            kill_connections([port])
            try:
                one.recv(1)
            except TimeoutError:
                return "the kernel does not let ss break connections"
            except ConnectionError:
                pass
    return ""


def kill_connections(ports):
    """Those of these ports, on either side."""
    which = " or ".join(f"sport = :{port} or dport = :{port}" for port in ports)
    subprocess.run(
        ["ss", "--kill", "--tcp", "--numeric", "--no-header", "state",
         "established", f"( {which} )"],
        stdout=subprocess.DEVNULL, check=True)


def cluster_port(node):
    address = node.table()[node.name]["address"]
    return int(address.rsplit(":", 1)[1])


def break_links(node, ports):
    """Every connection with a peer, at once: both sides are told."""
    with node.place:
        kill_connections(ports)


class Rotation(Fault):
    """A step now and then; what is left of them when the time is up, without
    waiting for more than it must. Nodes and network are left alone meanwhile,
    as all links have to be there at each step."""

    @staticmethod
    def why_not(world):
        return why_no_breaking()

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._steps = self._way()

    def victims(self):
        return {"network", *(node.name for node in self.world.nodes)}

    def begin(self):
        self._authority = Authority(self.world.stage, self.world.certificates,
                                    self.world.network.address)
        self._ports = [cluster_port(node) for node in self.world.nodes]
        self._ends = {}  # name → when its new certificate does
        next(self._steps)

    def beat(self):
        next(self._steps, None)

    def end(self):
        for _ in self._steps:
            time.sleep(BEAT)

    def _way(self):
        """Does a step, yields until the next beat, and so on."""
        raise NotImplementedError

    def _shuffled(self):
        return self.chance.sample(self.world.nodes, len(self.world.nodes))

    def _note_end(self, node):
        self._ends[node.name] = self._authority.ends(node.name)

    def _days(self):
        return self.chance.randrange(FEWEST_DAYS, MOST_DAYS)

    def _pause(self):
        """Some beats, in which links may break."""
        for _ in range(self.chance.randrange(1, 6)):
            if self.chance.random() < 0.2:
                break_links(self.chance.choice(self.world.nodes), self._ports)
            yield

    def _reload(self, node):
        """Its admin listener answers when that has been done."""
        with node.place:
            call("POST", f"{node.admin_url}/api/v1/reload")

    def _await(self, what, condition, seconds):
        """Between the beats."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds} s for {what}")
            yield

    def _shown(self):
        """Whether each node shows its new certificate."""
        return all(
            node.metrics().sum(
                "mfo_cluster_certificate_expiry_timestamp_seconds") ==
            self._ends[node.name] for node in self.world.nodes)

    def _all_show_theirs(self):
        return self._await("new certificates to be shown", self._shown, SEEN)

    def _linked(self):
        return all(node.sees_whole(len(self.world.nodes))
                   for node in self.world.nodes)

    def _all_links_anew(self):
        """None is left of before, and each can be made now."""
        for node in self.world.nodes:
            break_links(node, self._ports)
        yield from self._await("links between all nodes", self._linked, LINKED)


class SameAuthority(Rotation):
    """Each node gets another certificate, for the key that it has or another
    one. Some nodes are told, others find out."""

    name = "certificate rotation"

    def _way(self):
        for node in self._shuffled():
            if self.chance.random() < 0.5:
                self._authority.renew(node.name, self._days())
            else:
                self._authority.give_key(node.name, self._days())
            self._note_end(node)
            if self.chance.random() < 0.5:
                self._reload(node)
            yield from self._pause()
        yield from self._all_show_theirs()
        yield from self._all_links_anew()


class AnotherAuthority(Rotation):
    """The three rounds: it is trusted as well, it vouches for each node, and
    then the former one is trusted no more."""

    name = "new authority"
    lasts = (8.0, 16.0)

    def _reload_all(self):
        for node in self._shuffled():
            self._reload(node)
            yield from self._pause()

    def _way(self):
        self._authority.add_next()
        yield from self._reload_all()
        yield from self._all_links_anew()
        for node in self._shuffled():
            self._authority.give_key(node.name, self._days())
            self._note_end(node)
            self._reload(node)
            yield from self._pause()
        yield from self._all_show_theirs()
        yield from self._all_links_anew()
        self._authority.drop_former()
        yield from self._reload_all()
        yield from self._all_links_anew()


ALL = [SameAuthority, AnotherAuthority]
