"""What happened, and when: so that what followed can be told from what may not
have happened."""

import dataclasses

from staging.stage import now_ms

# Of a node that ends a "killed", "ended" or "ran out" (of memory) is followed by
# "gone", with its exit status, "launched" and "ready"; a "stands" by "goes on"; a
# fault that "begins", "ends". "in flight" is what a node said of its events.
DOWN = ("killed", "ended", "ran out")
UP = "ready"


@dataclasses.dataclass(frozen=True)
class Entry:
    at: int  # ms since 1970
    kind: str
    who: str
    value: int = 0  # of "gone" and "in flight"


class Journal:
    def __init__(self):
        self.entries = []

    def note(self, kind, who="", value=0, at=None):
        """`at`: when that was, if not now."""
        self.entries.append(Entry(at or now_ms(), kind, who, value))

    def since(self, moment):
        return [each for each in self.entries if each.at >= moment]

    def moments(self, kind, who=None):
        return [each.at for each in self.entries
                if each.kind == kind and who in (None, each.who)]

    def is_down(self, node):
        """Whether it was ended, and is not ready again, as far as is noted."""
        of_it = [each.kind for each in self.entries
                 if each.who == node and each.kind in (*DOWN, UP)]
        return bool(of_it) and of_it[-1] in DOWN

    def stands(self, node):
        of_it = [each.kind for each in self.entries
                 if each.who == node and each.kind in ("stands", "goes on")]
        return bool(of_it) and of_it[-1] == "stands"
