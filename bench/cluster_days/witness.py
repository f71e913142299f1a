"""What senders, server and nodes say of the events of a scenario, held to the
bounds that all scenarios have in common."""

import collections
import dataclasses

from staging import records

# What is at a node that goes away was taken by the server no longer before.
UNDER_WAY = 1000  # ms
# Moments are cut to whole milliseconds, and clocks are read one after the other.
CUT = 5  # ms


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Something happened at `begin`, and by `end` it has no effect any more; ms
    since 1970."""
    begin: float
    end: float

    def explains(self, moments):
        """Whether an event came to the server again because of it: it was under
        way when this began, and is repeated while it has an effect."""
        first, *again = moments
        return (first >= self.begin - UNDER_WAY and
                again[0] >= self.begin - CUT and again[-1] <= self.end + CUT)


def tell_answers(report, answers):
    statuses = collections.Counter(each.status for each in answers)
    report.tell("events sent", len(answers))
    report.tell("of these acknowledged", sum(each.accepted for each in answers))
    others = ", ".join(f"{count} × {status or 'no answer'}" for status, count
                       in sorted(statuses.items()) if not 200 <= status < 300)
    report.tell("other answers", others or "none")


def check_ids(report, answers, server, letters, may_lose=False):
    """The oracle: what was acknowledged is at the server."""
    ids = records.Ids(answers, server, letters)
    if may_lose:
        report.tell("acknowledged and lost", len(ids.lost))
    else:
        report.equal("acknowledged and lost", len(ids.lost), 0)
    report.equal("dead letters", len(ids.dead), 0)
    report.tell("at the server without an acknowledgement",
                len(ids.unacknowledged))


def check_repeated(report, server, troubles):
    """Delivery is at least once: what comes twice must have a reason."""
    repeated = records.repeated(server)
    report.tell("events that came to the server again", len(repeated))
    report.equal("of these without a reason", sum(
        not any(trouble.explains(moments) for trouble in troubles)
        for moments in repeated.values()), 0)


def check_moved(report, cluster):
    """Where all events stay on their node, nothing was tried."""
    moved = sum(node.metrics().sum("mfo_cluster_events_moved_total")
                for node in cluster)
    report.check("events given to peers, since the last starts", f"{moved:.0f}",
                 "> 0", moved)


def check_members(report, cluster, seconds=10):
    """In the end, whatever happened."""
    took = cluster.await_whole(seconds)
    report.check("tables equal, all alive and linked, after", f"{took:.1f} s",
                 f"≤ {seconds} s", took <= seconds)
