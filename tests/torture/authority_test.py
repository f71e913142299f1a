"""Nodes get other certificates, of the same authority and of another one."""

import random
import socket
import time
import unittest
import unittest.mock

import torture_path  # noqa: F401

import faults.certificates
from a_stage import AStage, a_node, a_world, why_no_node
from faults.certificates import (AnotherAuthority, SameAuthority,
                                 kill_connections, why_no_breaking)
from staging.stage import NODE
from world.authority import Authority

NODES = ["node-a", "node-b", "node-c"]
DAY = 24 * 60 * 60  # s


@unittest.skipIf(why_no_node(), why_no_node())
class AnAuthority(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(AStage())
        self.folder = self.stage.folder / "certificates"
        self.folder.mkdir()
        self.run_cluster("init-ca", "--cluster", "bench")
        for name in NODES:
            self.run_cluster("issue", name, "--san", "127.0.0.1")
        self.authority = Authority(self.stage, self.folder,
                                   lambda name: "127.0.0.1")

    def run_cluster(self, *words):
        done = self.stage.run(NODE, "cluster", *words, "--folder", self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)

    def read(self, file):
        return (self.folder / file).read_text()

    def is_vouched_for(self, name):
        return self.stage.run("openssl", "verify", "-CAfile",
                              self.folder / "ca.crt",
                              self.folder / f"{name}.crt").returncode == 0

    def test_renews_a_certificate_of_the_same_key(self):
        key, certificate = self.read("node-a.key"), self.read("node-a.crt")
        self.authority.renew("node-a", 30)
        self.assertEqual(self.read("node-a.key"), key)
        self.assertNotEqual(self.read("node-a.crt"), certificate)
        self.assertTrue(self.is_vouched_for("node-a"))

    def test_knows_when_a_certificate_ends(self):
        self.authority.renew("node-a", 30)
        self.assertAlmostEqual(self.authority.ends("node-a"),
                               time.time() + 30 * DAY, delta=DAY / 24)

    def test_gives_another_key_and_leaves_nothing_else(self):
        key, files = self.read("node-a.key"), set(self.stage.folder.rglob("*"))
        self.authority.give_key("node-a", 30)
        self.assertNotEqual(self.read("node-a.key"), key)
        self.assertTrue(self.is_vouched_for("node-a"))
        self.assertEqual(set(self.stage.folder.rglob("*")), files)
        self.assertEqual((self.folder / "node-a.key").stat().st_mode & 0o777,
                         0o600)

    def test_is_followed_by_another_one_that_is_trusted_beside_it(self):
        self.authority.add_next()
        self.authority.give_key("node-a", 30)
        self.assertEqual([self.is_vouched_for(name) for name in NODES],
                         [True] * 3)

    def test_is_followed_by_another_one_that_alone_is_trusted_then(self):
        self.authority.add_next()
        self.authority.give_key("node-a", 30)
        self.authority.drop_former()
        self.assertEqual([self.is_vouched_for(name) for name in NODES],
                         [True, False, False])

    def test_can_be_followed_again_and_again(self):
        for _ in range(2):
            self.authority.add_next()
            self.authority.give_key("node-a", 30)
            self.authority.drop_former()
        self.authority.give_key("node-b", 30)
        self.assertEqual([self.is_vouched_for(name) for name in NODES],
                         [True, True, False])


class Notes:
    """An authority that writes down what it is asked for."""

    def __init__(self, told):
        self._told = told

    def renew(self, name, days):
        self._told.append(f"certificate {name}")

    give_key = renew

    def add_next(self):
        self._told.append("both")

    def drop_former(self):
        self._told.append("the other one")

    def ends(self, name):
        return 0


class Connections(unittest.TestCase):
    def setUp(self):
        if why := why_no_breaking():
            self.skipTest(why)

    def test_are_broken_where_they_are_of_the_port(self):
        ends = []
        for _ in range(2):
            listener = self.enterContext(
                socket.create_server(("127.0.0.1", 0)))
            ends.append(self.enterContext(socket.create_connection(
                listener.getsockname(), 10)))
        broken, whole = ends
        kill_connections([broken.getpeername()[1]])
        with self.assertRaises(ConnectionError):
            broken.recv(1)
        whole.setblocking(False)
        with self.assertRaises(BlockingIOError):
            whole.recv(1)


class ARotation(unittest.TestCase):
    def play(self, kind, seed=1):
        """What is done, in order."""
        told = []
        nodes = [a_node(name=name, admin_url=name, metrics=unittest.mock.Mock(),
                        sees_whole=lambda count: True)
                 for name in NODES]
        for node in nodes:
            node.metrics.return_value.sum.return_value = 0
        world = a_world(nodes, stage=None, certificates=None,
                        network=unittest.mock.Mock())
        with unittest.mock.patch.multiple(
                faults.certificates, BEAT=0,
                Authority=lambda *_: Notes(told),
                cluster_port=lambda node: 1,
                break_links=lambda node, _: told.append(f"break {node.name}"),
                call=lambda _, url: told.append(f"reload {url.split('/')[0]}")):
            fault = kind(world, random.Random(seed))
            self.assertEqual(fault.victims(), {"network", *NODES})
            fault.begin()
            fault.beat()
            fault.end()
        return told

    def test_gives_each_node_another_one_and_then_has_all_links_made(self):
        told = self.play(SameAuthority)
        self.assertEqual({each for each in told if each.startswith("certif")},
                         {f"certificate {name}" for name in NODES})
        self.assertEqual(told[-3:], [f"break {name}" for name in NODES])

    def test_to_another_authority_has_three_rounds(self):
        told = self.play(AnotherAuthority)
        reloads = {f"reload {name}" for name in NODES}
        both, other = told.index("both"), told.index("the other one")
        between = [told.index(f"certificate {name}") for name in NODES]
        self.assertLessEqual(reloads, set(told[both:min(between)]))
        self.assertLess(max(between), other)
        self.assertLessEqual(reloads, set(told[other:]))
        self.assertEqual(told[-3:], [f"break {name}" for name in NODES])

    def test_is_as_the_seed_says(self):
        once = self.play(SameAuthority, 3)
        self.assertEqual(self.play(SameAuthority, 3), once)
        self.assertNotEqual(self.play(SameAuthority, 4), once)


if __name__ == "__main__":
    unittest.main()
