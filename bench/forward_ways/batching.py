"""Outgoing batches: an option of a server (`batch`), since a server must know them.

All events of a run have one size, so that the size of a request says how many are in
it: a server that reads them would cost more than those of the other scenarios, on the
core beside the one that is measured.
"""

import functools

from forward_ways import systems
from forward_ways.rounds import play
from forward_ways.ways import of_nginx, of_node
from staging import wrk
from staging.nginx import Sink

EVENTS = 32
TO_NGINX = 0.9
# Of what a call could carry, so much it must, at least: or there are no batches.
FULL = 0.5


def events_in(size, event):
    """Of a body of so many bytes: an event of so many alone, or a JSON array."""
    count, rest = divmod(size + 1, event + 1)
    if count < 1 or rest != (2 if count > 1 else 0):
        raise RuntimeError(f"{size} bytes are no events of {event} bytes each")
    return count


class BatchSink:
    """Counts events, of requests that carry one or several."""

    def __init__(self, stage, name):
        self._sink = Sink(stage, name, sizes=True)
        self._event = 0  # bytes
        self._count = 0

    @property
    def url(self):
        return self._sink.url

    def learn(self, _, server):
        """How large an event is, of the one that the server remembers."""
        told, = server.entries("events")
        self._event = int(told["headers"]["content-length"])

    def count(self):
        self._count += sum(events_in(size, self._event)
                           for size in self._sink.more_sizes())
        return self._count


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
    text = wrk.text_of(stage.payload)
    sink = BatchSink(stage, "sink-of-batches")
    name = f"node, batches of {EVENTS}"
    play(report, stage, [
        of_node(sink, text, name, functools.partial(
            systems.settings, server=f", batch: {{max_events: {EVENTS}}}"),
            check=sink.learn, also=look),
        of_node(sink, text, "node, no batches"),
        of_nginx(Sink(stage, "sink-of-nginx", sizes=True), text)])
    report.ratio(name, "nginx", TO_NGINX)
    for each in report.rows.get(name, [])[-1:]:
        report.tell("events in a call, last round",
                    f"{each['events_a_call']:.1f}")


SCENARIOS = {
    "batching": (batches, "Outgoing batches of 32"),
}
