"""What the rude and the hostile recorded, as the oracle has it."""

from senders import hostile, rude
from senders.steady import Way
from staging.records import Answer
from world.configuration import ENDPOINTS

PROMISES = {each.id: each.promise for each in ENDPOINTS}


def answers_of_rude(node, lines):
    """Way → answers: one for each event, the last by which it was accepted or,
    if it never was, the last."""
    last = {}  # event → line
    for line in sorted(lines, key=lambda line: (line.accepted, line.last)):
        # A forger is refused for good, and may name an event that is genuine.
        if (line.event != "-" and line.endpoint in PROMISES and
                line.kind != "forged"):
            last[line.event] = line
    found = {}
    for event, line in last.items():
        way = Way(node, line.endpoint, PROMISES[line.endpoint])
        found.setdefault(way, []).append(
            Answer(line.first, (line.last - line.first) * 1000, line.status, "-",
                   event))
    return found


def faults_of_rude(node, lines, repeats):
    """As sentences."""
    found = [f"{line.kind} of {node}, {line.own}: {why}: {line}"
             for line, why in rude.surprising(lines)]
    if not repeats:
        found += [f"{own} of {node} was taken for new {len(each)} times"
                  for own, each in rude.taken_twice(lines).items()]
    return found


def faults_of_hostile(node, lines, arrivals):
    found = [f"{line.kind} of {node}, {line.own}: {why}: {line}"
             for line, why in hostile.surprising(lines)]
    found += [f"{event}: of the hostile at {node}, and at the server"
              for event in hostile.events_of(lines) if event in arrivals]
    return found
