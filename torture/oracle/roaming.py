"""What senders that went from node to node were told, as the oracle has it."""

import collections

from oracle.crowd import PROMISES
from senders import message, rude
from senders.roaming import asked_before
from senders.steady import Way
from staging.records import Answer

TAKEN, KNOWN = 202, 200


def _by_event(lines):
    """(endpoint, own id) → its tries, one after the other."""
    found = collections.defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.first, line.last)):
        found[line.endpoint, line.own].append(line)
    return found


def _last_word(its):
    """(the try by which the event came to be where it is, as far as is known; the
    status by which its sender went)."""
    taken = [line for line in its if line.status == TAKEN]
    if taken:
        return taken[-1], TAKEN
    known = [line for line in its if line.status == KNOWN]
    if not known:
        return its[-1], its[-1].status
    last = known[-1]
    if last.kind in asked_before(last, its):
        return last, KNOWN
    return next((line for line in reversed(its)
                 if line.first < last.first), last), KNOWN


def answers_of(lines):
    """Way → answers, one for each event."""
    found = {}
    for (endpoint, own), its in _by_event(lines).items():
        line, status = _last_word(its)
        way = Way(line.kind, endpoint, PROMISES[endpoint])
        found.setdefault(way, []).append(
            Answer(line.first, (line.last - line.first) * 1000, status, "-",
                   message.event_id_of(endpoint, own)))
    return found


def faults_of(lines, there, entries, repeats):
    """As sentences. `there`: ids of events that are at a server or in a sink;
    `entries`: of the journal, of the round; `repeats`: whether its faults may lead
    to such."""
    found = [f"asked {line.kind}, {line.own}: {why}: {line}"
             for line, why in rude.surprising(lines)]
    if not repeats:
        found += [f"{own} was taken for new {len(each)} times, by "
                  f"{[line.kind for line in each]}"
                  for own, each in rude.taken_twice(lines).items()]
    kinds = {each.kind for each in entries}
    # What was handed over may be gone with who has it then.
    if "ended" in kinds and kinds & {"killed", "ran out"}:
        return found
    return found + [
        f"{message.event_id_of(endpoint, own)}: known to {line.kind}, which had not "
        f"been asked before, {PROMISES[endpoint]}, and lost"
        for (endpoint, own), its in _by_event(lines).items()
        # A replicated one may be gone with two nodes.
        if PROMISES[endpoint] != "replicated" and
        message.event_id_of(endpoint, own) not in there
        for line in its if line.status == KNOWN and
        line.kind not in asked_before(line, its)]
