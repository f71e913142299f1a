#!/usr/bin/env python3
"""Senders go from node to node with one id, and the oracle knows what may come of
that."""

import contextlib
import random
import unittest
from unittest import mock

from scripted_node import OWN, ScriptedNode, SenderTest, event, message, well

from oracle import roaming as oracle
from senders import roaming
from senders.process import Line
from senders.steady import Way
from world.journal import Entry

CLOSED = 1  # a port where nobody listens


class Roaming(SenderTest):
    async def play(self, kind, *scripts, **bounds):
        """One message of this kind, with a node for each script; their requests."""
        async with contextlib.AsyncExitStack() as stack:
            nodes = [await stack.enter_async_context(ScriptedNode(*script))
                     for script in scripts]
            given = self.given(0)
            given.door = [roaming.Door(f"node-{number}", node.port)
                          for number, node in enumerate(nodes, 1)]
            await self.send(kind, given, **bounds)
            return [node.requests for node in nodes]

    async def send(self, kind, given, **bounds):
        async def go_on(seconds):
            return True

        program = roaming.Program(given)
        program.pause = go_on
        self.addCleanup(program.record.close)
        with mock.patch.multiple(roaming, PATIENCE=(30.0,), **bounds):
            await getattr(program, kind)(1, random.Random(1))

    async def test_ask_another_node_with_the_same_id(self):
        first, second = await self.play("seeking", [None, event(503), well],
                                        [event(409)])
        self.assertEqual(len({OWN.search(each)[1] for each in first + second}), 1)
        self.assertEqual(len(set(first + second)), 1, "byte for byte")
        asked = [line.kind for line in self.lines()]
        self.assertTrue(all(one != next_one
                            for one, next_one in zip(asked, asked[1:])), asked)
        self.assertEqual(self.lines()[-1].status, 202)

    async def test_end_when_they_know(self):
        for status in (200, 202, 422):
            asked = await self.play("seeking", [event(status)], [event(status)])
            self.assertEqual(sum(map(len, asked)), 1, status)

    async def test_come_back_to_hear_it_again(self):
        await self.play("returning", [well, event(200)], [well, event(200)])
        self.assertEqual([line.status // 100 for line in self.lines()], [2, 2])

    async def test_give_up_in_the_end(self):
        await self.play("seeking", [event(503)], [event(503)], GIVE_UP=0.05)
        self.assertEqual({line.status for line in self.lines()}, {503})

    async def test_write_down_that_nobody_was_there(self):
        given = self.given(0)
        given.door = [roaming.Door("node-1", CLOSED)]
        await self.send("seeking", given, GIVE_UP=-1)
        [line] = self.lines()
        self.assertEqual((line.kind, line.status), ("node-1", message.NONE))

    def test_know_a_door_by_its_text(self):
        door = roaming.Door("node-a", 8088, "/proc/1/ns/net")
        self.assertEqual(roaming.Door.of(str(door)), door)


def line(node, status, at, endpoint="received", own="1"):
    return Line(node, own, message.event_id_of(endpoint, own), status, 1, at,
                at + 5, endpoint)


ID = message.event_id_of("received", "1")


class WhatTheyWereTold(unittest.TestCase):
    def node_of(self, *lines):
        [(way, [answer])] = oracle.answers_of(lines).items()
        self.assertEqual((way.endpoint, way.promise, answer.id),
                         ("received", "received", ID))
        return way.node, answer.status, round(answer.came)

    def test_is_the_word_of_the_last_that_took_it(self):
        self.assertEqual(self.node_of(
            line("a", 202, 1), line("b", 202, 20), line("c", 200, 40)),
            ("b", 202, 25))

    def test_is_of_who_may_have_it_where_another_knows_it(self):
        self.assertEqual(self.node_of(line("a", 0, 1), line("b", 200, 20)),
                         ("a", 200, 6))
        self.assertEqual(self.node_of(line("b", 0, 1), line("a", 503, 10),
                                      line("b", 200, 20)), ("b", 200, 25))

    def test_is_the_last_where_nobody_took_it(self):
        self.assertEqual(self.node_of(line("a", 503, 1), line("b", 409, 20)),
                         ("b", 409, 25))

    def test_is_of_one_event_each(self):
        found = oracle.answers_of([line("a", 202, 1), line("a", 202, 2, own="2"),
                                   line("a", 202, 3, "completed")])
        self.assertEqual({way: len(its) for way, its in found.items()}, {
            Way("a", "received", "received"): 2,
            Way("a", "completed", "completed"): 1})


class AnEventThatIsNowhere(unittest.TestCase):
    def faults(self, *lines, there=(), entries=(), repeats=True):
        return oracle.faults_of(lines, set(there), entries, repeats)

    def test_is_known_to_nobody_who_had_not_been_asked(self):
        its = line("a", 0, 1), line("b", 200, 20)
        self.assertEqual(len(self.faults(*its)), 1)
        self.assertEqual(self.faults(*its, there=[ID]), [])

    def test_may_be_known_to_who_may_have_taken_it(self):
        self.assertEqual(self.faults(line("a", 0, 1), line("a", 200, 20)), [])

    def test_may_have_been_handed_to_one_that_was_killed(self):
        its = line("a", 0, 1), line("b", 200, 20)
        ended, killed = Entry(1, "ended", "a"), Entry(2, "killed", "b")
        self.assertEqual(self.faults(*its, entries=[ended, killed]), [])
        self.assertEqual(len(self.faults(*its, entries=[killed])), 1)

    def test_may_be_known_where_others_held_it(self):
        self.assertEqual(self.faults(line("a", 0, 1, "replicated"),
                                     line("b", 200, 20, "replicated")), [])


class Answers(unittest.TestCase):
    def test_take_an_event_once_without_a_cause(self):
        its = line("a", 202, 1), line("b", 202, 20)
        self.assertEqual(oracle.faults_of(its, {ID}, [], True), [])
        [found] = oracle.faults_of(its, {ID}, [], False)
        self.assertIn("['a', 'b']", found)

    def test_are_such_as_the_documents_have(self):
        for status in (200, 202, 409, 429, 503, 504, 0):
            self.assertEqual(
                oracle.faults_of([line("a", status, 1)], {ID}, [], False), [])
        self.assertEqual(
            len(oracle.faults_of([line("a", 401, 1)], {ID}, [], False)), 1)


if __name__ == "__main__":
    unittest.main()
