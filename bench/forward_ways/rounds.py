"""Rounds: each way to forward an event in turn, and again. What is measured of
each, and what must be right of it, or the round is an error."""

import time

from forward_ways import checks
from staging import processes, wrk
from staging.programs import Server

WARM_UP = 1  # s
# What is under way when the load ends has arrived when nothing has come for so
# long, and is given up after so much.
QUIET, PATIENCE = 0.3, 60  # s


class Wrong(Exception):
    """A round does not measure what it says."""


def settle(server, expected):
    """(count, when it was seen first) of what has arrived, once that is so much
    at least and nothing more comes, or after a long time."""
    began = changed = time.monotonic()
    last = server.count()
    while True:
        time.sleep(0.02)
        count, now = server.count(), time.monotonic()
        if count != last:
            last, changed = count, now
        quiet = count >= expected and now - changed > QUIET
        if quiet or now - began > PATIENCE:
            return last, changed


def check_arrived(way, result, arrived):
    """Accepted is what was answered below 400. What arrived beyond that must be
    what was under way when wrk broke off: one on each connection at most."""
    accepted = result.requests - result.bad_status
    if result.broken:
        raise Wrong(f"{way.name}: {result.broken} connections broke or timed out")
    if way.refused:
        if accepted or arrived:
            raise Wrong(f"{way.name}: of {result.requests} to be refused, "
                        f"{accepted} were accepted, {arrived} arrived")
        return
    if result.bad_status:
        raise Wrong(f"{way.name}: of {result.requests}, {result.bad_status} "
                    "were not accepted")
    if not 0 <= arrived - accepted <= way.connections:
        raise Wrong(f"{way.name}: {accepted} ACCEPTED, BUT {arrived} ARRIVED")


def load(stage, way, script, running, seconds):
    """(wrk's result, events that arrived, s until the last of them had)"""
    before = way.server.count()
    began = time.monotonic()
    result = wrk.run(stage, script, running.url(), way.connections, seconds,
                     way.load_cpu)
    accepted = 0 if way.refused else result.requests - result.bad_status
    count, last = settle(way.server, before + accepted)
    check_arrived(way, result, count - before)
    return result, count - before, last - began


def measure(stage, way, seconds):
    """One round of one way: a map of figures."""
    script = wrk.write_script(
        stage, checks.FORGED if way.forged else wrk.sign(way.text), "load",
        way.text)
    running = way.start(stage, way.server)
    try:
        load(stage, way, script, running, WARM_UP)
        noted = way.also(running) if way.also else None
        cpu = processes.cpu_seconds(running.pid)
        result, arrived, took = load(stage, way, script, running, seconds)
        cpu = processes.cpu_seconds(running.pid) - cpu
        events = result.requests if way.refused else arrived
        if not events:
            raise Wrong(f"{way.name}: nothing was answered")
        figures = {
            "cpu": cpu / events * 1e6,
            "rate": events / took if way.ahead else
                    result.requests / result.seconds,
            "p50": result.p50, "p99": result.p99, "p999": result.p999,
            "rss": processes.resident(running.pid) / 2**20,
            "events": events, "answered": result.requests,
        }
        if way.also:
            figures.update(way.also(running, noted, events))
        return figures
    finally:
        running.stop()


def check_all(stage, ways):
    remembering = Server(stage, "remembering")
    for way in ways:
        checks.check(stage, way, remembering)
    remembering.kill()


def play(report, stage, ways):
    """All ways, round by round; the report gets their figures. Ways of systems
    that are not asked for are left out."""
    ways = [way for way in ways if way.system in report.systems]
    if not ways:
        return report.leave_out("none of its systems is asked for")
    check_all(stage, ways)
    rounds = {way.name: [] for way in ways}
    for number in range(report.rounds):
        for way in ways:
            report.progress(f"round {number + 1} of {report.rounds}, "
                            f"{way.name}")
            rounds[way.name].append(measure(stage, way, report.seconds))
    report.take(rounds, {way.name: way.system for way in ways})
