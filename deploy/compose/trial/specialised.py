"""A role each: what it reaches, and what it knows."""

import json

from trial.cluster import docker
from trial.events import send_and_check

ROLES = ["intake", "runner", "connector"]


def comes_up(cluster, report):
    cluster.compose("up", "--detach", "--no-build")
    cluster.await_health(seconds=120)
    cluster.await_members([node for role in ROLES for node in cluster.containers(role)],
                          seconds=60)
    report.check("comes up, with nodes of each role that know each other", True)


def delivers_from_role_to_role(cluster, report):
    send_and_check(cluster, report, "delivers from role to role", rate=50)
    send_and_check(cluster, report, "so it does what others hold copies of", "/safe",
                   rate=50)
    send_and_check(cluster, report, "runs a taskflow on runners", "/hooks/shout",
                   rate=50)


def attached(container):
    """By the names of networks, what the engine knows of its place in each."""
    return json.loads(docker("inspect", container))[0]["NetworkSettings"]["Networks"]


def networks_of(container):
    return json.loads(docker("network", "inspect", *attached(container)))


def keeps_roles_apart(cluster, report):
    """By address, as a name is not even known elsewhere."""
    server, = cluster.containers("dev-server")
    place, = attached(server).values()
    url = f"http://{place['IPAddress']}:8090/info"
    wrong = []
    for service in ROLES:
        node = cluster.containers(service)[0]
        roles = cluster.roles(node)
        seen = {
            "reaches the server": cluster.does(node, "curl", "--silent", "--max-time",
                                               "2", "--output", "/dev/null", url),
            "is in a network with a way out": any(
                not each["Internal"] for each in networks_of(node)),
            "knows the server's token": cluster.has_inside(node, cluster.token),
            "knows the senders' secret": cluster.has_inside(node, cluster.secret),
        }
        due = dict.fromkeys(seen, "connector" in roles)
        due["knows the senders' secret"] = "intake" in roles
        wrong += [f"{service}: {what}: {seen[what]}" for what in seen
                  if seen[what] != due[what]]
    report.check("each role reaches and knows what it needs, and no more", not wrong,
                 "; ".join(wrong))
