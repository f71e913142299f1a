"""What the faults of a round may lead to, as each of them says itself."""

import dataclasses

from world.configuration import TRIED

# Half of the time of an event may pass after servers are well again, when all that
# has piled up goes.
LONG = TRIED / 2  # s


@dataclasses.dataclass(frozen=True)
class Causes:
    """Any of them, as faults/fault.py has it; `letters` by several together, too."""
    repeats: bool = False
    holds_up: bool = False
    harms_sinks: bool = False
    letters: bool = False

    @classmethod
    def of(cls, slots, entries):
        """`entries`: of the journal, as a fault may end later than it was to."""
        def any_has(what):
            return any(getattr(slot.fault, what) for slot in slots)

        holding = {str(slot.fault) for slot in slots if slot.fault.holds_up}
        moments = [each.at / 1000 for each in entries
                   if each.kind in ("begins", "ends") and each.who in holding]
        begin, end = min(moments, default=0), max(moments, default=0)
        return cls(
            any_has("repeats"), bool(holding), any_has("harms_sinks"),
            any_has("letters") or bool(holding) and any_has("ends_nodes") or
            end - begin > LONG)
