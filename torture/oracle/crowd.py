"""What senders recorded, as the oracle has it."""

import collections

from senders import hostile, rude
from senders.steady import Way
from staging.records import Answer
from world.configuration import ENDPOINTS

# Whatever goes wrong, a genuine event is not answered so: no fault takes its
# signature, its endpoint or its size away, and a node does not fail itself.
NEVER = {401, 404, 413, 500}
PROMISES = {each.id: each.promise for each in ENDPOINTS}


def answers_of(node, lines):
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


def faults_of_steady(answers):
    """As sentences. `answers`: Way → list of records.Answer."""
    found = []
    for way, its in answers.items():
        if not its:
            found.append(f"nothing was sent to {way.endpoint} of {way.node}")
        statuses = collections.Counter(each.status for each in its)
        found += [f"{way.endpoint} of {way.node} answered {status} to "
                  f"{statuses[status]} events that are genuine"
                  for status in NEVER & statuses.keys()]
    return found


def faults_of_probe(node, lines, arrivals):
    taken = {line.endpoint for line in lines if line.accepted}
    found = [f"{each} of {node} takes no event when all is well: "
             f"{[line.status for line in lines if line.endpoint == each]}"
             for each in PROMISES if each not in taken]
    found += [f"{line.event}: a probe of {line.endpoint} of {node}, and not at "
              "the server" for line in lines
              if line.accepted and line.event not in arrivals]
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
