"""Which faults a run has, in which rounds, and when in each of them; all of it by
the seed."""

import dataclasses
import random

MOST_TOGETHER = 4


@dataclasses.dataclass(frozen=True)
class Slot:
    """Of a fault in its round, in seconds."""
    begin: float
    end: float
    fault: object


def kinds_of_rounds(seed, kinds, rounds):
    """For each round, the kinds of its faults. A long run has each of them alone
    first; in any run each has its turn as far as there are turns."""
    chance = random.Random(f"{seed} kinds")
    deck = []

    def draw():
        if not deck:
            deck.extend(chance.sample(kinds, len(kinds)))
        return deck.pop()

    alone = len(kinds) if rounds >= 2 * len(kinds) else 0
    plan = [[draw()] for _ in range(alone)]
    left = rounds - alone
    # As many that all have their turn, if they can be had.
    wanted = -(-len(kinds) // max(1, left))
    for _ in range(left):
        count = min(MOST_TOGETHER, max(wanted, chance.randint(2, 3)))
        plan.append([draw() for _ in range(count)])
    return plan


def slots_of(seed, number, kinds, world, seconds):
    """When the faults of this round begin and end, within so many seconds."""
    chance = random.Random(f"{seed} round {number}")
    slots = []
    for kind in kinds:
        own = random.Random(chance.random())
        shortest, longest = kind.lasts
        lasts = min(chance.uniform(shortest, longest), seconds)
        begin = chance.uniform(0, seconds - lasts)
        fault = kind(world, own)
        # Two of the same victim take turns, if there is time for it.
        for other in sorted(slots, key=lambda slot: slot.begin):
            if fault.victims() & other.fault.victims() and (
                    begin < other.end and other.begin < begin + lasts):
                begin = other.end
        slots.append(Slot(begin, begin + lasts, fault))
    return sorted(slots, key=lambda slot: slot.begin)
