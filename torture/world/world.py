"""All that stands in the field, and stops with it."""

import contextlib
import itertools

from cluster_days.cluster import Member, Plan, issue_certificates
from staging.programs import Server
from staging.stage import await_true
from world import configuration, names, network, sinks
from world.clocks import Clock
from world.journal import Journal
from world.limits import Limits
from world.names import DnsServer
from world.network import Network
from world.sinks import Sinks

NODES = ["node-a", "node-b", "node-c", "node-d"]
# Hosts of the network that are no nodes.
SERVERS = ["server", "server-2"]
SINKS, NAMES = "sinks", "names"
# The one whose clock can be stepped.
OF_CLOCK = NODES[1]
# Events that wait on a node before one goes to a peer for that alone: half of them
# give away nearly all.
THRESHOLDS = itertools.cycle((0, 16))
BOTH = "0-1"  # cores: everybody has all of them

READY = 40  # s
WHOLE = 40  # s: until all know each other again, whatever happened
EMPTY = 90  # s: until all that was acknowledged is somewhere


def why_not():
    """Why there can be no world here; or empty."""
    return network.why_not() or names.why_not() or sinks.why_not()


class World:
    def __init__(self, stage, seed):
        self.stage = stage
        self._seed = seed
        self.journal = Journal()
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._build(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind, error, trace):
        return self._stack.__exit__(kind, error, trace)

    def _build(self, stack):
        stage = self.stage
        self.network = Network(stage, [*NODES, *SERVERS, SINKS, NAMES],
                               self._seed)
        place, address = self.network.place, self.network.address
        self.names = DnsServer(stage, address(NAMES), place(NAMES))
        self.server_port = stage.port()
        self.servers = [Server(stage, name, address(name), place(name),
                               self.server_port) for name in SERVERS]
        self.names.point(configuration.SERVER_NAME, address(SERVERS[0]))
        self.sinks = stack.enter_context(
            Sinks(stage, address(SINKS), place(SINKS), NODES))
        self.limits = stack.enter_context(Limits())
        self.clocks = {OF_CLOCK: Clock(stage, OF_CLOCK)}
        self.certificates = issue_certificates(
            stage, [Plan(name, host=address(name)) for name in NODES])
        workflow = stage.folder / "flow.yaml"
        workflow.write_text(configuration.FLOW)
        ports = {name: stage.port() for name in NODES}
        seeds = [f"{address(name)}:{port}" for name, port in ports.items()]
        self.nodes = [self._node(name, ports[name], seeds, workflow)
                      for name in NODES]
        self.await_whole()

    def _node(self, name, port, seeds, workflow):
        text = (configuration.settings(name, self.stage.rate, self.server_port,
                                       workflow) +
                self.sinks.settings(name) + configuration.membership(
                    name, self.network.address(name), port, seeds,
                    self.certificates, next(THRESHOLDS)))
        clock = self.clocks.get(name)
        return Member(self.stage, text, name, log="warn", cpu=BOTH,
                      place=self.network.place(name),
                      wrap=[*self.names.wrap, *(clock.wrap if clock else [])])

    def node(self, name):
        return next(node for node in self.nodes if node.name == name)

    def start(self, *nodes):
        """Anew, until they serve, and have a peer to hold copies."""
        for node in nodes:
            self.journal.note("gone", node.name, node.exit_status())
            self.journal.note("launched", node.name)
            node.launch()
        for node in nodes:
            node.await_ready(READY)
        for node in nodes:
            await_true(f"{node.name} to have a link", node.has_link, READY)
            self.journal.note("ready", node.name)

    def fell(self):
        """Nodes that have ended, and nobody ended them."""
        return [node for node in self.nodes
                if not node.runs() and not self.journal.is_down(node.name)]

    def is_whole(self):
        return (all(node.sees_whole(len(self.nodes)) for node in self.nodes) and
                all(node.sees() == self.nodes[0].sees() for node in self.nodes))

    def await_whole(self, seconds=WHOLE):
        await_true("all nodes to see each other", self.is_whole, seconds)

    def await_empty(self, seconds=EMPTY):
        for node in self.nodes:
            await_true(f"{node.name} to be empty",
                       lambda: not node.in_flight(), seconds, pause=0.2)

    def stop(self):
        """All nodes, one after the other; name → exit status."""
        return {node.name: node.stop() for node in self.nodes}
