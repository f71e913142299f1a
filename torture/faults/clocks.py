"""A clock of the day that jumps, forth and back."""

from faults.fault import Fault
from world.clocks import Clock

# How far it gets from the right time, in seconds: as a bad battery has it, and
# as whoever puts it right.
FAR, NEAR = 3600, 1
# A beat in so many brings another step.
SELDOM = 10


class Steps(Fault):
    """To and fro between any times, and back to the right one."""

    name = "clock steps"
    repeats = False

    @staticmethod
    def why_not(world):
        if not world.clocks:
            return "no node has a clock of its own"
        return Clock.why_not()

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._node = chance.choice(sorted(world.clocks))
        self._most = chance.choice((FAR, NEAR))

    def victims(self):
        return {"clock"}

    def _step(self):
        self.world.clocks[self._node].step(
            self.chance.uniform(-self._most, self._most))

    def begin(self):
        self._step()

    def beat(self):
        if self.chance.randrange(SELDOM) == 0:
            self._step()

    def end(self):
        self.world.clocks[self._node].reset()

    def __str__(self):
        return f"{self.name} of {self._node}, up to {self._most} s off"


ALL = [Steps]
