"""Outgoing batches: an option of a server (`batch`), since a server must know them.

The node's server is a dev-server, which counts each event of a batch; it costs more
than the one of the others, on the other core. That of nginx is the one that it is
measured with everywhere.
"""

import functools

from forward_ways import systems
from forward_ways.rounds import play
from forward_ways.ways import of_nginx, of_node
from staging import wrk
from staging.nginx import Sink
from staging.programs import Server

EVENTS = 32
TO_NGINX = 0.9
# Of what a call could carry, so much it must, at least: or there are no batches.
FULL = 0.5


def calls(node):
    return node.metrics().sum("mfo_upstream_request_duration_seconds_count")


def look(node, before=None, events=0):
    """Events in a call."""
    if before is None:
        return calls(node)
    each = events / max(1, calls(node) - before)
    if each < FULL * EVENTS:
        raise RuntimeError(f"only {each:.1f} events in a call")
    return {"events_a_call": each}


def batches(report, stage):
    server, text = Server(stage), wrk.text_of(stage.payload)
    name = f"node, batches of {EVENTS}"
    play(report, stage, [
        of_node(server, text, name, functools.partial(
            systems.settings, server=f", batch: {{max_events: {EVENTS}}}"),
            also=look),
        of_node(server, text, "node, no batches"),
        of_nginx(Sink(stage), text)])
    report.ratio(name, "nginx", TO_NGINX)
    for each in report.rows.get(name, [])[-1:]:
        report.tell("events in a call, last round",
                    f"{each['events_a_call']:.1f}")


SCENARIOS = {
    "batching": (batches, "Outgoing batches of 32"),
}
