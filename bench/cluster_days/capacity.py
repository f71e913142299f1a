"""Nodes behind one that takes all events in: each adds what it can do itself. The
server answers in 50 ms, and a node makes so many calls at a time, so that the one
in front could do no more on its own.
"""

import statistics
import time

from cluster_days.cluster import (FEW, IN_FLIGHT, Cluster, Plan, endpoint)
from staging import wrk
from staging.programs import Server

COUNTS = (1, 2, 4)
ROUNDS = 3
LATENCY = 50  # ms
WARM_UP = 3  # s
MEASURED = 6  # s
SHARE = 0.95
# Senders wait for their answers: as many as keep all nodes busy, and as many
# again that wait.
SENDERS = 2 * IN_FLIGHT  # for each node


def measure(report, stage, server, script, count):
    """Events a second that arrived, of a cluster of so many nodes."""
    cluster = Cluster(stage, server, [endpoint("completed")], [
        Plan(f"node-{number}") for number in range(1, count + 1)], FEW)
    server.forget()
    load = wrk.start(stage, script, cluster[0].url("/completed"),
                     SENDERS * count, WARM_UP + MEASURED + 1)
    time.sleep(WARM_UP)
    began, events = time.monotonic(), server.count()
    time.sleep(MEASURED)
    rate = (server.count() - events) / (time.monotonic() - began)
    load.wait()
    cluster.await_empty()
    cluster.stop()
    report.progress(f"{count} nodes: {rate:.0f} events/s")
    return rate


def run(report, stage):
    server = Server(stage)
    server.fault(f'{{"path": "/api", "latency_ms": {LATENCY}}}')
    script = wrk.write_script(stage, wrk.sign(wrk.body(stage)), "load")
    rounds = [{count: measure(report, stage, server, script, count)
               for count in COUNTS} for _ in range(ROUNDS)]
    report.tell("one node could do at most",
                f"{IN_FLIGHT * 1000 / LATENCY:.0f} events/s")
    for count in COUNTS:
        rate = statistics.median(each[count] for each in rounds)
        report.tell(f"events/s of {count}", f"{rate:.0f}")
        if count > 1:
            times = statistics.median(each[count] / each[1] for each in rounds)
            report.check(f"throughput of {count} to that of one",
                         f"{times:.2f}", f"≥ {SHARE * count:.2f}",
                         times >= SHARE * count)
