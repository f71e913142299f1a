#!/usr/bin/env python3
"""What goes wrong between hosts does so, is the same with the same seed, and
leaves nothing behind."""

import pathlib
import random
import sys
import types
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "bench"), str(ROOT / "torture")]

from faults import network as faults

NODES = ["node-a", "node-b", "node-c"]
SERVERS = {"server", "server-2"}
HOSTS = [*NODES, "server", "server-2", "sinks", "names"]
SEEDS = range(200)

CUT = {"cut": True}


class Links:
    """What befalls those of a network that are harmed."""

    hosts = HOSTS

    def __init__(self):
        self.harmed = {}

    def cut(self, origin, to):
        self.harmed[origin, to] = CUT

    def rule(self, origin, to, **harm):
        self.harmed.pop((origin, to), None)
        if harm:
            self.harmed[origin, to] = harm


def world_of(names):
    return types.SimpleNamespace(
        network=Links(), nodes=[types.SimpleNamespace(name=name)
                                for name in names])


def make(kind, seed, names=NODES):
    return kind(world_of(names), random.Random(seed))


def harm_of(fault):
    """Of the links that it harms, by pairs."""
    fault.begin()
    return dict(fault.world.network.harmed)


def all_of(kind):
    return [make(kind, seed) for seed in SEEDS]


class EachFault(unittest.TestCase):
    def each(self):
        for kind in faults.ALL:
            for seed in SEEDS:
                with self.subTest(fault=kind.name, seed=seed):
                    yield kind, seed

    def test_has_no_effect_before_it_begins_and_none_after_it_ends(self):
        for kind, seed in self.each():
            fault = make(kind, seed)
            links = fault.world.network
            self.assertEqual(links.harmed, {})
            self.assertTrue(harm_of(fault))
            fault.beat()
            fault.end()
            self.assertEqual(links.harmed, {})

    def test_is_the_same_with_the_same_seed(self):
        for kind, seed in self.each():
            one, same = make(kind, seed), make(kind, seed)
            self.assertEqual(str(one), str(same))
            self.assertEqual(harm_of(one), harm_of(same))

    def test_is_not_always_the_same(self):
        for kind in faults.ALL:
            if kind is not faults.Loss:
                self.assertGreater(len(set(map(str, all_of(kind)))), 2, kind)

    def test_overlaps_no_other_of_them(self):
        for kind, seed in self.each():
            self.assertIn("network", make(kind, seed).victims())

    def test_is_there_with_one_node_alone_unless_it_says_why_not(self):
        for kind in faults.ALL:
            if not kind.why_not(world_of(["node-a"])):
                self.assertTrue(harm_of(make(kind, 1, ["node-a"])))

    def test_says_why_there_is_no_partition_of_one(self):
        self.assertIn("one node",
                      faults.Partition.why_not(world_of(["node-a"])))
        self.assertEqual(faults.Partition.why_not(world_of(NODES)), "")


class APartition(unittest.TestCase):
    def test_cuts_any_proper_subset_off_the_rest_both_ways(self):
        sides = set()
        for fault in all_of(faults.Partition):
            harm = harm_of(fault)
            side = frozenset(fault.victims() - {"network"})
            rest = set(NODES) - side
            self.assertTrue(side and rest)
            self.assertEqual(harm, {
                pair: CUT for one in side for other in rest
                for pair in ((one, other), (other, one))})
            sides.add(side)
        self.assertEqual(len(sides), 6)


class ACutFromTheServer(unittest.TestCase):
    def test_is_of_both_servers_both_ways_and_of_nobody_else(self):
        for fault in all_of(faults.CutOffFromServer):
            nodes = fault.victims() - {"network"}
            self.assertTrue(nodes)
            self.assertEqual(harm_of(fault), {
                pair: CUT for one in nodes for other in SERVERS
                for pair in ((one, other), (other, one))})


class OneWayLoss(unittest.TestCase):
    def test_is_of_one_direction_of_all_or_a_part(self):
        losses = []
        for fault in all_of(faults.OneWayLoss):
            (link, harm), = harm_of(fault).items()
            self.assertTrue(set(link) & set(NODES), link)
            losses.append(harm["loss"])
        self.assertTrue(all(0.2 <= loss <= 1 for loss in losses))
        self.assertTrue(50 < losses.count(1.0) < 150, losses.count(1.0))


class ADelay(unittest.TestCase):
    def test_is_of_200_ms_more_or_less_to_peers_or_server_both_ways(self):
        others = set()
        for fault in all_of(faults.Delay):
            harm = harm_of(fault)
            self.assertEqual({(to, origin) for origin, to in harm},
                             set(harm))
            self.assertTrue(all(each == {"delay": (100, 300)}
                                for each in harm.values()))
            others.add(frozenset(to for _, to in harm) - {fault.node})
        self.assertIn(SERVERS, others)
        self.assertIn({"node-b", "node-c"}, others)
        self.assertIn({"node-b", "node-c", *SERVERS}, others)


class ALoss(unittest.TestCase):
    def test_is_of_all_links(self):
        harm = harm_of(make(faults.Loss, 1))
        self.assertEqual(len(harm), len(HOSTS) * (len(HOSTS) - 1))
        self.assertTrue(all(each == {"loss": 0.05} for each in harm.values()))


class Flapping(unittest.TestCase):
    def test_is_a_cut_that_comes_and_goes_about_every_second(self):
        fault = make(faults.Flapping, 1)
        changes, before = [], False
        with mock.patch("faults.network.time.monotonic") as clock:
            clock.return_value = 1000.0
            fault.begin()
            for tenth in range(100):
                clock.return_value = 1000.0 + tenth / 10
                fault.beat()
                now = bool(fault.world.network.harmed)
                if now != before:
                    changes.append(tenth)
                before = now
            fault.end()
        gaps = [b - a for a, b in zip(changes, changes[1:])]
        self.assertGreater(len(gaps), 5)
        self.assertTrue(all(7 <= gap <= 16 for gap in gaps), gaps)
        self.assertEqual(fault.world.network.harmed, {})


if __name__ == "__main__":
    unittest.main()
