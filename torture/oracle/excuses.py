"""What may be lost, as docs/reference/delivery.md has it."""

import dataclasses

from cluster_days.cluster import FAILOVER
from world.configuration import DRAIN, TRIED

# A node that is about to be killed may still answer after that was noted.
STILL = 500  # ms
SECONDS_OF_FAILOVER = (FAILOVER + 1) * 1000  # ms
KILLED = ("killed", "ran out")


@dataclasses.dataclass
class Life:
    """Of a node that was told to end, killed, or both."""
    node: str
    ended: float = 0  # ms since 1970; 0: it was not
    killed: float = 0
    gone: float = 0  # at the latest
    left: int = 0  # `received` events that it may still have lost as it was killed

    @property
    def over(self):
        """When it acknowledged nothing any more. One that was told to end still
        does for a while."""
        return self.killed + STILL if self.killed else self.gone or self.ended


def _lives(entries, acknowledged):
    """Those that are over. `acknowledged`: node → when it was, of `received` events,
    in ms since 1970."""
    lives, scraped = {}, {}  # node → its last
    for each in entries:
        if each.kind == "in flight":
            scraped[each.who] = each
        elif each.kind == "ended" or each.kind in KILLED:
            life = lives.setdefault(each.who, Life(each.who))
            if each.kind == "ended":
                life.ended = each.at
            else:
                life.killed = each.at
                life.left = _in_flight(each, scraped.get(each.who),
                                       acknowledged.get(each.who, []))
        elif each.kind == "gone" and each.who in lives:
            lives[each.who].gone = each.at
            yield lives.pop(each.who)
    yield from lives.values()


def _in_flight(killed, scraped, acknowledged):
    """The most that it can have had."""
    since = scraped.at if scraped else 0
    return (scraped.value if scraped else 0) + sum(
        since <= at <= killed.at + STILL for at in acknowledged)


def _acknowledged(answers):
    found = {}
    for way, its in answers.items():
        if way.promise == "received":
            found.setdefault(way.node, []).extend(
                each.came for each in its if each.accepted)
    return found


class Excuses:
    """`entries`: of the journal, of one round; `causes`: what its faults may lead
    to; `answers`: Way → list of records.Answer. Each event is asked for once."""

    def __init__(self, entries, causes, answers):
        self._sinks_harmed = causes.harms_sinks
        # Until what was handed over is done with.
        self._with_another = 1000 * (
            DRAIN + (TRIED if causes.holds_up else FAILOVER))  # ms
        self._lives = sorted(_lives(entries, _acknowledged(answers)),
                             key=lambda life: life.over)

    def of_loss(self, way, answer, told_lost):
        """Why an event that was acknowledged may be nowhere; or empty."""
        if way.promise == "completed":
            return ""
        life = next((each for each in self._lives if each.node == way.node and
                     each.over >= answer.came), None)
        if life and life.ended and told_lost and self._sinks_harmed:
            return "its node stopped, and no sink took it"
        if way.promise == "received":
            return self._of_received(life) if life else ""
        own = [at for each in self._lives for at in (each.ended, each.killed)
               if each.node == way.node and at and each.over >= answer.came]
        if any(abs(at - other.killed) <= SECONDS_OF_FAILOVER
               for at in own for other in self._others(way.node)):
            return "nodes that held it were killed together"
        return ""

    def _of_received(self, life):
        if life.left:
            life.left -= 1
            return "its node was killed"
        if life.ended and any(
                life.ended <= other.killed <= life.ended + self._with_another
                for other in self._others(life.node)):
            return "the node that it was handed to was killed"
        return ""

    def _others(self, node):
        return [each for each in self._lives
                if each.killed and each.node != node]
