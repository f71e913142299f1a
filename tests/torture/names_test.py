#!/usr/bin/env python3
"""A process of the torture asks the torture's DNS server, and no other process
does."""

import pathlib
import subprocess
import sys
import time
import types
import unittest
import unittest.mock

import field
from world import names

field.need(names.why_not())

from faults import names as faults
from staging.stage import OTHER_CPU, Stage, await_true
from world.names import DnsServer

NAME, FIRST, SECOND = "mfo.test", "198.18.9.11", "198.18.9.12"
HOSTS = {"server": FIRST, "server-2": SECOND, "names": field.ADDRESS}

# Answers each name of its input with what getaddrinfo(3) says; or with a dash.
ASKS = """
import socket, sys
for name in sys.stdin:
    try:
        print(socket.getaddrinfo(name.strip(), 1)[0][4][0], flush=True)
    except OSError:
        print("-", flush=True)
"""

# Has a DNS server, says which process that is, and waits to be killed.
HAS_A_SERVER = f"""
import sys; sys.path[:0] = {sys.path!r}
import field, torture_path
from staging.stage import Stage
from world.names import DnsServer
with Stage(rate=0, payload=0) as stage:
    server = DnsServer(stage, field.ADDRESS, field.place(stage, "doomed"))
    print(stage.folder, server._process.pid, flush=True)
    sys.stdin.read()
"""


class ADnsServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(rate=0, payload=0))
        cls.place = field.place(cls.stage, "names")
        cls.server = DnsServer(cls.stage, field.ADDRESS, cls.place)
        cls.world = types.SimpleNamespace(
            names=cls.server, servers=[unittest.mock.Mock(["kill", "start"])],
            network=types.SimpleNamespace(address=HOSTS.get))

    def setUp(self):
        self.server.point(NAME, FIRST)

    def test_tells_what_a_name_means(self):
        self.assertEqual(self.server.lookup(NAME), FIRST)

    def test_knows_no_other(self):
        self.assertEqual(self.server.lookup("other.test"), "")

    def test_is_not_asked_by_others(self):
        with self.place:
            done = subprocess.run(["getent", "ahostsv4", NAME],
                                  capture_output=True)
        self.assertEqual(done.stdout, b"")

    def test_is_asked_anew_by_a_process_that_knew_another_answer(self):
        with self.place:
            asks = subprocess.Popen(
                [*self.server.wrap, sys.executable, "-c", ASKS],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def answer():
            asks.stdin.write(f"{NAME}\n")
            asks.stdin.flush()
            return asks.stdout.readline().strip()

        with asks:
            self.assertEqual(answer(), FIRST)
            self.server.point(NAME, SECOND)
            self.assertEqual(answer(), SECOND)
            self.server.tell({})
            self.assertEqual(answer(), "-")
            asks.stdin.close()

    def test_lets_a_process_be_the_one_that_was_started(self):
        process = self.stage.start("sleeper", *self.server.wrap, "sleep",
                                   "infinity", cpu=OTHER_CPU)
        await_true("the program to run", lambda: pathlib.Path(
            f"/proc/{process.pid}/comm").read_text() == "sleep\n")

    def test_answers_anew_when_it_was_killed(self):
        self.server.kill()
        self.assertFalse(self.server.runs())
        self.server.start()
        self.assertEqual(self.server.lookup(NAME), FIRST)


class Ending(unittest.TestCase):
    def test_comes_with_whoever_started_it_however_that_ends(self):
        with subprocess.Popen([sys.executable, "-B", "-c", HAS_A_SERVER],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as doomed:
            folder, pid = doomed.stdout.readline().split()
            self.addCleanup(subprocess.run, ["rm", "-r", folder], check=True)
            doomed.kill()
        await_true("the server to end",
                   lambda: not pathlib.Path(f"/proc/{pid}").exists())


class AFault(unittest.TestCase):
    """Of names; while it lasts, and afterwards."""

    setUpClass = classmethod(ADnsServer.setUpClass.__func__)
    setUp = ADnsServer.setUp

    def during(self, fault):
        fault.begin()
        try:
            return self.server.lookup(NAME)
        finally:
            fault.end()
            self.assertEqual(self.server.lookup(NAME), FIRST)

    def fault(self, kind, *words):
        return field.fault(kind, self.world, *words)

    def test_moves_the_server(self):
        self.assertEqual(self.during(self.fault(faults.ServerMoves)), SECOND)

    def test_moves_it_to_and_fro(self):
        moves = self.fault(faults.ServerMoves, "to and fro")
        moves.begin()
        seen = set()
        for _ in range(60):
            moves.beat()
            seen.add(self.server.table[NAME])
        moves.end()
        self.assertEqual(seen, {FIRST, SECOND})
        self.assertEqual(self.server.lookup(NAME), FIRST)

    def test_forgets_the_name(self):
        self.assertEqual(self.during(self.fault(faults.NamesForgotten)), "")

    def test_names_nobody(self):
        for address in (field.ADDRESS, faults.NOBODY):
            self.assertEqual(
                self.during(self.fault(faults.NamesOfNobody, address)), address)

    def test_has_everybody_ask_as_servers_start_anew(self):
        for kind in faults.ALL:
            self.world.servers[0].reset_mock()
            anew = self.fault(kind, "servers start anew")
            self.during(anew)
            self.assertEqual(self.world.servers[0].mock_calls,
                             [unittest.mock.call.kill(),
                              unittest.mock.call.start()])
            self.assertEqual(anew.victims(), {"names", "server"})
            self.assertTrue(anew.repeats)

    def test_leaves_who_asks_waiting(self):
        began = time.monotonic()
        self.assertEqual(
            self.during(self.fault(faults.NamesSilent, "stands still")), "")
        self.assertGreater(time.monotonic() - began, 1)

    def test_leaves_nobody_to_ask(self):
        self.assertEqual(
            self.during(self.fault(faults.NamesSilent, "killed")), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
