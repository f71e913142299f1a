"""Two servers, an endpoint for each. One accepts requests and never answers:
the senders of the other must not notice.

Rounds take turns: both servers well, one of them hanging. The load is the same
in both, so that the ratio of the latencies is what the hanging costs.
"""

import collections
import statistics
import time

from staging import records
from staging.programs import Load, Node, Server

ROUNDS = 6
# Until the hanging server has all the calls that it may have.
WARM_UP = 2  # s
# Together less than the time-out of a call, after which the circuit opens and
# the hanging ends.
MEASURED = 4  # s
OTHER_RATE = 1.0  # times the rate: to the endpoint whose server hangs
RATIO = 1.10


def settings(good, other):
    return f"""
servers:
  good: {{url: {good.url}}}
  other: {{url: {other.url}}}
endpoints:
  - id: good
    path: /good
    server: good
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
  - id: other
    path: /other
    server: other
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
drain_timeout: 0s
"""


def measure(stage, good, other, hang):
    """(p50, p99, statuses of the good endpoint, statuses of the other)"""
    if hang:
        other.fault('{"silent":true}')
    node = Node(stage, settings(good, other))
    seconds = WARM_UP + MEASURED
    loads = [
        Load(stage, node.url("/other"), OTHER_RATE * stage.rate, "load-other",
             seconds=seconds),
        Load(stage, node.url("/good"), stage.rate, "load-good",
             seconds=seconds),
    ]
    loads[1].wait()
    node.stop()  # answers what hangs
    loads[0].wait()
    other.no_fault()
    answers = list(records.answers(loads[1].record))
    begin = answers[0].due + WARM_UP * 1000
    latencies = [each.latency for each in answers if each.due >= begin]
    for server in (good, other):
        server.forget()
    return (records.percentile(latencies, 0.5),
            records.percentile(latencies, 0.99),
            collections.Counter(each.status for each in answers),
            collections.Counter(
                each.status for each in records.answers(loads[0].record)))


def run(report, stage):
    good, other = Server(stage, "good"), Server(stage, "other")
    rounds = {False: [], True: []}
    for number in range(ROUNDS):
        for hang in (False, True):
            report.progress(f"round {number + 1} of {ROUNDS}, " +
                            ("one server hangs" if hang else "both are well"))
            rounds[hang].append(measure(stage, good, other, hang))
            time.sleep(0.2)
    medians = {}
    for hang, text in ((False, "both well"), (True, "one hangs")):
        for at, name in ((0, "p50"), (1, "p99")):
            values = [each[at] / 1000 for each in rounds[hang]]
            medians[hang, name] = statistics.median(values)
            report.tell(
                f"{name}, {text}",
                f"{medians[hang, name]:.2f} ms ("
                + ", ".join(f"{value:.2f}" for value in values) + ")")
    ratio = medians[True, "p99"] / medians[False, "p99"]
    report.check("ratio of the p99", f"{ratio:.2f}", f"< {RATIO:.2f}",
                 ratio < RATIO)
    statuses = {hang: sum((each[2] for each in rounds[hang]),
                          collections.Counter()) for hang in rounds}
    for hang, text in ((False, "both well"), (True, "one hangs")):
        report.equal(f"the good one's events not answered 202, {text}",
                     statuses[hang].total() - statuses[hang][202], 0)
    hung = sum((each[3] for each in rounds[True]), collections.Counter())
    report.equal("events answered 202 by the one that hangs", hung[202], 0)
    report.check("refused 503 for it", hung[503], "> 0", hung[503])
