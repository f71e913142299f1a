"""All nodes are restarted in turn, by SIGTERM, under load that comes by way of a
load balancer: no sender may notice."""

import itertools
import time

from cluster_days import witness
from cluster_days.cluster import (Cluster, endpoint, take_time, three,
                                  why_refused)
from cluster_days.load_balancer import ID_HEADER, LoadBalancer
from staging import records
from staging.programs import Load, Server
from staging.stage import now_ms

PAUSE = 4  # s, before each restart
# The longest that stopping a node may take.
STOP = 15  # s
# After a node has ended, for its last events to be at the server again.
AFTERMATH = 1000  # ms


def restart(report, node, cluster):
    """(exit status, seconds until it had ended, the trouble that it was)"""
    began, begin = time.monotonic(), now_ms()
    status = node.stop()
    took = time.monotonic() - began
    ended = now_ms()
    node.start()
    cluster.await_whole()
    report.progress(f"{node.name} was restarted; it took {took:.1f} s to end")
    return status, took, witness.Trouble(begin, ended + AFTERMATH)


def restart_in_turn(report, cluster, seconds):
    """Each at least once, and on for so long."""
    end = time.monotonic() + seconds - PAUSE
    restarts = []
    for node in itertools.cycle(cluster):
        time.sleep(PAUSE)
        if time.monotonic() > end and len(restarts) >= len(cluster.nodes):
            return restarts
        restarts.append(restart(report, node, cluster))


def run(report, stage, ack, seconds):
    if why := why_refused(stage, ack):
        return report.leave_out(why)
    server = Server(stage)
    take_time(stage, server)
    cluster = Cluster(stage, server,
                      [endpoint(ack, f"delivery_id_header: {ID_HEADER}")],
                      three())
    front = LoadBalancer(stage, cluster.nodes)
    report.progress(f"{stage.rate:.0f} events/s for {seconds:.0f} s")
    load = Load(stage, front.url(f"/{ack}"), stage.rate, id_header=ID_HEADER)
    restarts = restart_in_turn(report, cluster, seconds)
    load.stop()
    witness.check_members(report, cluster)
    cluster.await_empty()
    witness.check_moved(report, cluster)
    answers = list(records.answers(load.record))
    longest = max(took for _, took, _ in restarts)
    report.tell("restarts", len(restarts))
    report.equal("nodes that ended with another status than 0",
                 sum(status != 0 for status, _, _ in restarts), 0)
    report.check("longest time to end", f"{longest:.1f} s", f"≤ {STOP} s",
                 longest <= STOP)
    witness.tell_answers(report, answers)
    report.equal("errors seen by senders",
                 sum(not each.accepted for each in answers), 0)
    witness.check_ids(report, answers, server, cluster.letters())
    witness.check_repeated(report, server,
                           [trouble for _, _, trouble in restarts])
    cluster.stop()
