"""What may be lost, as docs/reference/delivery.md has it."""

from cluster_days.cluster import FAILOVER

# A node that is about to be killed may still answer after that was noted.
STILL = 500  # ms
SECONDS_OF_FAILOVER = (FAILOVER + 1) * 1000  # ms


class Excuses:
    """`entries`: of the journal, of one round; `causes`: what its faults may lead
    to."""

    def __init__(self, entries, causes):
        self._sinks_harmed = causes.harms_sinks
        self._killed = [(each.at, each.who) for each in entries
                        if each.kind == "killed"]
        self._ended = [(each.at, each.who) for each in entries
                       if each.kind == "ended"]

    def of_loss(self, way, answer, told_lost):
        """Why an event that was acknowledged may be nowhere; or empty."""
        if way.promise == "completed":
            return ""
        ended = [at for at, who in self._ended
                 if who == way.node and at + STILL >= answer.came]
        if told_lost and ended and self._sinks_harmed:
            return "its node stopped, and no sink took it"
        killed = [at for at, who in self._killed
                  if who == way.node and at + STILL >= answer.came]
        if way.promise == "received":
            if killed:
                return "its node was killed"
            # What was handed over is with another one.
            if any(at >= one for one in ended for at, _ in self._killed):
                return "the node that it was handed to was killed"
            return ""
        others = [at for at, who in self._killed if who != way.node]
        if any(abs(at - other) <= SECONDS_OF_FAILOVER
               for at in killed + ended for other in others):
            return "nodes that held it were killed together"
        return ""
