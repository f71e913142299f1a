"""A seed says all that happens by chance."""

import unittest

import torture_path  # noqa: F401

import schedule
from faults.fault import Fault


class Quake(Fault):
    name = "quake"
    lasts = (2.0, 4.0)

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.who = chance.choice("ab")

    def victims(self):
        return {self.who}

    def __str__(self):
        return f"quake of {self.who}"


KINDS = [type(f"Kind{n}", (Quake,), {"name": f"kind {n}"}) for n in range(20)]


def told(slots):
    return [(slot.begin, slot.end, str(slot.fault)) for slot in slots]


class ASchedule(unittest.TestCase):
    def test_is_the_same_for_the_same_seed(self):
        self.assertEqual(schedule.kinds_of_rounds(7, KINDS, 9),
                         schedule.kinds_of_rounds(7, KINDS, 9))
        self.assertEqual(told(schedule.slots_of(7, 3, [Quake] * 3, None, 18)),
                         told(schedule.slots_of(7, 3, [Quake] * 3, None, 18)))

    def test_is_another_one_for_another_seed(self):
        self.assertNotEqual(schedule.kinds_of_rounds(7, KINDS, 9),
                            schedule.kinds_of_rounds(8, KINDS, 9))

    def test_gives_each_kind_its_turn_in_a_short_run(self):
        plan = schedule.kinds_of_rounds(7, KINDS, 9)
        self.assertEqual(len(plan), 9)
        self.assertEqual({kind for each in plan for kind in each}, set(KINDS))
        self.assertLessEqual(max(map(len, plan)), schedule.MOST_TOGETHER)

    def test_has_each_kind_alone_first_in_a_long_run(self):
        plan = schedule.kinds_of_rounds(7, KINDS, 60)
        self.assertEqual({kind for each in plan[:20] for kind in each}, set(KINDS))
        self.assertTrue(all(len(each) == 1 for each in plan[:20]))
        self.assertTrue(all(len(each) > 1 for each in plan[20:]))

    def test_lets_faults_of_one_victim_take_turns(self):
        for seed in range(50):
            slots = schedule.slots_of(seed, 1, [Quake] * 4, None, 18)
            for one in slots:
                for other in slots:
                    if one is not other and (one.fault.victims() &
                                             other.fault.victims()):
                        self.assertTrue(one.end <= other.begin or
                                        other.end <= one.begin)


if __name__ == "__main__":
    unittest.main()
