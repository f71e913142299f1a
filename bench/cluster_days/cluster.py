"""Nodes that are peers: a CA and certificates of their own, a table of members in
each, and what may be waited for."""

import dataclasses
import json
import time

from staging.programs import Node
from staging.stage import HERE, NODE, await_true

# Of the failure detector, as the nodes are told.
DEAD_AFTER = 5  # s
# Of an event that is on a node that is lost, until it is at the server again.
FAILOVER = DEAD_AFTER + 1  # s
# Events that are under way at each moment, here and at peers.
UNDER_WAY = 40
# Calls that a node makes at a time.
IN_FLIGHT = 64
# Events that wait on a node before one goes to a peer for that alone.
FEW = 16  # unless it is told
NONE = 0  # so that much is under way between nodes

ALL_ROLES = "intake, runner, connector"
CALLERS = "runner, connector"


@dataclasses.dataclass(frozen=True)
class Plan:
    """What one node is."""
    name: str
    roles: str = ALL_ROLES
    host: str = "127.0.0.1"  # where peers reach it
    place: object = HERE


def three():
    return [Plan(name) for name in ("node-a", "node-b", "node-c")]


def take_time(stage, server):
    """The server does, so that events are always under way."""
    longest = min(400, 2 * UNDER_WAY / stage.rate * 1000)
    server.fault(f'''{{"path": "/api",
                      "latency_ms": {{"min": 0, "max": {longest:.0f}}}}}''')


def issue_certificates(stage, plans):
    """The folder: ca.crt, and NAME.crt and NAME.key for each. All clusters of a
    stage have one authority."""
    folder = stage.folder / "certificates"
    commands = [("issue", plan.name, "--san", plan.host) for plan in plans
                if not (folder / f"{plan.name}.crt").exists()]
    if not folder.exists():
        folder.mkdir()
        commands.insert(0, ("init-ca", "--cluster", "bench"))
    for command in commands:
        done = stage.run(NODE, "cluster", *command, "--folder", folder)
        if done.returncode != 0:
            raise RuntimeError(f"cluster {command[0]}: {done.stderr}")
    return folder


def endpoint(ack, more=""):
    """At /ACK."""
    return f"""
  - id: {ack}
    path: /{ack}
    ack: {ack}
    timeout: 20s
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
    {more}"""


def settings(stage, server, endpoints, name, more=""):
    """Of a node, alone or, with what a cluster says in `more`, of one."""
    return f"""
node_name: {name}
servers:
  default: {{url: {server.url}, max_in_flight: {IN_FLIGHT}}}
limits:
  max_connections: 8192
  max_connections_per_address: 8192
  max_in_flight: 16384
  max_bytes_in_flight: 1GiB
trusted_proxies: [127.0.0.1/32]
dead_letters:
  - {{name: disk, type: file, path: {stage.folder}/letters-{name}}}
endpoints:{"".join(endpoints)}
{more}"""


def membership(plan, port, seeds, certificates, threshold):
    """The section of a configuration."""
    return f"""cluster:
  name: bench
  listen: {plan.host}:{port}
  seeds: [{", ".join(seeds)}]
  roles: [{plan.roles}]
  dead_after: {DEAD_AFTER}s
  local_threshold: {threshold}
  tls:
    certificate: {certificates}/{plan.name}.crt
    key: {certificates}/{plan.name}.key
    ca: {certificates}/ca.crt
"""


class Member(Node):
    def table(self):
        """Name → member, as this node sees them."""
        members = json.loads(self.admin("/api/v1/cluster"))["members"]
        return {member["name"]: member for member in members}

    def sees(self):
        """What must be equal on all nodes in the end."""
        return sorted((name, each["state"], each["incarnation"])
                      for name, each in self.table().items())

    def sees_whole(self, count):
        """So many members, all alive, each with a link."""
        table = self.table()
        return len(table) == count and all(
            each["state"] == "alive" and (each["self"] or each["linked"])
            for each in table.values())

    def has_link(self):
        return any(each["linked"] for each in self.table().values()
                   if not each["self"])

    def incarnation(self):
        return self.table()[self.name]["incarnation"]


class Cluster:
    """Its nodes are up and know each other. `threshold`: events that wait on a
    node before it gives one to a peer for that alone."""

    def __init__(self, stage, server, endpoints, plans, threshold=NONE):
        certificates = issue_certificates(stage, plans)
        ports = [stage.port() for _ in plans]
        seeds = [f"{plan.host}:{port}" for plan, port in zip(plans, ports)]
        self.nodes = [
            Member(stage, settings(stage, server, endpoints, plan.name,
                                   membership(plan, port, seeds, certificates,
                                              threshold)),
                   plan.name, log="warn", place=plan.place)
            for plan, port in zip(plans, ports)]
        self.await_whole()

    def __iter__(self):
        return iter(self.nodes)

    def __getitem__(self, index):
        return self.nodes[index]

    def is_whole(self):
        return (all(node.sees_whole(len(self.nodes)) for node in self.nodes) and
                all(node.sees() == self.nodes[0].sees() for node in self.nodes))

    def await_whole(self, seconds=30):
        """Until all tables are equal and hold all nodes, alive and linked; the
        seconds it took."""
        began = time.monotonic()
        await_true("all nodes to see each other", self.is_whole, seconds)
        return time.monotonic() - began

    def await_empty(self, seconds=60):
        for node in self.nodes:
            await_true(f"{node.name} to be empty",
                       lambda: not node.in_flight(), seconds)

    def letters(self):
        return [letter for node in self.nodes for letter in node.letters()]

    def stop(self):
        """The exit statuses."""
        return [node.stop() for node in self.nodes]


def why_refused(stage, ack):
    """Empty if nodes of this version know the acknowledgement."""
    config = stage.folder / f"check-{ack}.yaml"
    config.write_text("server_url: http://127.0.0.1:1\nendpoints:" +
                      endpoint(ack) + "\ndead_letters:\n"
                      f"  - {{name: disk, type: file, path: {config}.letters}}\n"
                      "cluster: {name: bench, tls: off}\n")
    done = stage.run(NODE, "check", "--config", config)
    if done.returncode == 0:
        return ""
    told = [line for line in done.stderr.splitlines() if ".ack:" in line]
    if not told:
        raise RuntimeError(f"check: {done.stderr}")
    return told[0].removeprefix(f"{config}:")
