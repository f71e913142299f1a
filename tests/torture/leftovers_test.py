"""What grows is found, and what only goes up and down is not."""

import types
import unittest
from unittest import mock

import torture_path  # noqa: F401

from oracle import leftovers
from oracle.leftovers import Size, Sizes

MIB = 2**20


def faults(mebibytes, descriptors=None, pids=None, allocated=None):
    """Of a node that had so much after each of its rounds."""
    count = len(mebibytes)
    had = [Size(round(held * MIB), round(each * MIB), files)
           for held, each, files in zip(allocated or [10] * count, mebibytes,
                                        descriptors or [20] * count)]
    sizes = Sizes()
    with mock.patch.object(leftovers, "size_of", side_effect=had):
        for pid in pids or [1] * count:
            sizes.note(types.SimpleNamespace(name="node-a", pid=pid), None)
    return sizes.faults()


class Memory(unittest.TestCase):
    def test_that_grows_on_and_on_is_found(self):
        growing = [30 + number for number in range(15)]
        self.assertEqual(faults(growing[:14]), [])
        self.assertEqual(faults(growing),
                         ["node-a grew from 36.0 to 40.0 MiB resident in "
                          "11 rounds"])

    def test_that_is_held_is_found_before_it_shows_outside(self):
        self.assertEqual(faults([30] * 15, allocated=range(10, 25)),
                         ["node-a grew from 16.0 to 20.0 MiB allocated in "
                          "11 rounds"])

    def test_that_is_needed_for_a_while_is_not(self):
        self.assertEqual(faults([30, 31, 32, 33] + 4 * [33, 60]), [])

    def test_that_depends_on_what_has_just_been_done_is_not(self):
        self.assertEqual(faults([38, 43, 48, 43, 47, 47, 59, 47, 49, 48, 48, 48,
                                 49, 56, 50, 49, 47, 51, 48, 60, 49, 50]), [])

    def test_of_the_first_rounds_is_not(self):
        self.assertEqual(faults([10, 20, 30] + 9 * [33]), [])

    def test_of_a_program_whose_heap_keeps_no_books_is_not(self):
        growing = range(30, 45)
        self.assertEqual(faults(growing, allocated=[0] * 15), [])
        self.assertEqual(len(faults(growing, allocated=[1] * 15)), 1)

    def test_of_another_process_is_not(self):
        self.assertEqual(faults([10] * 6 + [30] * 6, pids=[1] * 6 + [2] * 6),
                         [])


class Descriptors(unittest.TestCase):
    def test_that_stay_open_are_found(self):
        its = [20 + 2 * number for number in range(16)]
        self.assertEqual(faults([30] * 16, its),
                         ["node-a has 40 descriptors, and had 33"])

    def test_that_come_and_go_are_not(self):
        self.assertEqual(faults([30] * 12, 6 * [20, 40]), [])


if __name__ == "__main__":
    unittest.main()
