"""One node is cut off from its peers for 20 s, and not from the server, nor from
its senders: each side serves what it can with its own nodes. Then the network is
whole again, and so must the cluster be, without a restart.
"""

import time

from cluster_days import network, witness
from cluster_days.cluster import (FAILOVER, Cluster, Plan, endpoint,
                                  take_time, why_refused)
from staging import records
from staging.programs import Load, Server
from staging.stage import now_ms

NAMES = ["node-a", "node-b", "node-c"]
STEADY = 10  # s, before and after
CUT_OFF = 20  # s
CONVERGED = 10  # s


def check_apart(report, cluster, victim):
    """While it is cut off: there is no cut where this is not seen."""
    alone = {name: each["state"] for name, each in victim.table().items()
             if name != victim.name}
    report.check("what the one that is cut off sees", ", ".join(
        f"{name} {state}" for name, state in alone.items()), "no other alive",
        "alive" not in alone.values())
    others = {node.name: node.table()[victim.name]["state"]
              for node in cluster if node is not victim}
    report.check("what others see of it", ", ".join(
        f"{name}: {state}" for name, state in others.items()), "not alive",
        "alive" not in others.values())


def run(report, stage, ack, chance):
    if why := network.why_not() or why_refused(stage, ack):
        return report.leave_out(why)
    links = network.Network(stage, NAMES)
    server = Server(stage, host=network.SERVER_ADDRESS, place=links.middle)
    take_time(stage, server)
    cluster = Cluster(stage, server, [endpoint(ack)], [
        Plan(name, host=links.peer_address(name), place=links.places[name])
        for name in NAMES])
    before = [node.incarnation() for node in cluster]
    loads = [Load(stage, node.url(f"/{ack}"), stage.rate / len(NAMES),
                  f"load-{node.name}", place=links.places[node.name])
             for node in cluster]
    report.progress(f"{stage.rate:.0f} events/s, all is well")
    time.sleep(STEADY)
    victim = chance.choice(cluster.nodes)
    report.progress(f"{victim.name} is cut off")
    cut = now_ms()
    links.cut(victim.name)
    time.sleep(CUT_OFF)
    check_apart(report, cluster, victim)
    report.progress("the network is whole again")
    links.heal(victim.name)
    witness.check_members(report, cluster, CONVERGED)
    time.sleep(STEADY)
    for load in loads:
        load.stop()
    cluster.await_empty()
    witness.check_moved(report, cluster)
    report.equal("nodes that were restarted", sum(
        node.incarnation() != old for node, old in zip(cluster, before)), 0)
    answers = [each for load in loads for each in records.answers(load.record)]
    witness.tell_answers(report, answers)
    witness.check_ids(report, answers, server, cluster.letters())
    witness.check_repeated(report, server, [
        witness.Trouble(cut, cut + FAILOVER * 1000)])
    cluster.stop()
