"""A fault explains what it may lead to, and nothing else."""

import random
import types
import unittest

import torture_path  # noqa: F401

from faults import limits, network, processes, servers, sinks
from oracle.causes import LONG, Causes
from schedule import Slot
from world.journal import Entry


def causes(*faults, lasts=4):
    """Of faults one after the other, each of which lasts so many seconds, whatever
    it was to last."""
    entries = [Entry((number + end) * lasts * 1000, kind, str(fault))
               for number, fault in enumerate(faults)
               for end, kind in enumerate(("begins", "ends"))]
    return Causes.of([Slot(0, 4, fault) for fault in faults], entries)


class Faults(unittest.TestCase):
    def test_explain_nothing_where_there_are_none(self):
        self.assertEqual(causes(), Causes())

    def test_explain_what_takes_long(self):
        self.assertTrue(causes(servers.Down).holds_up)
        for kind in (servers.Refuses, processes.Terminate, processes.Kill,
                     limits.LittleAddressSpace):
            self.assertFalse(causes(kind).holds_up, kind.name)

    def test_explain_sinks_that_take_nothing(self):
        self.assertTrue(causes(sinks.DiskFull).harms_sinks)
        self.assertTrue(causes(network.Loss).harms_sinks)
        self.assertFalse(causes(servers.Silent).harms_sinks)

    def test_explain_as_much_as_any_of_them_does(self):
        self.assertEqual(
            causes(processes.Terminate, servers.Refuses, network.Loss),
            Causes(repeats=True, holds_up=True, harms_sinks=True, letters=True))


class DeadLetters(unittest.TestCase):
    def test_come_of_servers_that_refuse_and_of_those_that_say_nothing(self):
        self.assertTrue(causes(servers.Refuses).letters)
        self.assertTrue(causes(servers.Silent).letters)

    def test_do_not_come_of_what_is_over_soon(self):
        for kind in (servers.Down, servers.FailureBursts, network.Partition,
                     processes.Kill, processes.StandStill, processes.Terminate):
            self.assertFalse(causes(kind).letters, kind.name)

    def test_come_of_nodes_that_end_while_servers_take_nothing(self):
        self.assertTrue(causes(servers.Down, processes.Terminate).letters)
        self.assertFalse(causes(servers.Down, processes.Kill).letters)

    def test_come_of_servers_that_take_nothing_for_long(self):
        self.assertFalse(causes(servers.Down, servers.Slow,
                                lasts=LONG / 2).letters)
        self.assertTrue(causes(servers.Down, servers.Slow,
                               lasts=LONG / 2 + 1).letters)

    def test_come_where_sinks_fail_only_if_servers_refuse(self):
        nodes = [types.SimpleNamespace(name="node-a")]
        world = types.SimpleNamespace(nodes=nodes, servers=["one", "two"])
        for kind in sinks.ALL:
            for seed in range(20):
                fault = kind(world, random.Random(seed))
                self.assertEqual(causes(fault).letters,
                                 "events refused" in str(fault), kind.name)

    def test_come_of_all_nodes_that_end_with_servers_gone(self):
        world = types.SimpleNamespace(nodes=[], servers=["one"])
        ends = processes.TerminateAll
        for seed in range(20):
            fault = ends(world, random.Random(seed))
            self.assertEqual(causes(fault).letters, "servers" in str(fault))


if __name__ == "__main__":
    unittest.main()
