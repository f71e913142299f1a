"""Hosts, each in a network namespace of its own, and a network between them
that does harm when it is told to. Nothing of it outlives the stage.

The hosts reach each other by addresses of 198.18.0.0/15 alone, which is set aside
for benchmarks (RFC 2544, appendix C.2.2); torture-wire carries what they send
(docs/adr/0029-wire.md).
"""

import collections
import json
import os
import select
import shutil
import subprocess

from cluster_days.network import Namespace
from staging.stage import BUILD, OTHER_CPU

WIRE = BUILD / "torture-wire"
NETWORK = "198.18.0"
PATIENCE = 20  # s, for an answer of the wire


def why_not():
    """Empty if there can be such a network."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "there is no ip: install iproute2"
    # All of it at once: the namespace, the device and the module of the kernel.
    done = subprocess.run(["unshare", "--net", "ip", "tuntap", "add", "probe",
                           "mode", "tun"], capture_output=True, text=True)
    return done.stderr.strip()


class Network:
    """`names` are those of its hosts. Of one thread at a time."""

    def __init__(self, stage, names, seed=1):
        self.hosts = list(names)
        self._places = {name: Namespace(stage, name) for name in self.hosts}
        described = []
        for name, place in self._places.items():
            described += ["--host", name, f"/proc/{place.pid}/ns/net",
                          self.address(name)]
        # Before others: a network doesn't wait until a host is less busy.
        self.wire = stage.start(
            "wire", "nice", "-n", "-10", WIRE, "--seed", seed, *described,
            cpu=OTHER_CPU, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if (said := self._answer()) != "ready":
            raise RuntimeError(f"torture-wire: {said}")

    def address(self, name):
        return f"{NETWORK}.{self.hosts.index(name) + 1}"

    def place(self, name):
        return self._places[name]

    def rule(self, origin, to, loss=0.0, delay=(0, 0)):
        """Of all packets from one host to another, in place of what befell them
        before. `loss`: a probability; `delay`: ms, at least and at most."""
        self._tell(f"rule {origin} {to} loss {loss} "
                   f"delay {delay[0]} {delay[1]}")

    def cut(self, origin, to):
        """In this direction: what is sent is gone, without a word."""
        self._tell(f"cut {origin} {to}")

    def heal(self):
        """All of it, at once."""
        self._tell("heal")

    def stats(self):
        """A map for each two hosts, `from` and `to`: packets that were
        `forwarded`, `lost` by chance, `cut`, and those for which there was no
        room (`overflow`)."""
        return json.loads(self._tell("stats"))

    def totals(self):
        """The same of all hosts."""
        sums = collections.Counter()
        for link in self.stats():
            sums.update({what: count for what, count in link.items()
                         if what not in ("from", "to")})
        return dict(sums)

    def _tell(self, line):
        self.wire.stdin.write(f"{line}\n".encode())
        self.wire.stdin.flush()
        verdict, _, rest = self._answer().partition(" ")
        if verdict != "ok":
            raise RuntimeError(f"torture-wire: {line}: {rest}")
        return rest

    def _answer(self):
        # One for each line, so none is in the file's buffer.
        if not select.select([self.wire.stdout], [], [], PATIENCE)[0]:
            raise TimeoutError(f"torture-wire said nothing for {PATIENCE} s")
        line = self.wire.stdout.readline()
        if not line:
            raise RuntimeError("torture-wire has ended")
        return line.decode().rstrip("\n")
