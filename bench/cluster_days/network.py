"""A network namespace for each node, and one between them that has the server:
so links can be cut. Nothing of it outlives the stage.

Nodes reach the server, and each other, by networks of their own, of those that
are set aside for benchmarks (RFC 2544, appendix C.2.2). Their senders are in the
nodes' own namespaces.
"""

import ctypes
import os
import shutil
import subprocess

from staging.stage import LIBC, OTHER_CPU, await_true

CLONE_NEWNET = 0x40000000

SERVERS, PEERS = "servers", "peers"  # the bridges
NETWORKS = {SERVERS: "198.18.1", PEERS: "198.18.2"}
SERVER_ADDRESS = f"{NETWORKS[SERVERS]}.254"


def why_not():
    """Empty if there can be namespaces."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "there is no ip: install iproute2"
    done = subprocess.run(["unshare", "--net", "ip", "link", "add", "probe",
                           "type", "bridge"], capture_output=True, text=True)
    return done.stderr.strip()


def enter(path):
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(file, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {path}")
    finally:
        os.close(file)


class Namespace:
    """While it is entered, what this thread connects or starts is in there."""

    def __init__(self, stage, name):
        process = stage.start(f"namespace-{name}", "unshare", "--net", "sleep",
                              "infinity", cpu=OTHER_CPU)
        self.pid = process.pid
        self.path = f"/proc/{self.pid}/ns/net"
        self._outside = f"/proc/{os.getpid()}/ns/net"
        self._before = []
        await_true(f"namespace {name}", lambda: os.readlink(
            self.path) != os.readlink(self._outside))
        self.ip("link", "set", "lo", "up")

    def __enter__(self):
        self._before.append(os.open("/proc/thread-self/ns/net",
                                    os.O_RDONLY | os.O_CLOEXEC))
        enter(self.path)

    def __exit__(self, kind, error, trace):
        before = self._before.pop()
        enter(f"/proc/self/fd/{before}")
        os.close(before)

    def ip(self, *words):
        with self:
            subprocess.run(["ip", *map(str, words)], check=True)


class Network:
    def __init__(self, stage, names):
        self.middle = Namespace(stage, "middle")
        for bridge, network in NETWORKS.items():
            self.middle.ip("link", "add", bridge, "type", "bridge")
            self.middle.ip("address", "add", f"{network}.254/24", "dev", bridge)
            self.middle.ip("link", "set", bridge, "up")
        self.places = {name: Namespace(stage, name) for name in names}
        for number, (name, place) in enumerate(self.places.items(), 1):
            for bridge, network in NETWORKS.items():
                self._connect(name, place, bridge, f"{network}.{number}/24")

    def _connect(self, name, place, bridge, address):
        port = self._port(name, bridge)
        self.middle.ip("link", "add", port, "type", "veth",
                       "peer", "name", bridge, "netns", place.pid)
        self.middle.ip("link", "set", port, "master", bridge, "up")
        place.ip("address", "add", address, "dev", bridge)
        place.ip("link", "set", bridge, "up")

    def _port(self, name, bridge):
        return f"{bridge[0]}-{name}"

    def peer_address(self, name):
        return f"{NETWORKS[PEERS]}.{list(self.places).index(name) + 1}"

    def cut(self, name):
        """From all peers, without a word: what is sent is gone."""
        self.middle.ip("link", "set", self._port(name, PEERS), "nomaster")

    def heal(self, name):
        self.middle.ip("link", "set", self._port(name, PEERS), "master", PEERS)
