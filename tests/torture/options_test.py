"""What a run cannot be made of is refused before anything is started."""

import contextlib
import io
import subprocess
import sys
import unittest

import torture_path
from report import Report

RUN = torture_path.ROOT / "torture/run"


def complaint(*options):
    """The last line of what it says to them."""
    ended = subprocess.run([sys.executable, "-B", RUN, *options], timeout=30,
                           capture_output=True, check=False, text=True)
    if ended.returncode != 2:
        raise AssertionError(f"{options} ended with {ended.returncode}")
    return ended.stderr.splitlines()[-1]


class Options(unittest.TestCase):
    def test_no_time_is_refused(self):
        for text in ("0", "-1", "inf", "nan", "soon"):
            self.assertIn(f"--minutes: {text} is no float above 0",
                          complaint("--minutes", text))

    def test_no_load_is_refused(self):
        self.assertIn("--rate: 0 is no", complaint("--rate", "0"))
        self.assertIn("--bytes: 0 is no", complaint("--bytes", "0"))

    def test_a_seed_is_a_natural_number(self):
        self.assertIn("--seed: 1.5 is no int", complaint("--seed", "1.5"))
        self.assertIn("--seed: -3 is no int", complaint("--seed", "-3"))

    def test_a_fault_that_nobody_knows_is_refused_with_those_that_there_are(self):
        told = complaint("--fault", "kill -9", "--fault", "bad luck")
        self.assertIn("invalid choice: 'bad luck'", told)
        self.assertIn("'kill -9 of two'", told)

    def test_a_file_that_cannot_be_written_is_refused(self):
        self.assertIn("/nowhere/x.json: No such file",
                      complaint("--json", "/nowhere/x.json"))


class ARunOfNoRounds(unittest.TestCase):
    def test_is_skipped_and_neither_passed_nor_failed(self):
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            report = Report(1, None)
            report.print()
        self.assertTrue(report.kept)
        self.assertEqual(told.getvalue().splitlines()[-1],
                         "0 passed, 0 failed, 1 skipped")

    def test_that_broke_off_has_failed(self):
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            report = Report(1, None)
            report.broke_off("no room")
            report.print()
        self.assertFalse(report.kept)
        self.assertEqual(told.getvalue().splitlines()[-1], "0 passed, 1 failed")


if __name__ == "__main__":
    unittest.main()
