"""How nodes ended, and whether that is how they may
(docs/reference/command-line.md, "Exit status")."""

import signal

from world.journal import DOWN

# node/exit_status.hpp
GAVE_UP, OUT_OF_MEMORY = 70, 71


def _allowed(how, causes):
    """Exit statuses, as Popen has them, of a node to which this happened."""
    if how == "killed":
        return {-signal.SIGKILL}
    if how == "ran out":
        return {OUT_OF_MEMORY}
    # Something may still have been in flight when the time to drain was over.
    return {0, GAVE_UP} if causes.holds_up or causes.harms_sinks else {0}


def faults_of_ends(entries, causes):
    """As sentences. `entries`: of the journal, of one round."""
    found, happened = [], {}  # node → what, since it was launched
    for each in entries:
        if each.kind in DOWN:
            happened.setdefault(each.who, []).append(each.kind)
        elif each.kind == "gone":
            its = happened.pop(each.who, [])
            if not any(each.value in _allowed(how, causes) for how in its):
                found.append(f"{each.who} {' and '.join(its) or 'fell'}, with "
                             f"exit status {each.value}")
    return found
