"""A server is away for a while under steady load, and comes back.

Every event that was acknowledged must be at the server or in the dead letters;
what has piled up must not be thrown at the server at once, nor cost more memory
than it may.
"""

import collections
import dataclasses
import time

from staging import records
from staging.backlog import Backlog
from staging.programs import Load, Node, Server
from staging.stage import await_true, now_ms

STEADY = 15  # s, before; and a third of it once the backlog is gone
AWAY = 30  # s
PEAK = 1.5  # times the steady rate, in any second after the return
HELD = 4096  # bytes for an event that is held, beside its payload
LETTER_GRACE = 1000  # ms after the server took an event again


@dataclasses.dataclass(frozen=True)
class Plan:
    name: str
    answers_503: bool = False  # or is not there at all
    max_in_flight: int = 100_000
    patience: str = "10m"  # limit.duration of the retry policy

    @property
    def full(self):
        return self.max_in_flight < 100_000

    @property
    def letters(self):
        return self.patience != "10m"


PLANS = {plan.name: plan for plan in (
    Plan("outage"),
    Plan("outage-503", answers_503=True),
    Plan("outage-full", max_in_flight=4096),
    Plan("outage-letters", patience="10s"),
)}


def settings(stage, server, max_in_flight=100_000, patience="10m"):
    """Of a node with one endpoint that acknowledges what it has received."""
    return f"""
servers:
  default:
    url: {server.url}
    breaker: {{open_for: 2s}}
retries:
  default:
    limit: {{count: 1000, duration: {patience}}}
limits: {{max_in_flight: {max_in_flight}, max_bytes_in_flight: 1GiB}}
endpoints:
  - id: webhook
    path: /webhook
    ack: received
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
dead_letters:
  - {{name: disk, type: file, path: {stage.folder}/letters}}
"""


def run_phases(report, stage, node, begin, end, away=AWAY):
    """Steady load, the bad time between `begin` and `end`, and load until the
    backlog is gone."""
    load = Load(stage, node.url(), stage.rate)
    backlog = Backlog(node, load)
    report.progress(f"{stage.rate:.0f} events/s, all is well")
    backlog.watch(STEADY)
    resident = node.resident()
    backlog.begin_anew()
    report.progress(f"the bad {away} s begin")
    begun = now_ms()
    begin()
    backlog.watch(away)
    ended = now_ms()
    end()
    growth = backlog.most_resident - resident
    held = backlog.most_held
    report.progress(f"they are over; {held} events are held")
    gone = backlog.await_gone(few=stage.rate / 10, seconds=8 * away)
    report.progress("the backlog is gone" if gone else "the backlog stays")
    backlog.watch(STEADY / 3)
    load.stop()
    await_true("the node to be empty",
               lambda: not node.in_flight(), 60)
    report.check("backlog gone after", f"{gone:.0f} s" if gone else "never",
                 f"< {8 * away} s", gone)
    answers = list(records.answers(load.record))
    return Phases(begun, ended, growth, held, answers)


@dataclasses.dataclass(frozen=True)
class Phases:
    begun: int  # of the bad time, ms since 1970
    ended: int
    growth: int  # of resident memory during it, bytes
    held: int  # events, at most, during it
    answers: list


def check_answers(report, phases, node, may_refuse):
    """What the senders saw, and that the node has counted the same."""
    statuses = collections.Counter(each.status for each in phases.answers)
    metrics = node.metrics()
    report.tell("events sent", len(phases.answers))
    report.tell("acknowledged", statuses[202])
    if may_refuse:
        report.check("refused 503", statuses[503], "> 0", statuses[503])
        report.equal("of these with Retry-After", sum(
            each.status == 503 and each.retry_after != "-"
            for each in phases.answers), statuses[503])
    else:
        report.equal("refused 503", statuses[503], 0)
    report.equal("another answer or none",
                 len(phases.answers) - statuses[202] - statuses[503], 0)
    report.equal("received, by the node's count",
                 int(metrics.sum("mfo_events_received_total")),
                 len(phases.answers))
    report.equal("refused, by the node's count",
                 int(metrics.sum("mfo_events_refused_total")), statuses[503])


def check_ids(report, phases, server, letters):
    """The oracle: what was acknowledged is somewhere."""
    ids = records.Ids(phases.answers, server, letters)
    report.equal("lost", len(ids.lost), 0)
    report.equal("at the server without an acknowledgement",
                 len(ids.unacknowledged), 0)
    report.tell("at the server more than once", ids.more_than_once)
    report.tell("both at the server and dead", len(ids.there & ids.dead))


def check_peak(report, phases, server, rate):
    """Of all that arrives after the return, retries and refusals included."""
    arrived = sorted(records.arrivals(server) +
                     [moment for moment, _ in records.rejected(server)])
    before = [each for each in arrived if each < phases.begun]
    after = [each for each in arrived if each >= phases.ended]
    if before:
        report.tell("arrivals/s before", f"{len(before) / STEADY:.0f}")
    most = records.peak(after)
    report.check("most arrivals in 1 s after", f"{most} = {most / rate:.2f} × rate",
                 f"≤ {PEAK} × rate", most <= PEAK * rate)


def check_memory(report, phases, payload):
    each = phases.growth / max(1, phases.held)
    report.tell("held at most", phases.held)
    report.check("memory for each", f"{each:.0f} bytes",
                 f"≤ {payload} + {HELD}", each <= payload + HELD)


def check_letters(report, letters, taken):
    """None is written once the server is back and what was overdue is gone.
    `taken`: the moments at which the server took events since its return."""
    returned = taken[0]
    dead = [records.to_ms(letter["dead_at"]) for letter in letters]
    report.equal("letters written after the return", sum(
        each > returned + LETTER_GRACE for each in dead), 0)
    report.tell("the last one", f"{(max(dead) - returned) / 1000:+.1f} s from it")
    # What waits first is due right then: letters are made where the return is
    # slow, and this shows whether it was.
    report.tell("taken in each of the first 3 s", ", ".join(
        str(sum(returned + second * 1000 <= each < returned + second * 1000 + 1000
                for each in taken)) for second in range(3)))


def check_replay(report, phases, node, server):
    report.progress("the letters are replayed")
    began = time.monotonic()
    done = node.dead_letters("replay", "--yes")
    seconds = time.monotonic() - began
    report.equal("exit status of the replay", done.returncode, 0)
    report.tell("time of the replay", f"{seconds:.1f} s")
    ids = records.Ids(phases.answers, server)
    report.equal("then not at the server", len(ids.lost), 0)
    report.tell("then there more than once", ids.more_than_once)
    report.equal("letters left", len(node.letters()), 0)


def run(report, stage, plan):
    server = Server(stage)
    node = Node(stage, settings(stage, server, plan.max_in_flight,
                                plan.patience))
    if plan.answers_503:
        def begin():
            server.fault('{"statuses":[503],"repeat":true}')
        end = server.no_fault
    else:
        begin, end = server.kill, server.start
    phases = run_phases(report, stage, node, begin, end)
    letters = node.letters()
    check_answers(report, phases, node, may_refuse=plan.full)
    check_ids(report, phases, server, letters)
    check_peak(report, phases, server, stage.rate)
    if plan.letters:
        report.check("dead letters", len(letters), "> 0", letters)
        taken = [each for each in records.arrivals(server)
                 if each >= phases.ended]
        check_letters(report, letters, taken)
        check_replay(report, phases, node, server)
    else:
        report.equal("dead letters", len(letters), 0)
        check_memory(report, phases, stage.payload)
    node.stop()
