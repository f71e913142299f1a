"""Two clusters, each with an entrance of its own."""

from trial.events import send_and_check

REGIONS = {"node": 3, "node-b": 2}


def come_up(cluster, report):
    cluster.compose("up", "--detach", "--no-build")
    cluster.await_health(seconds=120)
    found = {service: cluster.containers(service) for service in REGIONS}
    for nodes in found.values():
        cluster.await_members(nodes, seconds=60)
    report.check("come up",
                 {service: len(nodes) for service, nodes in found.items()} == REGIONS)


def know_nothing_of_each_other(cluster, report):
    tables = [set(cluster.members(cluster.containers(service)[0]))
              for service in REGIONS]
    report.check("no node of one is a member of the other",
                 not set.intersection(*tables), tables)


def deliver(cluster, report):
    for port, name in ((cluster.port, "first"), (cluster.port_b, "second")):
        send_and_check(cluster, report, f"the {name} delivers", rate=50, port=port)
