"""Every 10 s a node, taken by chance, is killed, and started anew 2 s later.

What was acknowledged as completed or replicated must be at the server. Each node
has senders of its own, so that it is seen what they are told: those of a node
that is down have no answer, those of the others notice nothing.
"""

import collections
import dataclasses
import time

from cluster_days import witness
from cluster_days.cluster import (FAILOVER, Cluster, endpoint, take_time,
                                  three, why_refused)
from staging import records
from staging.programs import Load, Server
from staging.stage import await_true, now_ms

PERIOD = 10  # s
DOWN = 2  # s


@dataclasses.dataclass(frozen=True)
class Outage:
    """Moments, ms since 1970."""
    node: str
    killed: int
    gone: int
    launched: int
    ready: int


def sleep_until(moment):
    time.sleep(max(0.0, moment - time.monotonic()))


def kill_in_turn(report, cluster, ack, seconds, chance):
    """For so long, which ends with some seconds in which all are up."""
    outages = []
    begin = time.monotonic()
    for number in range(1, max(2, int(seconds // PERIOD))):
        sleep_until(begin + number * PERIOD)
        victim = chance.choice(cluster.nodes)
        report.progress(f"{victim.name} is killed")
        killed = now_ms()
        victim.kill()
        gone = now_ms()
        time.sleep(DOWN)
        launched = now_ms()
        victim.start()
        if ack == "replicated":  # until it has joined, nobody can hold copies
            await_true("a link to a peer", victim.has_link)
        outages.append(Outage(victim.name, killed, gone, launched, now_ms()))
    sleep_until(begin + seconds)
    return outages


def check_senders(report, answers, outages):
    """`answers`: of the senders of each node."""
    of_dead = of_well = 0
    while_dead = collections.Counter()
    for node, its in answers.items():
        downs = [outage for outage in outages if outage.node == node]
        for each in its:
            if any(down.gone < each.due < down.launched for down in downs):
                while_dead[each.status] += 1
                of_dead += each.accepted
            elif each.status != 202 and not any(
                    each.due <= down.ready and each.came >= down.killed
                    for down in downs):
                of_well += 1
    report.check("no answer of a node that was down", while_dead[0],
                 "> 0", while_dead[0])
    report.equal("any other answer of it", while_dead.total() - while_dead[0], 0)
    report.equal("of these 2xx", of_dead, 0)
    report.equal("events of nodes that were up, not answered 202", of_well, 0)


def run(report, stage, ack, seconds, chance):
    if why := why_refused(stage, ack):
        return report.leave_out(why)
    server = Server(stage)
    take_time(stage, server)
    cluster = Cluster(stage, server, [endpoint(ack)], three())
    report.progress(f"{stage.rate:.0f} events/s for {seconds:.0f} s")
    loads = {node.name: Load(stage, node.url(f"/{ack}"),
                             stage.rate / len(cluster.nodes),
                             f"load-{node.name}")
             for node in cluster}
    outages = kill_in_turn(report, cluster, ack, seconds, chance)
    for load in loads.values():
        load.stop()
    witness.check_members(report, cluster)
    cluster.await_empty()
    witness.check_moved(report, cluster)
    # Copies of the node that was killed last may be taken over only now.
    time.sleep(max(0, outages[-1].killed / 1000 + FAILOVER - time.time()))
    answers = {name: list(records.answers(load.record))
               for name, load in loads.items()}
    every = [each for its in answers.values() for each in its]
    report.tell("killed", ", ".join(outage.node for outage in outages))
    witness.tell_answers(report, every)
    check_senders(report, answers, outages)
    witness.check_ids(report, every, server, cluster.letters(),
                      may_lose=ack == "received")
    witness.check_repeated(report, server, [
        witness.Trouble(outage.killed, outage.killed + FAILOVER * 1000)
        for outage in outages])
    cluster.stop()
