"""What grows is found, and what only goes up and down is not."""

import types
import unittest
from unittest import mock

import torture_path  # noqa: F401

from oracle import leftovers
from oracle.leftovers import Size, Sizes

MIB = 2**20


def faults(mebibytes, descriptors=None, pids=None):
    """Of a node that had so much after each of its rounds."""
    count = len(mebibytes)
    had = [Size(round(each * MIB), files) for each, files in
           zip(mebibytes, descriptors or [20] * count)]
    sizes = Sizes()
    with mock.patch.object(leftovers, "size_of", side_effect=had):
        for pid in pids or [1] * count:
            sizes.note(types.SimpleNamespace(name="node-a", pid=pid), None)
    return sizes.faults()


class Memory(unittest.TestCase):
    def test_that_grows_on_and_on_is_found(self):
        self.assertEqual(faults([30, 31, 32, 33, 35, 37, 39, 41]), [])
        self.assertEqual(
            faults([30, 31, 32, 33, 35, 36, 37, 38, 39, 40, 41]),
            ["node-a grew from 33.0 to 38.0 MiB in 7 rounds"])

    def test_that_is_needed_for_a_while_is_not(self):
        self.assertEqual(faults([30, 31, 32, 33, 33, 60, 33, 34, 45]), [])

    def test_of_the_first_rounds_is_not(self):
        self.assertEqual(faults([10, 20, 30, 33, 33, 33, 33, 33]), [])

    def test_of_another_process_is_not(self):
        self.assertEqual(faults([10] * 4 + [30] * 4, pids=[1] * 4 + [2] * 4),
                         [])


class Descriptors(unittest.TestCase):
    def test_that_stay_open_are_found(self):
        its = [20 + 2 * number for number in range(12)]
        self.assertEqual(faults([30] * 12, its),
                         ["node-a has 36 descriptors, and had 26"])

    def test_that_come_and_go_are_not(self):
        self.assertEqual(faults([30] * 8, [20, 20, 20, 20, 40, 20, 40, 40]), [])


if __name__ == "__main__":
    unittest.main()
