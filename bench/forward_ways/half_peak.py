"""The latency at half of what the node can do, and of the others at the same rate.

wrk's senders wait for each answer, and then send the next: while a system stalls,
they ask for nothing, and the wait of what they would have sent is in no figure.
bench-load sends at moments that are fixed beforehand and counts from these, so
that a stall is in the latency of all that was due in it.
"""

import collections

from forward_ways import rounds
from forward_ways.ways import CONNECTIONS, of_nginx, of_node
from staging import processes, records, wrk
from staging.nginx import Sink
from staging.programs import Load

TO_NGINX = 1.5
WARM_UP = 1  # s
# Of what was due, so much must have been sent.
SENT = 0.99


def peak(stage, way, seconds):
    """Events a second."""
    return rounds.measure(stage, way, seconds)["rate"]


def measure(stage, way, rate, seconds):
    """A round at this rate: a map of figures."""
    running = way.start(stage, way.server)
    try:
        before, cpu = way.server.count(), processes.cpu_seconds(running.pid)
        load = Load(stage, running.url(), rate, seconds=WARM_UP + seconds,
                    connections=CONNECTIONS)
        load.wait(WARM_UP + seconds + rounds.PATIENCE)
        cpu = processes.cpu_seconds(running.pid) - cpu
        answers = list(records.answers(load.record))
        accepted = sum(each.accepted for each in answers)
        arrived = rounds.settle(way.server, before + accepted)[0] - before
        if accepted != arrived:
            raise rounds.Wrong(
                f"{way.name}: {accepted} ACCEPTED, BUT {arrived} ARRIVED")
        if accepted < SENT * rate * (WARM_UP + seconds):
            raise rounds.Wrong(f"{way.name}: {accepted} accepted, which are not "
                               f"{rate:.0f} a second")
        begin = min(each.due for each in answers) + WARM_UP * 1000
        taken = [each.latency / 1000 for each in answers if each.due >= begin]
        figures = {name: records.percentile(taken, part) for name, part in
                   (("p50", 0.5), ("p99", 0.99), ("p999", 0.999))}
        return {"cpu": cpu / arrived * 1e6, "rate": len(taken) / seconds,
                **figures, "rss": processes.resident(running.pid) / 2**20,
                "events": arrived}
    finally:
        running.stop()


def half_peak(report, stage):
    sink, text = Sink(stage), wrk.text_of(stage.payload)
    node = of_node(sink, text)
    ways = [each for each in (node, of_nginx(sink, text))
            if each.system in report.systems]
    if node not in ways:
        return report.leave_out("the rate is the node's")
    rounds.check_all(stage, ways)
    found = collections.defaultdict(list)
    for number in range(report.rounds):
        report.progress(f"round {number + 1} of {report.rounds}, peak of the node")
        rate = peak(stage, node, report.seconds) / 2
        for way in ways:
            report.progress(f"round {number + 1} of {report.rounds}, {way.name}, "
                            f"{rate:.0f} events/s")
            found[way.name].append(measure(stage, way, rate, report.seconds))
    report.take(dict(found), {way.name: way.system for way in ways})
    report.ratio("node", "nginx", TO_NGINX, "p99",
                        "p99 at half of the node's peak")


SCENARIOS = {
    "half-peak": (half_peak, "Half of the node's own peak"),
}
