"""The clock of the day of one program is stepped while it runs."""

import random
import subprocess
import time
import unittest

import torture_path  # noqa: F401

from a_stage import AStage, a_node, a_world, ask, why_no_node
from faults.clocks import FAR, Steps
from staging.stage import NODE
from world.clocks import Clock

# What a machine that has much to do may take between two looks at clocks.
SLACK = 30  # s

TELLS = """
import sys, time
for line in sys.stdin:
    print(time.time(), time.monotonic(), flush=True)
"""

# As C programs do it: until a time of day.
WAITS = """
import ctypes, sys, time
libc = ctypes.CDLL(None)
condition, mutex = (ctypes.create_string_buffer(64) for _ in range(2))
for line in sys.stdin:
    until = time.time() + 0.05
    spec = (ctypes.c_long * 2)(int(until), int(until % 1 * 1e9))
    libc.pthread_mutex_lock(mutex)
    status = libc.pthread_cond_timedwait(condition, mutex, spec)
    libc.pthread_mutex_unlock(mutex)
    print(status, time.time() >= until, flush=True)
"""
ETIMEDOUT = 110


@unittest.skipIf(Clock.why_not(), Clock.why_not())
class AClock(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(AStage())
        self.clock = Clock(self.stage, "node-a")

    def off(self, program):
        of_day, steady = map(float, ask(program).split())
        self.assertAlmostEqual(steady, time.monotonic(), delta=SLACK)
        return of_day - time.time()

    def test_is_right_until_it_is_stepped(self):
        program = self.stage.python(TELLS, *self.clock.wrap)
        self.assertAlmostEqual(self.off(program), 0, delta=SLACK)

    def test_is_stepped_forth_and_back_while_a_program_goes_by_it(self):
        program = self.stage.python(TELLS, *self.clock.wrap)
        for step in (3600, -3600, 0):
            self.clock.step(step)
            self.assertEqual(self.clock.off, step)
            self.assertAlmostEqual(self.off(program), step, delta=SLACK)
        self.clock.step(3600)
        self.clock.reset()
        self.assertAlmostEqual(self.off(program), 0, delta=SLACK)

    def test_stays_as_it_is_for_a_program_that_is_started_anew(self):
        self.clock.step(-3600)
        program = self.stage.python(TELLS, *self.clock.wrap)
        self.assertAlmostEqual(self.off(program), -3600, delta=SLACK)

    def test_goes_by_fractions_of_a_second(self):
        program = self.stage.python(TELLS, *self.clock.wrap)
        before, _ = ask(program).split()
        self.clock.step(-3600.5)
        after, _ = ask(program).split()
        self.assertAlmostEqual(float(after) - float(before), -3600.5,
                               delta=SLACK)

    def test_is_that_of_waits_until_a_time_of_day(self):
        program = self.stage.python(WAITS, *self.clock.wrap)
        for step in (3600, -3600, 0.7, -0.7):
            self.clock.step(step)
            self.assertEqual(ask(program), f"{ETIMEDOUT} True")

    def test_is_nobodys_without_its_file(self):
        told = subprocess.run(
            [*self.clock.wrap[:-1], "MFO_CLOCK_OFFSET=/nowhere", "true"],
            capture_output=True, text=True)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("MFO_CLOCK_OFFSET", told.stderr)

    @unittest.skipIf(why_no_node(), why_no_node())
    def test_can_be_a_nodes(self):
        told = self.stage.run(*self.clock.wrap, NODE, "--version")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("mfo-node", told.stdout)

    def steps(self, seed):
        world = a_world([a_node()], clocks={"node-a": self.clock})
        fault = Steps(world, random.Random(seed))
        fault.begin()
        seen = [self.clock.off]
        for _ in range(100):
            fault.beat()
            seen.append(self.clock.off)
        fault.end()
        return seen

    def test_steps_as_the_seed_says_and_is_right_in_the_end(self):
        seen = self.steps(7)
        self.assertEqual(self.clock.off, 0)
        self.assertGreater(len(set(seen)), 3)
        self.assertLessEqual(max(map(abs, seen)), FAR)
        self.assertEqual(self.steps(7), seen)
        self.assertNotEqual(self.steps(8), seen)


class WithoutAClock(unittest.TestCase):
    def test_there_are_no_steps(self):
        self.assertIn("clock", Steps.why_not(a_world([], clocks={})))


if __name__ == "__main__":
    unittest.main()
