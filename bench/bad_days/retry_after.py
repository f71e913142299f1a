"""A server asks to be left alone, with 429 and Retry-After, under steady load.

It must be, for as long as it said, each time; and what has piled up meanwhile
must not be thrown at it afterwards.
"""

import collections

from bad_days import outage
from staging import records
from staging.programs import Node, Server

# Seconds during which the server answers 429: too few answers to open the
# circuit, and enough. The two have different ways back.
HELD_OFF = {"retry-after": 6, "retry-after-long": 12}
ASKED = 2  # s, its Retry-After
# What arrives so soon after a 429 had left before the node can have read it.
ON_THE_WAY = 100  # ms
# Moments are cut to whole milliseconds, so a gap may look shorter by one.
CUT = 1  # ms


def gaps(asked, arrived):
    """(on the way, gaps): how many requests arrived right after a 429, and for
    each request the time, in ms, since the youngest 429 that it can have known
    of."""
    on_the_way = 0
    found = []
    last = None
    pending = collections.deque(asked)
    for moment in arrived:
        while pending and pending[0] < moment - ON_THE_WAY:
            last = pending.popleft()
        if pending and pending[0] < moment:
            on_the_way += 1
        if last is not None:
            found.append(moment - last)
    return on_the_way, found


def run(report, stage, held_off):
    server = Server(stage)
    node = Node(stage, outage.settings(stage, server))
    phases = outage.run_phases(
        report, stage, node, away=held_off,
        begin=lambda: server.fault(
            f'{{"statuses":[429],"repeat":true,"retry_after":"{ASKED}"}}'),
        end=server.no_fault)
    outage.check_answers(report, phases, node, may_refuse=False)
    letters = node.letters()
    outage.check_ids(report, phases, server, letters)
    report.equal("dead letters", len(letters), 0)
    asked = [moment for moment, status in records.rejected(server)
             if status == 429]
    report.check("429 sent", len(asked), "> 0", asked)
    arrived = sorted(asked + records.arrivals(server))
    on_the_way, found = gaps(asked, arrived)
    report.tell("requests on the way when one was sent", on_the_way)
    least = min(found, default=0)
    report.check("least time from a 429 to a request", f"{least / 1000:.3f} s",
                 f"≥ {ASKED} s", least >= ASKED * 1000 - CUT)
    outage.check_peak(report, phases, server, stage.rate)
    node.stop()
