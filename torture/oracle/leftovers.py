"""What must be gone when nothing happens any more: gauges, descriptors, memory."""

import collections
import dataclasses
import os
import statistics

# 0 in a cluster that has nothing to do.
GAUGES = (
    "mfo_events_in_flight", "mfo_bytes_in_flight", "mfo_events_waiting_in_order",
    "mfo_queue_depth", "mfo_upstream_calls_in_flight",
    "mfo_upstream_calls_waiting", "mfo_dead_letters_waiting",
    "mfo_taskflow_runs_in_progress", "mfo_taskflow_calls_in_progress",
    "mfo_cluster_events_away", "mfo_cluster_events_of_peers",
    "mfo_cluster_events_waiting", "mfo_cluster_copies_open",
    "mfo_cluster_copies_held", "mfo_cluster_copies_held_bytes",
    "mfo_cluster_calls_waiting", "mfo_cluster_calls_away",
    "mfo_cluster_calls_of_peers", "mfo_cluster_calls_untold_bytes")
# Rounds in which a process comes to all that it keeps for good: its threads, the
# stories of its last events (docs/reference/admin.md), what its allocator holds.
SETTLED = 4
ENOUGH = 8  # rounds since then, before anything is said of it
# The first of these rounds and the last, compared with each other; half of them,
# where there are not as many.
COMPARED = 8
GROWTH = 1.1  # of memory since then
# Descriptors that come and go: a probe, a connection to a sink.
FEW = 6


def balance(metrics):
    """How many events more were received than there are in all that becomes of
    them: 0 at every scrape (docs/reference/metrics.md)."""
    return round(metrics.sum("mfo_events_received_total") - sum(
        metrics.sum(name) for name in (
            "mfo_events_delivered_total", "mfo_events_refused_total",
            "mfo_events_dead_lettered_total", "mfo_events_handed_over_total",
            "mfo_events_in_flight")))


def gauges_left(metrics):
    """Those that are not 0, as texts."""
    found = [(name, metrics.sum(name)) for name in GAUGES]
    # The one in force is in use.
    generations = "mfo_config_generations_in_use"
    found.append((generations, metrics.sum(generations) - 1))
    return [f"{name} {value:g}" for name, value in found if value]


@dataclasses.dataclass(frozen=True)
class Size:
    allocated: int  # bytes, of the heap: what the program holds
    resident: int  # bytes, of the process: with what its allocator keeps
    descriptors: int  # without those of connections that the node counts


def size_of(node, metrics):
    connections = (metrics.sum("mfo_upstream_connections", 'state="open"') +
                   metrics.sum("mfo_http_connections") +
                   metrics.sum("mfo_cluster_links"))
    return Size(round(metrics.sum("mfo_heap_allocated_bytes")), node.resident(),
                len(os.listdir(f"/proc/{node.pid}/fd")) - round(connections))


def _can_be_judged(sizes):
    return len(sizes) >= SETTLED + ENOUGH


def _of_each(sizes, what):
    return Size(*(what(getattr(each, field.name) for each in sizes)
                  for field in dataclasses.fields(Size)))


def _then_and_now(sizes):
    """The middle of the first rounds, and the least of the last: what goes up and
    down by what has just been done is no growth."""
    since = sizes[SETTLED:]
    count = min(COMPARED, len(since) // 2)
    return (_of_each(since[:count], statistics.median),
            _of_each(since[-count:], min))


def _judged_memory(size):
    """None of a program with a sanitizer: its heap keeps no books, and what it frees
    is kept for as long as there is room."""
    return ("allocated", "resident") if size.allocated else ()


class Sizes:
    """Of each process, at the end of each of its rounds."""

    def __init__(self):
        self._of = collections.defaultdict(list)  # (name, pid) → sizes

    def note(self, node, metrics):
        """What it is now."""
        size = size_of(node, metrics)
        self._of[node.name, node.pid].append(size)
        return size

    def judged(self):
        """How many processes there are of which something can be said."""
        return sum(map(_can_be_judged, self._of.values()))

    def faults(self):
        """Those that grew, as texts."""
        found = []
        for (name, _), its in self._of.items():
            if not _can_be_judged(its):
                continue
            first, last = _then_and_now(its)
            for what in _judged_memory(first):
                before, after = getattr(first, what), getattr(last, what)
                if after > GROWTH * before:
                    found.append(f"{name} grew from {before / 2**20:.1f} to "
                                 f"{after / 2**20:.1f} MiB {what} in "
                                 f"{len(its) - SETTLED} rounds")
            if last.descriptors > first.descriptors + FEW:
                found.append(f"{name} has {last.descriptors} descriptors, and "
                             f"had {first.descriptors:g}")
        return found
