"""What all faults have in common."""


class Fault:
    """Something that goes wrong for a while, and is whole again afterwards. All
    chance comes from `chance`, a random.Random: the same seed, the same faults.

    None of `begin`, `beat` and `end` takes long, but that `end` waits until all is
    as it was; what does not come about then is a TimeoutError."""

    name = ""  # as docs/reliability.md has it
    # Whether events may come to the server more than once because of it.
    repeats = True
    # Whether events may be under way because of it for longer than a node waits
    # for them that is told to end.
    holds_up = False
    # Whether nodes are told to end: they have no more time then for what is held up.
    ends_nodes = False
    # Whether events may become dead letters because of it alone.
    letters = False
    # Whether a sink may not take a dead letter because of it.
    harms_sinks = False
    # The shortest and the longest that it lasts, in seconds.
    lasts = (4.0, 12.0)

    @staticmethod
    def why_not(world):
        """Why it cannot be had here; or empty."""
        return ""

    def __init__(self, world, chance):
        """Takes victims and figures; nothing happens yet."""
        self.world = world
        self.chance = chance

    def victims(self):
        """Those of one fault are no other's at the same time."""
        return set()

    def begin(self):
        raise NotImplementedError

    def beat(self):
        """About every 100 ms, between `begin` and `end`."""

    def end(self):
        raise NotImplementedError

    def __str__(self):
        return self.name
