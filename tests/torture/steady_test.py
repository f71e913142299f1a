"""A load that fails, or is answered as no genuine event may be, is found."""

import pathlib
import tempfile
import types
import unittest

import torture_path  # noqa: F401

from oracle import crowd
from senders.steady import Way, answers_of
from staging.records import Answer

LINE = "1000000 10 202 - e1\n"


class ALoad(unittest.TestCase):
    def answers(self, text, status=0):
        with tempfile.TemporaryDirectory() as folder:
            record = pathlib.Path(folder, "load-1.record")
            record.write_text(text)
            return answers_of(types.SimpleNamespace(
                record=record, wait=lambda seconds: status))

    def test_tells_all_answers(self):
        self.assertEqual([each.id for each in self.answers(2 * LINE)],
                         ["e1", "e1"])
        self.assertEqual(self.answers(""), [])

    def test_that_has_failed_is_an_error(self):
        for status in (1, -9):
            with self.assertRaisesRegex(RuntimeError,
                                        f"load-1 ended with {status}"):
                self.answers(LINE, status)

    def test_that_has_not_recorded_all_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "load-1 breaks off"):
            self.answers(LINE + LINE[:-1])


class SteadySenders(unittest.TestCase):
    def faults(self, *statuses):
        return crowd.faults_of_steady({Way("node-a", "flow", "completed"): [
            Answer(1, 1, status, "-", "e1") for status in statuses]})

    def test_are_answered_by_what_may_be(self):
        self.assertEqual(self.faults(202, 0, 400, 422, 429, 502, 503, 504), [])

    def test_are_not_answered_as_the_hostile_are(self):
        for status in (401, 404, 413, 500):
            self.assertEqual(self.faults(202, status, status), [
                f"flow of node-a answered {status} to 2 events that are "
                "genuine"])

    def test_have_sent_something(self):
        self.assertEqual(self.faults(),
                         ["nothing was sent to flow of node-a"])


if __name__ == "__main__":
    unittest.main()
