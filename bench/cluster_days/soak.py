"""An hour at 70 % of what the cluster can do, behind a load balancer: reloads all
the time, and now and then a node is restarted, all but one, of which it is watched
whether it grows.
"""

import array
import collections
import os
import signal
import statistics
import time

from cluster_days.cluster import Cluster, endpoint, three
from cluster_days.load_balancer import ID_HEADER, LoadBalancer
from cluster_days.rolling import STOP
from staging import records
from staging.programs import Load, Server
from staging.stage import await_true

PART = 0.7  # of the peak
FIRST_RATE, STEP = 1000, 1.25  # events a second, and the factor to the next
TRIED = 5  # s, each rate
STEADY = 0.98  # of a rate must arrive, and
SOON = 100_000  # µs: the 99th percentile at the latest
PERIOD = 60  # s: of a reload of all nodes, and of what is compared
RESTART = 5  # periods from one restart to the next
# Periods until all that a node keeps for good is there: the stories of its last
# events, and what its allocator holds.
SETTLED = 3
GROWTH = 1.1
# From the first half to the second, of the medians.
SLOWER = 1.5
FEW = 8  # descriptors that come and go


def is_steady(stage, server, front, rate):
    load = Load(stage, front.url("/completed"), rate, "probe",
                id_header=ID_HEADER)
    time.sleep(1)
    events, began = server.count(), time.monotonic()
    time.sleep(TRIED)
    arrived = (server.count() - events) / (time.monotonic() - began)
    load.stop()
    answers = list(records.answers(load.record))
    p99 = records.percentile([each.latency for each in answers], 0.99)
    return (arrived >= STEADY * rate and p99 <= SOON and
            all(each.accepted for each in answers))


def find_peak(report, stage, server, front):
    """The highest of the rates tried, each higher than the one before, that is
    steady."""
    peak, rate = 0, FIRST_RATE
    while is_steady(stage, server, front, rate):
        peak, rate = rate, rate * STEP
        report.progress(f"{peak:.0f} events/s are steady")
    if not peak:
        raise RuntimeError(f"not even {FIRST_RATE} events/s are steady")
    return peak


def descriptors(node):
    """Without those of connections, of which there are as many as it takes."""
    metrics = node.metrics()
    return len(os.listdir(f"/proc/{node.pid}/fd")) - round(
        metrics.sum("mfo_upstream_connections", 'state="open"') +
        metrics.sum("mfo_http_connections") + metrics.sum("mfo_cluster_links"))


class Watch:
    """What the node that stays has, once a period."""

    def __init__(self, node):
        self._node = node
        self.allocated, self.resident, self.descriptors = [], [], []

    def look(self):
        self.allocated.append(
            self._node.metrics().sum("mfo_heap_allocated_bytes"))
        self.resident.append(self._node.resident())
        self.descriptors.append(descriptors(self._node))

    def check(self, report):
        self._check_memory(report, "memory", self.resident)
        self._check_memory(report, "of it allocated", self.allocated)
        report.check("its descriptors, without connections",
                     f"{self.descriptors[-1]} after {self.descriptors[SETTLED]}",
                     f"≤ {FEW} more",
                     self.descriptors[-1] <= self.descriptors[SETTLED] + FEW)

    @staticmethod
    def _check_memory(report, what, sizes):
        first, last = sizes[SETTLED], sizes[-1]
        report.check(f"{what}, of the node that stays, in the end to that after "
                     f"{SETTLED + 1} minutes", f"{last / 2**20:.1f} MiB to "
                     f"{first / 2**20:.1f} MiB, most "
                     f"{max(sizes) / 2**20:.1f} MiB", f"≤ {GROWTH} ×",
                     last <= GROWTH * first)


def spend(report, cluster, watch, seconds):
    """(restarts, the longest that a node took to end, statuses other than 0)"""
    stays, *others = cluster
    restarts, longest, bad = 0, 0.0, 0
    for number in range(1, int(seconds // PERIOD) + 1):
        time.sleep(PERIOD / 2)
        for node in cluster:
            node.signal(signal.SIGHUP)
        time.sleep(PERIOD / 2)
        watch.look()
        if number % RESTART == 0:
            node = others[restarts % len(others)]
            began = time.monotonic()
            bad += node.stop() != 0
            longest = max(longest, time.monotonic() - began)
            node.start()
            cluster.await_whole()
            restarts += 1
        report.progress(f"minute {number}: {watch.resident[-1] / 2**20:.1f} MiB, "
                        f"{restarts} restarts")
    return restarts, longest, bad


def read_answers(load):
    """(ids acknowledged, other answers by status, latencies by period)"""
    acknowledged, others = set(), collections.Counter()
    periods = collections.defaultdict(lambda: array.array("l"))
    begin = None
    for each in records.answers(load.record):
        begin = begin or each.due
        periods[(each.due - begin) // (PERIOD * 1000)].append(each.latency)
        if each.accepted:
            acknowledged.add(each.id)
        else:
            others[each.status] += 1
    return acknowledged, others, periods


def check_latency(report, periods):
    # The last period is a part of one: a restart would be much of it.
    whole = sorted(periods)[:-1]
    p99s = [records.percentile(periods[number], 0.99) / 1000
            for number in whole]
    half = len(p99s) // 2
    before, after = statistics.median(p99s[:half]), statistics.median(p99s[half:])
    report.check("p99 of a minute, median of the second half to the first",
                 f"{after:.1f} to {before:.1f} ms", f"≤ {SLOWER} ×",
                 after <= SLOWER * before)
    worst = max(range(len(p99s)), key=p99s.__getitem__)
    report.tell("p99 of the worst minute",
                f"{p99s[worst]:.1f} ms, in minute {worst + 1}")


def run(report, stage, seconds):
    server = Server(stage)
    cluster = Cluster(stage, server,
                      [endpoint("completed", f"delivery_id_header: {ID_HEADER}")],
                      three())
    front = LoadBalancer(stage, cluster.nodes)
    peak = find_peak(report, stage, server, front)
    rate = PART * peak
    report.progress(f"{rate:.0f} events/s for {seconds:.0f} s")
    load = Load(stage, front.url("/completed"), rate, id_header=ID_HEADER)
    watch = Watch(cluster[0])
    restarts, longest, bad = spend(report, cluster, watch, seconds)
    load.stop()
    await_true("all nodes to be empty", lambda: not any(
        node.in_flight() for node in cluster), 60)
    acknowledged, others, periods = read_answers(load)
    there = set(server.ids())
    report.tell("peak, and 70 % of it", f"{peak:.0f}, {rate:.0f} events/s")
    report.tell("events acknowledged", len(acknowledged))
    report.equal("of these lost", len(acknowledged - there), 0)
    report.equal("errors seen by senders", others.total(), 0)
    report.tell("restarts", restarts)
    report.equal("reloads of the node that stays, all good", round(
        cluster[0].metrics().sum("mfo_config_reloads_total", 'result="ok"')),
        int(seconds // PERIOD))
    report.equal("nodes that ended with another status than 0", bad, 0)
    report.check("longest time to end", f"{longest:.1f} s", f"≤ {STOP} s",
                 longest <= STOP)
    check_latency(report, periods)
    watch.check(report)
    cluster.stop()
