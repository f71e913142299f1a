#!/usr/bin/env python3
"""Hosts reach each other over torture-wire, unless it is told to do harm; then
that is what happens, and nothing else."""

import hashlib
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "bench"), str(ROOT / "torture")]

from staging.stage import Stage, await_true
from world import network

SO_RCVBUFFORCE = 33  # of asm-generic/socket.h
PORT = 7000
HOSTS = ("a", "b", "c")
SEED = 7
SECONDS = 20  # for what happens at once
MEGABYTES = 10


class WireTest(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage(rate=0, payload=0))
        self.network = network.Network(self.stage, HOSTS, SEED)

    def socket(self, host, kind=socket.SOCK_DGRAM, where=None):
        with (where or self.network).place(host):
            made = self.enterContext(socket.socket(socket.AF_INET, kind))
        made.settimeout(SECONDS)
        return made

    def receiver(self, host, where=None):
        made = self.socket(host, where=where)
        # For a thousand at once.
        made.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        made.bind((self.network.address(host), PORT))
        return made

    def send(self, origin, to, *texts, where=None):
        sender = self.socket(origin, where=where)
        for text in texts:
            sender.sendto(text, (self.network.address(to), PORT))

    def count(self, what, origin, to, where=None):
        for link in (where or self.network).stats():
            if (link["from"], link["to"]) == (origin, to):
                return link[what]
        raise KeyError(f"{origin} → {to}")

    def await_count(self, count, *words, **where):
        await_true(f"{count} packets {words}",
                   lambda: self.count(*words, **where) >= count, SECONDS)
        self.assertEqual(self.count(*words, **where), count)

    def assert_silent(self, receiver):
        receiver.setblocking(False)
        with self.assertRaises(BlockingIOError):
            receiver.recv(1)
        receiver.settimeout(SECONDS)

    def connection(self, origin, to):
        """Both ends, of TCP."""
        door = self.socket(to, socket.SOCK_STREAM)
        door.bind((self.network.address(to), PORT))
        door.listen()
        one = self.socket(origin, socket.SOCK_STREAM)
        one.connect(door.getsockname())
        other, _ = door.accept()
        other.settimeout(SECONDS)
        return one, self.enterContext(other)


class Delivery(WireTest):
    def test_a_question_and_its_answer_arrive(self):
        asked, asker = self.receiver("b"), self.socket("a")
        asker.sendto(b"who?", (self.network.address("b"), PORT))
        question, whence = asked.recvfrom(100)
        self.assertEqual((question, whence[0]),
                         (b"who?", self.network.address("a")))
        asked.sendto(b"me", whence)
        self.assertEqual(asker.recv(100), b"me")

    def test_what_is_larger_than_a_packet_arrives_whole(self):
        receiver, text = self.receiver("b"), random.Random(1).randbytes(20_000)
        self.send("a", "b", text)
        self.assertEqual(receiver.recv(65_536), text)
        # 1480 bytes each, and the header of UDP.
        self.await_count(14, "forwarded", "a", "b")

    def test_it_is_gone_when_nobody_tells_it_anything_any_more(self):
        self.network.wire.stdin.close()
        self.assertEqual(self.network.wire.wait(SECONDS), 0)
        with self.network.place("a"):
            left = subprocess.run(["ip", "link", "show", "wire"],
                                  capture_output=True, text=True)
        self.assertIn("does not exist", left.stderr)

    def test_what_it_does_not_understand_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "no link from a to d"):
            self.network.cut("a", "d")
        with self.assertRaisesRegex(RuntimeError, "a loss is from 0 to 1"):
            self.network.rule("a", "b", loss=1.5)


class Harm(WireTest):
    def test_a_cut_is_in_one_direction_between_two_hosts(self):
        at_a, at_b, at_c = map(self.receiver, HOSTS)
        self.network.cut("a", "b")
        self.send("a", "b", b"to b")
        self.send("b", "a", b"to a")
        self.send("a", "c", b"to c")
        self.assertEqual(at_a.recv(100), b"to a")
        self.assertEqual(at_c.recv(100), b"to c")
        self.await_count(1, "cut", "a", "b")
        self.assert_silent(at_b)

    def test_all_is_lost_or_a_part_the_same_with_the_same_seed(self):
        self.network.rule("a", "b", loss=1.0)
        receiver = self.receiver("b")
        self.send("a", "b", *[b"all"] * 100)
        self.await_count(100, "lost", "a", "b")
        self.assert_silent(receiver)
        came = [self.survivors(network.Network(self.stage, HOSTS, seed))
                for seed in (SEED, SEED, SEED + 1)]
        self.assertEqual(came[0], came[1])
        self.assertNotEqual(came[0], came[2])
        self.assertTrue(400 < len(came[0]) < 600, len(came[0]))

    def survivors(self, where):
        """Of a thousand, of which half are lost."""
        where.rule("a", "b", loss=0.5)
        receiver = self.receiver("b", where)
        self.send("a", "b", *(b"%d" % i for i in range(1000)), where=where)
        await_true("all of them", lambda: self.count(
            "lost", "a", "b", where) + self.count(
                "forwarded", "a", "b", where) == 1000)
        self.assertEqual(self.count("overflow", "a", "b", where), 0)
        return [receiver.recv(100) for _ in
                range(self.count("forwarded", "a", "b", where))]

    def test_a_delay_is_within_its_bounds_and_keeps_the_order(self):
        self.network.rule("a", "b", delay=(100, 300))
        receiver, count = self.receiver("b"), 20
        for number in range(count):
            self.send("a", "b", b"%d %d" % (number, time.monotonic_ns()))
        came = []
        for _ in range(count):
            number, sent = receiver.recv(100).split()
            came.append(int(number))
            took = (time.monotonic_ns() - int(sent)) / 1e6
            self.assertGreaterEqual(took, 100)
            self.assertLess(took, 300 + 2000)  # where others use the machine
        self.assertEqual(came, list(range(count)))

    def test_tcp_brings_all_of_it_where_packets_are_lost(self):
        for link in (("a", "b"), ("b", "a")):
            self.network.rule(*link, loss=0.05)
        one, other = self.connection("a", "b")
        text = random.Random(SEED).randbytes(MEGABYTES << 20)

        def send():
            with one:
                one.sendall(text)

        sender = threading.Thread(target=send)
        sender.start()
        came = hashlib.sha256()
        while piece := other.recv(1 << 16):
            came.update(piece)
        sender.join()
        self.assertEqual(came.digest(), hashlib.sha256(text).digest())
        self.assertGreater(self.count("lost", "a", "b"), 0)

    def test_it_heals_all_at_once(self):
        one, other = self.connection("a", "b")
        self.network.cut("b", "a")
        self.network.rule("a", "b", loss=1.0)
        one.sendall(b"late")
        await_true("a loss", lambda: self.count("lost", "a", "b"), SECONDS)
        self.network.heal()
        # The connection is still what it was.
        self.assertEqual(other.recv(100), b"late")
        other.sendall(b"but there")
        self.assertEqual(one.recv(100), b"but there")


if __name__ == "__main__":
    if why := network.why_not():
        print(f"skipped: {why}")
        sys.exit(77)
    unittest.main()
