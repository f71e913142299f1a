"""Nodes that do everything: up, killed, failing, more, restarted, down."""

import contextlib
import os
import pathlib
import signal

from trial.cluster import ask, await_true, docker
from trial.events import (await_all, check_delivery, forget, new_sender,
                          send_and_check, while_sending)

NODES = 3


def comes_up(cluster, report):
    cluster.compose("up", "--detach", "--no-build")
    cluster.await_health(seconds=120)
    nodes = cluster.containers("node")
    cluster.await_members(nodes, seconds=60)
    report.check(f"comes up, with {NODES} nodes that know each other",
                 len(nodes) == NODES)


def is_hardened(cluster, report):
    """What runs, and what has run."""
    def complaints(each):
        host = each["HostConfig"]
        if each["Config"]["User"] in ("", "root", "0"):
            yield "is root"
        if not host["ReadonlyRootfs"]:
            yield "can write to its root"
        if host["CapDrop"] != ["ALL"] or host["CapAdd"]:
            yield "has capabilities"
        if "no-new-privileges:true" not in (host["SecurityOpt"] or []):
            yield "can gain privileges"
        if not host["Memory"] or not host["PidsLimit"]:
            yield "has no bounds"
        if host["RestartPolicy"]["Name"] in ("", "no"):
            yield "stays down"
        if each["State"]["Status"] == "running" and not each["Config"].get("Healthcheck"):
            yield "has no health check"

    found = [f"{each['Name']} {what}" for each in cluster.described()
             for what in complaints(each)]
    report.check("runs with no rights, and within bounds", not found, "; ".join(found))


def await_share(cluster, nodes):
    """Prometheus sees all the nodes, and each has taken events in."""
    def shared():
        up = cluster.query('sum(up{job="mfo-node"})')
        took = cluster.query("sum by (instance) (mfo_events_received_total"
                             '{endpoint="webhook"}) > 0')
        return up == [nodes] and len(took) == nodes
    await_true(f"all {nodes} nodes to take part", shared, seconds=60)


def delivers(cluster, report):
    for path, what in (("/webhook", "delivers"),
                       ("/safe", "delivers what other nodes hold copies of"),
                       ("/hooks/shout", "runs a taskflow")):
        sender = send_and_check(cluster, report, what, path)
        report.check("no try got an error", not sender.troubles)
    await_share(cluster, NODES)
    report.check(f"Prometheus sees {NODES} nodes, and each takes events", True)


def survives_the_kill_of_a_node(cluster, report):
    """What was taken as `replicated` is delivered by those that hold copies, after
    up to `dead_after`."""
    node = cluster.containers("node")[0]
    sender = while_sending(cluster, lambda: docker("kill", node), "/safe")
    check_delivery(cluster, report, "loses no copied event to a killed node", sender,
                   await_all(cluster, sender), why_again="its node was killed")
    left = cluster.containers("node")
    cluster.await_members(left, seconds=60)
    report.check("and goes on without it", len(left) == NODES - 1)


def tells_of_it(cluster, report):
    def firing():
        alerts = ask(cluster.alertmanager_port, "/api/v2/alerts")
        return "MemberDead" in [each["labels"]["alertname"] for each in alerts]
    await_true("an alert", firing, seconds=60)
    report.check("Alertmanager shows that a member is dead", True)


def scales(cluster, report, nodes=5):
    cluster.compose("up", "--detach", "--no-build", "--no-recreate",
                    "--scale", f"node={nodes}")
    cluster.await_health(seconds=120)
    cluster.await_members(cluster.containers("node"), seconds=60)
    send_and_check(cluster, report, f"scales to {nodes} nodes, and delivers", count=200)
    await_share(cluster, nodes)
    report.check(f"Prometheus sees {nodes} nodes, and each takes events", True)


def starts_again_what_fails(cluster, report):
    """`docker kill` is an order to stay down, so it must be killed from here."""
    node = cluster.containers("node")[0]
    state = docker("inspect", "--format", "{{.State.Pid}} {{.RestartCount}}", node)
    process, restarts = map(int, state.split())
    name = ""
    with contextlib.suppress(OSError):
        name = pathlib.Path(f"/proc/{process}/comm").read_text().strip()
    if name != "mfo-node" or os.geteuid() != 0:
        print("          left out: to kill a node's process takes root where it runs")
        return
    sender = while_sending(cluster, lambda: os.kill(process, signal.SIGKILL))
    check_delivery(cluster, report, "loses nothing to a node that dies", sender,
                   await_all(cluster, sender), why_again="its node died")
    cluster.await_health(seconds=60)
    cluster.await_members(cluster.containers("node"), seconds=60)
    again = int(docker("inspect", "--format", "{{.RestartCount}}", node))
    report.check("which is started again, and joins", again == restarts + 1)


def restarts_a_node_unseen(cluster, report):
    node = cluster.containers("node")[-1]
    sender = while_sending(cluster, lambda: docker("restart", "--time", "20", node))
    check_delivery(cluster, report, "loses nothing to a node that restarts", sender,
                   await_all(cluster, sender))
    report.check("senders see nothing of it", not sender.troubles)


def keeps_dead_letters(cluster, report):
    cluster.server("faults", "POST",
                   '{"path": "/api/events", "statuses": [422], "count": 1}')
    new_sender(cluster, "/inbox").send(rate=1, count=1)
    node = cluster.containers("node")[0]

    def letters():
        return docker("exec", node, "mfo-node", "dead-letters", "list", "--config",
                      "/run/mfo/node.yaml", "--json").splitlines()
    found = await_true("the dead letter", letters, seconds=60)
    report.check("redis keeps what the server refuses", len(found) == 1)
    forget(cluster)
