"""A node that ends in another way than it may is found."""

import types
import unittest
from unittest import mock

import torture_path  # noqa: F401

from oracle.causes import Causes
from oracle.ends import faults_of_ends
from staging.programs import Node
from world.journal import Entry, Journal
from world.world import World


def faults(status, *happened, **causes):
    return faults_of_ends([Entry(1, what, "node-a") for what in happened] +
                          [Entry(2, "gone", "node-a", status)],
                          Causes(**causes))


class ANodeThatWasToldToEnd(unittest.TestCase):
    def test_ends_with_0(self):
        self.assertEqual(faults(0, "ended"), [])

    def test_ends_with_nothing_else_for_no_reason(self):
        for status in (70, 1, 71, -6, -9, -11):
            self.assertEqual(faults(status, "ended"), [
                f"node-a ended, with exit status {status}"])

    def test_may_have_had_too_little_time_for_what_was_held_up(self):
        for cause in ("holds_up", "harms_sinks"):
            self.assertEqual(faults(70, "ended", **{cause: True}), [])
            self.assertEqual(len(faults(1, "ended", **{cause: True})), 1)
            self.assertEqual(len(faults(-11, "ended", **{cause: True})), 1)

    def test_may_have_been_killed_then(self):
        for status in (0, -9):
            self.assertEqual(faults(status, "ended", "killed"), [])
        self.assertEqual(faults(-6, "ended", "killed"), [
            "node-a ended and killed, with exit status -6"])


class ANode(unittest.TestCase):
    def test_that_was_killed_ends_by_that(self):
        self.assertEqual(faults(-9, "killed"), [])
        self.assertEqual(len(faults(-11, "killed")), 1)

    def test_that_ran_out_of_memory_says_so(self):
        self.assertEqual(faults(71, "ran out"), [])
        for status in (0, 70, -6, -9, -11):
            self.assertEqual(len(faults(status, "ran out")), 1)

    def test_is_judged_by_each_of_its_ends(self):
        self.assertEqual(faults_of_ends([
            Entry(1, "killed", "node-a"), Entry(2, "ended", "node-b"),
            Entry(3, "gone", "node-b", 0), Entry(4, "gone", "node-a", -9),
            Entry(5, "ended", "node-a"), Entry(6, "gone", "node-a", -9)],
            Causes()), ["node-a ended, with exit status -9"])

    def test_tells_its_exit_status(self):
        node = Node.__new__(Node)
        node._process = types.SimpleNamespace(poll=lambda: 70)
        self.assertEqual(node.exit_status(), 70)

    def test_is_looked_at_before_it_is_launched_anew(self):
        node = mock.Mock(exit_status=lambda: 70)
        node.name = "node-a"
        node.launch.side_effect = lambda: setattr(
            node, "exit_status", lambda: None)
        world = types.SimpleNamespace(journal=Journal())
        World.start(world, node)
        self.assertEqual([(each.kind, each.value)
                          for each in world.journal.entries],
                         [("gone", 70), ("launched", 0), ("ready", 0)])


if __name__ == "__main__":
    unittest.main()
