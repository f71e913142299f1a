"""What it costs that an event is run by a peer, and that a peer holds a copy of
it: CPU of all nodes together, per event, in rounds in which the ways take turns
at a steady rate.
"""

import dataclasses
import statistics
import time

from cluster_days.cluster import (CALLERS, FEW, Cluster, Plan, endpoint,
                                  settings, three, why_refused)
from staging import records
from staging.programs import Load, Node, Server

ROUNDS = 5
WARM_UP = 2  # s
MEASURED = 5  # s
DIFFERENCE = 20  # µs
# Of the rate, so much must arrive, or the machine cannot do it.
STEADY = 0.98
# Of the rate asked for, in turn, until one is steady.
PARTS = (1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05)


@dataclasses.dataclass(frozen=True)
class Way:
    name: str
    url: str
    nodes: list

    def cpu(self):
        return sum(node.cpu_seconds() for node in self.nodes)


@dataclasses.dataclass(frozen=True)
class Round:
    cpu: float  # µs an event
    rate: float  # events a second that arrived
    p99: float  # ms
    refused: int


def measure(stage, server, way, rate, seconds=MEASURED):
    server.forget()
    load = Load(stage, way.url, rate, seconds=WARM_UP + seconds + 1)
    time.sleep(WARM_UP)
    began, events, cpu = time.monotonic(), server.count(), way.cpu()
    time.sleep(seconds)
    took = time.monotonic() - began
    events, cpu = server.count() - events, way.cpu() - cpu
    load.wait()
    answers = list(records.answers(load.record))
    return Round(cpu / max(1, events) * 1e6, events / took,
                 records.percentile([each.latency / 1000 for each in answers],
                                    0.99),
                 sum(each.status != 202 for each in answers))


def steady_rate(report, stage, server, ways):
    """The highest that this machine can do by all of them."""
    for part in PARTS:
        rate = stage.rate * part
        report.progress(f"whether {rate:.0f} events/s are steady")
        if all(each.rate >= STEADY * rate and not each.refused for each in (
                measure(stage, server, way, rate, 2) for way in ways)):
            return rate
    raise RuntimeError(f"not even {rate:.0f} events/s are steady")


def compare(report, stage, server, ways, base, more):
    """`base`, `more`: names of two of the ways."""
    rate = steady_rate(report, stage, server, ways)
    rounds = {way.name: [] for way in ways}
    for number in range(ROUNDS):
        for way in ways:
            report.progress(f"round {number + 1} of {ROUNDS}, {way.name}")
            rounds[way.name].append(measure(stage, server, way, rate))
    report.tell("events/s", f"{rate:.0f}")
    for name, its in rounds.items():
        cpu, arrived, p99 = (statistics.median(getattr(each, what) for each in its)
                             for what in ("cpu", "rate", "p99"))
        report.tell(f"{name}: CPU per event, events/s, p99",
                    f"{cpu:.1f} µs, {arrived:.0f}, {p99:.1f} ms")
    pairs = list(zip(rounds[base], rounds[more]))
    difference = statistics.median(b.cpu - a.cpu for a, b in pairs)
    ratio = statistics.median(b.cpu / a.cpu for a, b in pairs)
    report.tell(f"{more} ÷ {base}", f"{ratio:.2f}")
    report.check(f"{more} more than {base}", f"{difference:.1f} µs",
                 f"≤ {DIFFERENCE} µs", difference <= DIFFERENCE)
    report.equal("events not answered 202", sum(
        each.refused for its in rounds.values() for each in its), 0)


def run_remote(report, stage):
    server = Server(stage)
    ack = "completed"
    alone = Node(stage, settings(stage, server, [endpoint(ack)], "alone"),
                 "alone")
    mixed = Cluster(stage, server, [endpoint(ack)], three(), FEW)
    apart = Cluster(stage, server, [endpoint(ack)], [
        Plan("intake", "intake"), Plan("connector", CALLERS)], FEW)
    compare(report, stage, server, [
        Way("local", alone.url(f"/{ack}"), [alone]),
        Way("local, one of three", mixed[0].url(f"/{ack}"), [mixed[0]]),
        Way("remote", apart[0].url(f"/{ack}"), apart.nodes)], "local", "remote")
    for each in (alone, mixed, apart):
        each.stop()


def run_replicated(report, stage):
    if why := why_refused(stage, "replicated"):
        return report.leave_out(why)
    server = Server(stage)
    acks = ["received", "replicated"]
    cluster = Cluster(stage, server, [endpoint(ack) for ack in acks],
                      three()[:2], FEW)
    compare(report, stage, server, [
        Way(ack, cluster[0].url(f"/{ack}"), cluster.nodes) for ack in acks],
        "received", "replicated")
    cluster.stop()
