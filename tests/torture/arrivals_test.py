"""What comes to a server is told once, and an event that comes when its round is
over is found."""

import pathlib
import tempfile
import unittest

import torture_path  # noqa: F401

from oracle.arrivals import Arrivals, Past, faults_after_all


class AServer(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.files = [pathlib.Path(folder, name) for name in ("one", "two")]
        for each in self.files:
            each.touch()
        self.arrivals = Arrivals(self.files)

    def record(self, file, text):
        with open(file, "a") as record:
            record.write(text)

    def test_has_told_what_came_since_it_was_asked_before(self):
        self.record(self.files[0], "e1\ne2\ne1\n")
        self.record(self.files[1], "e1\n")
        self.assertEqual(self.arrivals.more(), {"e1": 3, "e2": 1})
        self.record(self.files[1], "e3\n")
        self.assertEqual(self.arrivals.more(), {"e3": 1})

    def test_is_read_by_whole_lines(self):
        self.record(self.files[0], "e1\ne")
        self.assertEqual(self.arrivals.more(), {"e1": 1})
        self.record(self.files[0], "2\n")
        self.assertEqual(self.arrivals.more(), {"e2": 1})


class AnEvent(unittest.TestCase):
    def setUp(self):
        self.past = Past()
        self.past.add({"e1": 1, "e2": 2}, iter(["e3", "-"]))

    def test_of_this_round_may_come(self):
        self.assertEqual(self.past.faults({"e4": 2, "e5": 1}), [])

    def test_of_a_round_before_is_found_whether_it_came_then_or_not(self):
        self.assertEqual(self.past.faults({"e2": 1, "e3": 1, "e4": 1}), [
            f"{event}: of a round before, and came to the server now"
            for event in ("e2", "e3")])

    def test_comes_no_more_when_all_has_ended(self):
        self.assertEqual(faults_after_all({}), [])
        self.assertEqual(faults_after_all({"e1": 1}), [
            "e1: came to the server when nothing was under way"])


if __name__ == "__main__":
    unittest.main()
