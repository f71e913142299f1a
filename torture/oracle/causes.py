"""What the faults of a round may lead to, as each of them says itself."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Causes:
    """Any of them, as faults/fault.py has it."""
    repeats: bool = False
    holds_up: bool = False
    harms_sinks: bool = False

    @classmethod
    def of(cls, faults):
        return cls(*(any(getattr(each, field.name) for each in faults)
                     for field in dataclasses.fields(cls)))
