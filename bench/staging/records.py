"""What load and servers recorded, and what can be read from it."""

import collections
import dataclasses
import datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    due: int  # ms since 1970
    latency: int  # µs since it was due
    status: int  # 0: none
    retry_after: str  # "-": none
    id: str  # "-": none

    @property
    def accepted(self):
        return 200 <= self.status < 300

    @property
    def came(self):
        """ms since 1970."""
        return self.due + self.latency / 1000


def answers(file):
    with open(file) as lines:
        for line in lines:
            due, latency, status, retry_after, event = line.split()
            yield Answer(int(due), int(latency), int(status), retry_after, event)


def to_ms(text):
    """RFC 3339 in UTC to ms since 1970."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


def _moments(server, what):
    """In ms since 1970, in the server's order."""
    begin = len('{"received_at":"')
    end = begin + len("2026-11-24T10:37:42.589Z")
    return [to_ms(line[begin:end].decode()) for line in server.lines(what)]


def arrivals(server, what="events"):
    """The moments, in ms since 1970, at which requests arrived at a server,
    sorted: those that were taken, or, of "rejected", the others."""
    return sorted(_moments(server, what))


def repeated(server):
    """Of each id that a server took more than once, the moments, sorted."""
    moments = collections.defaultdict(list)
    for event, moment in zip(server.remembered_ids(), _moments(server, "events"),
                             strict=True):
        moments[event].append(moment)
    return {event: sorted(each) for event, each in moments.items()
            if len(each) > 1}


class Ids:
    """What senders were told was taken, and where it is."""

    def __init__(self, answers, server, letters=()):
        taken = server.ids()
        self.acknowledged = {each.id for each in answers if each.accepted}
        self.there = set(taken)
        self.more_than_once = len(taken) - len(self.there)
        self.dead = {letter["event_id"] for letter in letters}

    @property
    def lost(self):
        return self.acknowledged - self.there - self.dead

    @property
    def unacknowledged(self):
        """At the server, though no sender was told that it was taken."""
        return self.there - self.acknowledged


def rejected(server):
    """(moment, status) of what was not taken, sorted; the last 10,000."""
    return sorted(
        (to_ms(entry["received_at"]), entry["status"])
        for entry in server.entries("rejected"))


def peak(moments, width=1000):
    """The most of these sorted moments that any window of `width` ms holds."""
    most = begin = 0
    for end, moment in enumerate(moments):
        while moment - moments[begin] >= width:
            begin += 1
        most = max(most, end + 1 - begin)
    return most


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
