"""A node that runs events stands still (SIGSTOP), with all its connections open,
and goes on 20 s later. The node that takes events in gives what the other had to
a third one, and may not be filled by that meanwhile.
"""

import signal

from cluster_days import witness
from cluster_days.cluster import (CALLERS, DEAD_AFTER, FAILOVER, Cluster,
                                  Plan, endpoint, take_time)
from staging import records
from staging.backlog import Backlog
from staging.programs import Load, Server
from staging.stage import now_ms

STEADY = 10  # s, before and after
STOPPED = 20  # s
# What took so long was at the node that stands still.
DELAYED = 500_000  # µs
# Beyond what is granted to one peer, which is 16 MiB.
MEMORY = 24  # MiB


def run(report, stage):
    server = Server(stage)
    take_time(stage, server)
    cluster = Cluster(stage, server, [endpoint("completed")], [
        Plan("intake", "intake"), Plan("runner-b", CALLERS),
        Plan("runner-c", CALLERS)])
    intake, stops, _ = cluster
    load = Load(stage, intake.url("/completed"), stage.rate)
    backlog = Backlog(intake, load)
    report.progress(f"{stage.rate:.0f} events/s, all is well")
    backlog.watch(STEADY)
    resident = intake.resident()
    backlog.begin_anew()
    report.progress(f"{stops.name} stands still")
    stopped = now_ms()
    stops.signal(signal.SIGSTOP)
    backlog.watch(STOPPED)
    state = intake.table()[stops.name]["state"]
    growth = (backlog.most_resident - resident) / 2**20
    report.progress(f"{stops.name} goes on")
    went_on = now_ms()
    stops.signal(signal.SIGCONT)
    witness.check_members(report, cluster)
    backlog.watch(STEADY)
    load.stop()
    cluster.await_empty()
    witness.check_moved(report, cluster)
    answers = list(records.answers(load.record))
    witness.tell_answers(report, answers)
    report.equal("events not answered 202",
                 sum(each.status != 202 for each in answers), 0)
    delayed = [each for each in answers
               if each.latency > DELAYED and
               each.due < went_on and each.came > stopped]
    report.check("events that it had", len(delayed), "> 0", delayed)
    last = max((each.came for each in delayed), default=stopped) - stopped
    report.check("the last of them finished elsewhere after",
                 f"{last / 1000:.1f} s", f"≤ {FAILOVER} s",
                 last <= FAILOVER * 1000)
    report.equal("its state by then", state, "dead")
    report.tell("held at most by the sender", backlog.most_held)
    report.check("memory that the sender grew by", f"{growth:.1f} MiB",
                 f"≤ {MEMORY} MiB", growth <= MEMORY)
    witness.check_ids(report, answers, server, cluster.letters())
    # When it goes on, it does what it had.
    witness.check_repeated(report, server, [
        witness.Trouble(stopped, went_on + 1000 * DEAD_AFTER)])
    cluster.stop()
