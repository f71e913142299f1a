"""Thousands of connections that ask for nothing, and hundreds that send a byte
now and then: the honest senders must hardly notice.

Rounds take turns: the node with its honest senders alone, and in the crowd. The
load is the same in both, so that the ratio of the latencies is what the crowd
costs.
"""

import collections
import statistics
import time

from staging import records
from staging.crowd import Crowd
from staging.programs import Load, Node, Server
from staging.stage import allow_files

ROUNDS = 4
IDLE, SLOW = 5000, 200
WARM_UP = 2  # s
MEASURED = 6  # s
RATIO = 2.0
# Shorter than a round, so that slow senders are ended and come back in it.
PATIENCE = "4s"


def settings(server):
    return f"""
server_url: {server.url}
limits:
  max_connections: {2 * (IDLE + SLOW)}
  header_timeout: {PATIENCE}
  body_timeout: {PATIENCE}
  idle_timeout: 10m
endpoints:
  - id: webhook
    path: /webhook
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
drain_timeout: 0s
"""


Round = collections.namedtuple(
    "Round", "p50 p99 statuses resident idle_left turned_away")


def measure(stage, server, crowded):
    node = Node(stage, settings(server))
    before = node.resident()
    crowd = Crowd(node.port, IDLE, SLOW) if crowded else None
    load = Load(stage, node.url(), stage.rate, "load",
                seconds=WARM_UP + MEASURED)
    load.wait()
    resident = node.resident() - before
    left = turned_away = 0
    if crowd:
        left, turned_away = crowd.idle_left(), crowd.turned_away
        crowd.leave()
    node.stop()
    answers = list(records.answers(load.record))
    begin = answers[0].due + WARM_UP * 1000
    latencies = [each.latency for each in answers if each.due >= begin]
    server.forget()
    return Round(records.percentile(latencies, 0.5) / 1000,
                 records.percentile(latencies, 0.99) / 1000,
                 collections.Counter(each.status for each in answers),
                 resident, left, turned_away)


def run(report, stage):
    allow_files(3 * (IDLE + SLOW))
    server = Server(stage)
    rounds = {False: [], True: []}
    for number in range(ROUNDS):
        for crowded in rounds:
            report.progress(f"round {number + 1} of {ROUNDS}, " +
                            ("in the crowd" if crowded else "alone"))
            rounds[crowded].append(measure(stage, server, crowded))
            time.sleep(0.2)
    median = {}
    for crowded, text in ((False, "alone"), (True, "in the crowd")):
        for name in ("p50", "p99"):
            values = [getattr(each, name) for each in rounds[crowded]]
            median[crowded, name] = statistics.median(values)
            report.tell(
                f"{name}, {text}",
                f"{median[crowded, name]:.2f} ms ("
                + ", ".join(f"{value:.2f}" for value in values) + ")")
    ratio = median[True, "p99"] / median[False, "p99"]
    report.check("ratio of the p99", f"{ratio:.2f}", f"≤ {RATIO:.1f}",
                 ratio <= RATIO)
    grown = {crowded: statistics.median(each.resident for each in values)
             for crowded, values in rounds.items()}
    for crowded, text in ((False, "alone"), (True, "in the crowd")):
        report.tell(f"memory that the node grew by, {text}",
                    f"{grown[crowded] / 2**20:.1f} MiB")
    report.tell("memory of a connection in the crowd",
                "%.1f KiB" % ((grown[True] - grown[False]) /
                              (IDLE + SLOW) / 1024))
    statuses = sum((each.statuses for values in rounds.values()
                    for each in values), collections.Counter())
    report.equal("honest events not answered 202",
                 statuses.total() - statuses[202], 0)
    report.equal("idle senders that were ended",
                 sum(IDLE - each.idle_left for each in rounds[True]), 0)
    turned_away = sum(each.turned_away for each in rounds[True])
    report.check("slow senders that were ended", turned_away,
                 f"≥ {SLOW * ROUNDS}", turned_away >= SLOW * ROUNDS)
