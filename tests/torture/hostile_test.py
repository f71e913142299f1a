#!/usr/bin/env python3
"""Hostile senders send nothing that may be taken, within bounds, and know when
something was."""

import asyncio
import contextlib
import random
import unittest
from unittest import mock

from scripted_node import SIGNATURE, ScriptedNode, SenderTest, answer, well

from senders import admin_attacks, attacks, hostile, message
from senders.attacks import Mark
from senders.hostile import surprising
from senders.process import Line

TIMES = 25  # of each attack, by another chance each
HEAD_END = b"\r\n\r\n"


def made(name, seed):
    """The attack of this chance."""
    return attacks.ATTACKS[name][0](Mark(f"1-{seed}"), random.Random(seed))


def all_made():
    """Name and attack."""
    for name in attacks.ATTACKS:
        for seed in range(TIMES):
            yield name, made(name, seed)


def line(kind, status=401, own="hostile-1-1", event="-"):
    return Line(kind, own, event, status, 1, endpoint="completed")


class Attacks(unittest.TestCase):
    def test_bear_their_mark(self):
        unmarked = {"endless-head", "garbage", "preface", "tls-hello"}
        for name, attack in all_made():
            if name not in unmarked and name not in ("bomb", "broken-gzip"):
                self.assertIn(b"hostile", attack.data, name)

    def test_are_the_same_by_the_same_chance(self):
        for name in set(attacks.ATTACKS) - {"tls-hello"}:  # it has its own
            self.assertEqual(made(name, 3), made(name, 3), name)

    def test_are_not_signed_well_where_that_is_all_that_is_wrong(self):
        for name in ("no-signature", "other-secret", "other-body", "damaged",
                     "changed-body", "two-signatures"):
            for seed in range(TIMES):
                head, body = made(name, seed).data.split(HEAD_END, 1)
                told = SIGNATURE.findall(head)
                if name == "two-signatures":
                    self.assertEqual(len(told), 2)
                else:
                    self.assertNotEqual([message.sign(body).encode()], told,
                                        name)

    def test_are_signed_well_where_something_else_is_wrong(self):
        for name in ("broken-json", "deep-json", "schema", "bomb",
                     "broken-gzip", "coding", "cloud-event", "type", "two-ids",
                     "expectation", "method", "path"):
            for seed in range(TIMES):
                head, body = made(name, seed).data.split(HEAD_END, 1)
                self.assertEqual(SIGNATURE.findall(head),
                                 [message.sign(body).encode()], name)

    def test_hide_what_would_be_taken(self):
        for name in ("lengths", "line", "first-line", "chunk"):
            for seed in range(TIMES):
                good = Mark(f"1-{seed}").genuine()
                data = made(name, seed).data
                self.assertTrue(data.endswith(good), name)
                self.assertNotEqual(data, good)

    def test_are_of_a_bounded_size(self):
        for name, attack in all_made():
            self.assertLess(len(attack.data), 2 << 20, name)

    def test_of_operators_would_do_no_harm(self):
        harmless = {"/api/v1/reload", "/api/v1/dead-letters/replay"}
        for name, (make, _, _) in admin_attacks.ATTACKS.items():
            for seed in range(TIMES):
                attack = make(Mark("1-1"), random.Random(seed))
                self.assertEqual(attack.endpoint, "admin")
                first = attack.data.split(b"\r\n", 1)[0].decode("latin-1")
                method, _, target = first.partition(" ")
                if method == "POST" and target.startswith("/api/"):
                    self.assertIn(target.split(" ")[0], harmless, name)


class Senders(SenderTest):
    @contextlib.asynccontextmanager
    async def beside(self, *script, **more):
        """A node, and a program of senders."""
        async with ScriptedNode(*script, **more) as node:
            yield node, self.program(hostile, node.port)

    async def strike(self, name, *script):
        """By this attack alone; the node."""
        with (mock.patch.object(attacks, "ATTACKS",
                                {name: attacks.ATTACKS[name]}),
              mock.patch.object(hostile, "PATIENCE", 30.0)):
            async with self.beside(*script) as (node, program):
                await program.strike(1, random.Random(1))
                return node

    async def test_write_down_what_they_were_told(self):
        await self.strike("other-secret", answer(401, b'{"event_id":"7"}'))
        [told] = self.lines()
        self.assertEqual((told.kind, told.own, told.event, told.status),
                         ("other-secret", "hostile-1-1", "7", 401))
        self.assertEqual(list(surprising([told])), [])

    async def test_see_that_they_were_let_in(self):
        await self.strike("other-secret", well)
        self.assertEqual([why for _, why in surprising(self.lines())],
                         ["its status"])

    async def test_see_that_one_was_found_in_another(self):
        with mock.patch.object(hostile, "MORE_WITHIN", 5):
            await self.strike("two-ids", answer(400) + answer(202), None)
        self.assertEqual([(each.kind, each.status) for each in self.lines()],
                         [("two-ids", 400), ("two-ids.more", 202)])
        self.assertEqual([each.kind for each, _ in surprising(self.lines())],
                         ["two-ids.more"])

    async def test_are_content_when_they_are_turned_away(self):
        await self.strike("other-secret", None)
        self.assertEqual(list(surprising(self.lines())), [])

    async def test_cut_what_would_be_good(self):
        for number in range(30):
            async with self.beside(well) as (node, program):
                await program.cut(number, random.Random(number))
                self.assertEqual(node.requests, [])
        self.assertEqual(len(self.lines()), 30)

    async def test_drip_until_they_are_answered(self):
        async with self.beside(well, at_once=answer(408)) as (node, program):
            await program.dripping(1, random.Random(1))
            self.assertEqual(node.requests, [])
        self.assertEqual(self.statuses("dripping"), [408])

    async def test_flood_within_bounds(self):
        async with self.beside(well) as (node, program):
            over = asyncio.Event()
            program.pause = lambda seconds: over.wait()
            with mock.patch.object(hostile, "OPEN", 50):
                floods = asyncio.gather(*(
                    program.flood(number, random.Random(number))
                    for number in range(4)))
                async with asyncio.timeout(60):
                    while node.open < 50:
                        await asyncio.sleep(0)
                over.set()
                await floods
            self.assertEqual(node.most_open, 50)
            self.assertEqual(node.requests, [])
        self.assertEqual(sum(each.tries for each in self.lines()), 50)

    async def test_come_from_addresses_of_their_own(self):
        self.assertRegex(hostile.Program._address(random.Random(1)),
                         r"^127\.66\.")

    async def test_leave_operators_in_peace_where_there_are_none(self):
        program = self.program(hostile, 1)
        self.assertFalse(any(name.startswith("admin")
                             for name in program._attacks))


class WhatIsSurprising(unittest.TestCase):
    def test_is_no_attack_that_was_refused(self):
        for name, (_, _, expected) in hostile.ATTACKS.items():
            for status in {*expected, 0, 408, 429, 503}:
                self.assertEqual(list(surprising([line(name, status)])), [],
                                 (name, status))

    def test_is_whatever_was_taken(self):
        for name in (*hostile.ATTACKS, *hostile.NO_ATTACKS, "lengths.more"):
            for status in (200, 202, 500, 502, message.NO_HTTP):
                self.assertEqual(len(list(surprising([line(name, status)]))),
                                 1, (name, status))


class Events(unittest.TestCase):
    def test_that_may_not_be_are_known_by_answers_and_by_ids(self):
        ids = hostile.events_of([line("path", event="told"),
                                 line("cut", own="hostile-1-2")])
        self.assertIn("told", ids)
        self.assertIn(message.event_id_of("completed", "hostile-1-2"), ids)
        self.assertIn(message.event_id_of("strict", "hostile-1-2"), ids)
        self.assertNotIn("-", ids)

    def test_are_known_by_their_mark(self):
        self.assertTrue(hostile.is_marked(Mark("1").body()))
        self.assertFalse(hostile.is_marked(b'{"rude":"1"}'))


if __name__ == "__main__":
    unittest.main()
