#!/usr/bin/env python3
"""Nodes are told to end, all at once, when their servers may have gone before."""

import signal
import types
import unittest
import unittest.mock

import field

from faults import processes


class Running:
    """A node that ends when it was looked at so often after it was told."""

    def __init__(self, name, log, looks=2):
        self.name, self._log, self._looks = name, log, looks
        self._told = False

    def signal(self, number):
        self._told = True
        self._log.append((signal.Signals(number).name, self.name))

    def runs(self):
        self._looks -= self._told
        return self._looks > 0


class AWorld:
    def __init__(self):
        self.log = []
        self.nodes = [Running(name, self.log) for name in ("a", "b")]
        self.servers = [types.SimpleNamespace(
            kill=lambda: self.log.append("kill server"),
            start=lambda: self.log.append("start server"))]
        self.journal = unittest.mock.Mock()

    def start(self, *nodes):
        self.log.append(("start", *(node.name for node in nodes)))


class SigtermOfAll(unittest.TestCase):
    def test_tells_all_and_starts_all_when_they_have_ended(self):
        world = AWorld()
        fault = processes.TerminateAll(world, unittest.mock.Mock(random=lambda: 1))
        fault.begin()
        self.assertEqual(world.log, [("SIGTERM", "a"), ("SIGTERM", "b")])
        fault.end()
        self.assertFalse(any(node.runs() for node in world.nodes))
        self.assertEqual(world.log[2:], [("start", "a", "b")])
        self.assertEqual(fault.victims(), {"a", "b"})

    def test_comes_after_the_servers_went_down(self):
        world = AWorld()
        fault = field.fault(processes.TerminateAll, world, "servers went down")
        fault.begin()
        self.assertEqual(world.log, ["kill server"])
        fault.end()
        self.assertEqual(world.log, [
            "kill server", ("SIGTERM", "a"), ("SIGTERM", "b"), "start server",
            ("start", "a", "b")])
        self.assertEqual(fault.victims(), {"a", "b", "server"})

    def test_is_noted_before_anybody_ends(self):
        world = AWorld()
        world.journal.note = lambda *words: world.log.append(words)
        processes.TerminateAll(
            world, unittest.mock.Mock(random=lambda: 1)).begin()
        self.assertEqual(world.log, [("ended", "a"), ("ended", "b"),
                                     ("SIGTERM", "a"), ("SIGTERM", "b")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
