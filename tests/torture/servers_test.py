#!/usr/bin/env python3
"""Each fault of a server does to a request what it says, and is over when it has
ended; and a seed says all of it."""

import http.client
import json
import random
import types
import unittest
import urllib.request

import field

from faults import names, servers, sinks
from staging.programs import Server
from staging.stage import Stage, await_true

EVENT = {"id": "one"}
ADDRESS = "127.0.0.1"  # where a dev-server rather is


class Fails(Exception):
    """No whole answer came."""


def post(server, timeout=5):
    """(status, headers) of the answer to an event."""
    request = urllib.request.Request(
        f"{server.url}/api/events", data=json.dumps(EVENT).encode(),
        headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            json.loads(answer.read())
            return answer.status, answer.headers
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Fails from error


def outcomes(server, count=60, timeout=5):
    """Of so many events: the status, or 0."""
    found = []
    for _ in range(count):
        try:
            found.append(post(server, timeout)[0])
        except Fails:
            found.append(0)
    return found


class OfServers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(rate=0, payload=0))
        cls.servers = [Server(cls.stage, name) for name in ("server", "server-2")]
        cls.world = types.SimpleNamespace(servers=cls.servers)

    def begin(self, kind, *words):
        fault = field.fault(kind, self.world, *words)
        fault.begin()
        self.addCleanup(self.check_whole)
        self.addCleanup(fault.end)
        return fault

    def check_whole(self):
        for server in self.servers:
            self.assertEqual(outcomes(server, 3), [202] * 3)

    @property
    def first(self):
        return self.servers[0]


class AFault(OfServers):
    def test_is_of_the_first_server(self):
        self.begin(servers.Down, "the first server")
        self.assertEqual(outcomes(self.first, 1), [0])
        self.assertEqual(outcomes(self.servers[1], 1), [202])

    def test_is_of_all_servers(self):
        self.begin(servers.Down, "all servers")
        self.assertEqual([outcomes(each, 1) for each in self.servers],
                         [[0], [0]])

    def test_lets_a_server_be_down_now_and_again(self):
        down = self.begin(servers.Down, ": 0.", ", 0.")
        for what, outcome in (("up", 202), ("down", 0), ("up", 202)):
            await_true(f"it to be {what}", lambda: down.beat() or
                       outcomes(self.first, 1) == [outcome])

    def test_makes_a_server_slow(self):
        slow = self.begin(servers.Slow)
        least = slow.plan["latency_ms"]["min"]
        self.assertEqual(outcomes(self.first, 1, timeout=least / 1000 / 2), [0])
        self.assertEqual(outcomes(self.first, 1, timeout=10), [202])

    def test_has_a_server_ask_for_patience(self):
        asks = self.begin(servers.TooManyRequests)
        status, headers = post(self.first)
        self.assertEqual((status, headers["Retry-After"]),
                         (429, str(asks.plan["retry_after"])))

    def test_has_a_server_fail_in_bursts(self):
        bursts = self.begin(servers.FailureBursts, " 3 × ")
        length = len(bursts.plan["statuses"])
        for _ in range(2):
            self.assertEqual(outcomes(self.first, length),
                             bursts.plan["statuses"])
            self.assertEqual(outcomes(self.first, 1), [202])
            await_true("the next burst", lambda: bursts.beat() or
                       outcomes(self.first, 1) != [202])
            bursts.begin()

    def test_has_a_server_refuse_a_part_of_the_events(self):
        refuses = self.begin(servers.Refuses)
        statuses = outcomes(self.first)
        self.assertEqual(statuses[:51], refuses.plan["statuses"])
        self.assertLessEqual({400, 202}, set(statuses))
        self.assertLessEqual(set(statuses), {400, 422, 202})

    def check_count(self, kind, *words, timeout=5):
        """So many fail, and no more."""
        count = self.begin(kind, *words).plan["count"]
        self.assertEqual(outcomes(self.first, count, timeout), [0] * count)
        self.assertEqual(outcomes(self.first, 3), [202] * 3)
        self.doCleanups()  # so that it ends before the next one

    def test_has_a_server_reset_connections(self):
        for how in ("on_accept", "before_reply"):
            with self.subTest(how):
                self.check_count(servers.Resets, how, "count 2,")

    def test_has_a_server_cut_answers_short(self):
        for how in ("mid_body", "after_headers"):
            with self.subTest(how):
                self.check_count(servers.AnswersCutShort, how, "count 2,")

    def test_has_a_server_be_wrong_about_lengths(self):
        for error in (10, -10):
            with self.subTest(error):
                self.check_count(servers.WrongLengths, f"length {error},",
                                 "count 2,", timeout=1)

    def test_has_a_server_say_nothing(self):
        self.check_count(servers.Silent, "count 1,", timeout=1)


class ASeed(unittest.TestCase):
    ALL = [*servers.ALL, *sinks.ALL, *names.ALL]

    def setUp(self):
        nodes = [types.SimpleNamespace(name=f"node-{each}") for each in "abcd"]
        self.world = types.SimpleNamespace(
            nodes=nodes, servers=["first", "second"],
            network=types.SimpleNamespace(address=lambda name: name))

    def told(self, kind, seed):
        return str(kind(self.world, random.Random(seed)))

    def test_says_all_of_a_fault(self):
        for kind in self.ALL:
            for seed in range(20):
                self.assertEqual(self.told(kind, seed), self.told(kind, seed))

    def test_gives_faults_of_many_kinds(self):
        for kind in servers.ALL:
            self.assertGreater(
                len({self.told(kind, seed) for seed in range(20)}), 5, kind.name)

    def test_leaves_no_two_kinds_with_one_name(self):
        self.assertEqual(len({kind.name for kind in self.ALL}), len(self.ALL))

    def test_says_who_suffers(self):
        for kind in self.ALL:
            self.assertTrue(kind(self.world, random.Random(1)).victims())


if __name__ == "__main__":
    unittest.main(verbosity=2)
