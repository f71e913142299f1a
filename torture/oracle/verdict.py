"""Of one round: which events were acknowledged, where they are, and what explains
those that are nowhere, or came twice (docs/reference/delivery.md)."""

import dataclasses

from oracle.excuses import Excuses

# Answers that are no last word: the sender is to try again.
NOT_FINAL = {408, 409, 425, 429}


def is_final_refusal(status):
    return 400 <= status < 500 and status not in NOT_FINAL


@dataclasses.dataclass
class Tally:
    """Events of one promise."""
    sent: int = 0
    acknowledged: int = 0
    delivered: int = 0  # of these, at a server
    dead_letters: int = 0  # of these, in a sink and at no server
    repeated: int = 0  # at a server more than once
    excused: int = 0  # nowhere, as the promise has it
    lost: int = 0  # nowhere

    def add(self, other):
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) +
                    getattr(other, field.name))


@dataclasses.dataclass
class Verdict:
    tallies: dict  # promise → Tally
    faults: list  # sentences: what may not have been


def judge(answers, arrivals, letters, told_lost, entries, causes):
    """`answers`: Way → list of records.Answer. `arrivals`: id → count. `letters`:
    ids. `told_lost`: ids that a node's log calls lost. `entries`: of the journal,
    of the round. `causes`: what its faults may lead to."""
    excuses = Excuses(entries, causes, answers)
    tallies, faults = {}, []
    for way, its in answers.items():
        tally = tallies.setdefault(way.promise, Tally())
        for answer in its:
            _judge_one(way, answer, arrivals, letters, told_lost, excuses, tally,
                       faults, causes)
    if letters and not causes.letters:
        faults += [f"{event}: a dead letter for no reason"
                   for event in sorted(letters)]
    return Verdict(tallies, faults)


def _judge_one(way, answer, arrivals, letters, told_lost, excuses, tally, faults,
               causes):
    tally.sent += 1
    times = arrivals.get(answer.id, 0)
    if is_final_refusal(answer.status) and times:
        faults.append(f"{answer.id}: answered {answer.status} at {way.endpoint} "
                      f"of {way.node}, and at the server")
    if times > 1:
        tally.repeated += 1
        if not causes.repeats:
            faults.append(f"{answer.id}: {times} times at the server, "
                          f"{way.endpoint} of {way.node}, for no reason")
    if times and answer.id in letters and not causes.repeats:
        faults.append(f"{answer.id}: at the server, {way.endpoint} of {way.node}, "
                      "and a dead letter, for no reason")
    if not answer.accepted:
        return
    tally.acknowledged += 1
    if times:
        tally.delivered += 1
    elif answer.id in letters:
        tally.dead_letters += 1
        if way.promise == "completed":
            faults.append(f"{answer.id}: completed at {way.node}, and a dead "
                          "letter")
    elif excuses.of_loss(way, answer, answer.id in told_lost):
        tally.excused += 1
    else:
        tally.lost += 1
        faults.append(f"{answer.id}: {way.promise} at {way.endpoint} of "
                      f"{way.node} at {answer.came:.0f} ms, and lost")
