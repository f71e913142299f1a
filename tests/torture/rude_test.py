#!/usr/bin/env python3
"""Rude senders do what their names say, and write down what they were told."""

import asyncio
import os
import random
import signal
import time
import types
import unittest
from unittest import mock

from scripted_node import (OWN, ScriptedNode, SenderTest, answer, event,
                           well)

from senders import message, process, rude
from senders.process import Line
from senders.rude import surprising, taken_twice
from staging.stage import HERE, Stage, await_true

ID = "an-id"
CLOSED = 1  # a port where nobody listens


def line(kind="retrying", status=202, own="rude-1-1", endpoint="completed",
         event_id=None):
    known = own != "-" and endpoint in message.KNOW_IDS
    return Line(kind, own, event_id or (
        message.event_id_of(endpoint, own) if known else ID), status, 1,
        endpoint=endpoint)


class Senders(SenderTest):
    async def play(self, kind, *script, seed=1, at_once=b"", **bounds):
        """One message of this kind, with a node by script; bounds of the
        program are other ones for so long."""
        bounds = {"PATIENCE": (30.0,), **bounds}
        async with ScriptedNode(*script, at_once=at_once) as node:
            program = self.program(rude, node.port)
            with mock.patch.multiple(rude, **bounds):
                await getattr(program, kind)(1, random.Random(seed))
            return node

    async def test_come_again_until_they_know(self):
        node = await self.play("retrying", event(503), None, event(409),
                               event(202))
        self.assertEqual(len(node.requests), 4)
        self.assertEqual(len({OWN.search(each)[1] for each in node.requests}), 1)
        [told] = self.lines()
        self.assertEqual((told.own, told.event, told.status, told.tries),
                         ("rude-1-1", ID, 202, 4))
        self.assertLessEqual(told.first, told.last)

    async def test_do_not_come_again_with_what_is_refused(self):
        for status in (200, 202, 400, 401, 413, 422):
            node = await self.play("retrying", event(status))
            self.assertEqual(len(node.requests), 1, status)

    async def test_give_up_in_the_end(self):
        await self.play("retrying", event(503), TRIES=3)
        await self.play("retrying", event(503), GIVE_UP=0.001)
        self.assertEqual([(each.status, each.tries) for each in self.lines()],
                         [(503, 3), (503, 1)])

    async def test_wait_for_as_long_as_they_are_told_and_not_for_ever(self):
        told = types.SimpleNamespace
        for seconds, expected in ((3, 3), (3600, rude.LONGEST_WAIT)):
            self.assertEqual(rude._wait_before(
                1, told(retry_after=seconds), random.Random(1)), expected)

    async def test_write_down_that_nobody_was_there(self):
        program = self.program(rude, CLOSED)
        with mock.patch.multiple(rude, TRIES=1):
            await program.retrying(1, random.Random(1))
        [told] = self.lines()
        self.assertEqual((told.event, told.status, told.tries), ("-", 0, 1))

    async def test_forget_what_an_earlier_try_was_told(self):
        await self.play("retrying", event(503), None, TRIES=2)
        self.assertEqual(self.statuses("retrying"), [message.NONE])

    async def test_repeat_what_was_taken(self):
        node = await self.play("repeating", event(202), event(200))
        self.assertEqual(node.requests[0], node.requests[1])
        self.assertEqual(self.statuses("repeating"), [200])

    async def test_know_what_was_forged_before(self):
        node = await self.play("after_forged", event(401), event(202))
        forged, good = node.requests
        self.assertEqual(OWN.search(forged)[1], OWN.search(good)[1])
        self.assertNotEqual(forged, good)
        self.assertEqual(
            [(each.kind, each.status) for each in self.lines()],
            [("forged", 401), ("after-forged", 202)])

    async def test_say_the_same_twice_at_once(self):
        node = await self.play("at_once", event(202), event(409))
        self.assertEqual(node.most_open, 2)
        self.assertEqual(node.requests[0], node.requests[1])
        self.assertEqual(sorted(self.statuses("at-once")), [202, 409])

    async def test_leave_before_they_are_answered(self):
        whole = cut = 0
        for seed in range(12):
            node = await self.play("leaving", well, seed=seed)
            whole += len(node.requests)
            cut += len(node.beginnings)
        self.assertGreater(whole, 0)
        self.assertGreater(cut, 0)
        kinds = {each.kind for each in self.lines()}
        self.assertLessEqual({"leaving-head", "leaving-half", "leaving-all"},
                             kinds)
        self.assertFalse(any(each.status for each in self.lines()
                             if each.kind.startswith("leaving")))

    async def test_end_their_half_and_listen(self):
        await self.play("half_closing", well)
        self.assertEqual(self.statuses("half-closing"), [202])

    async def test_do_not_wait_for_answers(self):
        for seed in range(5):
            node = await self.play("pipelining", well, seed=seed)
            self.assertEqual(node.connections, 1)
        self.assertGreater(len(self.lines()), 9)
        self.assertEqual(set(self.statuses("pipelining")), {202})
        self.assertEqual(list(surprising(self.lines())), [])

    async def test_know_which_of_several_were_answered(self):
        await self.play("pipelining", well, None, seed=3)
        statuses = self.statuses("pipelining")
        self.assertGreater(len(statuses), 1)
        self.assertEqual(statuses[0], 202)
        self.assertEqual(set(statuses[1:]), {message.NONE})

    async def test_send_one_after_the_other_on_one_connection(self):
        node = await self.play("keeping", well)
        self.assertEqual(node.connections, 1)
        self.assertEqual(set(self.statuses("keeping")), {202})
        self.assertEqual(len(self.statuses("keeping")), len(node.requests))

    async def test_are_told_that_they_are_late(self):
        node = await self.play("stalling", well, at_once=answer(408))
        self.assertEqual(node.requests, [])
        self.assertEqual(self.statuses("stalling"), [408])

    async def test_are_not_late_when_all_ends(self):
        async with ScriptedNode(well) as node:
            program = self.program(rude, node.port)
            program._ending.set()
            await program.stalling(1, random.Random(1))
        self.assertEqual(self.statuses("stalling"), [message.NONE])

    async def test_are_slow(self):
        node = await self.play("slow", well, seed=2)
        self.assertEqual(len(node.requests), 1)
        self.assertEqual(self.statuses("slow"), [202])


class Programs(unittest.IsolatedAsyncioTestCase):
    """The same as processes, as a harness has them."""

    def setUp(self):
        self.stage = self.enterContext(Stage(0, 0))

    def start(self, port, seed=7):
        return rude.Rude(self.stage, types.SimpleNamespace(
            name="node-a", port=port, admin_port=0, place=HERE), seed, rate=50)

    async def test_end_when_they_are_told_though_nobody_answers(self):
        async with ScriptedNode(lambda request: b"") as node:
            sender = self.start(node.port)
            await asyncio.to_thread(await_true, "requests",
                                    lambda: len(node.requests) > 5)
            began = time.monotonic()
            await asyncio.to_thread(sender.stop)
            self.assertLess(time.monotonic() - began, process.LAST + 15)
        self.assertFalse(sender.running)
        # What was under way has its line.
        self.assertGreater(len(sender.lines()), 5)
        self.assertEqual({each.status for each in sender.lines()},
                         {message.NONE})

    async def test_lose_no_answer_when_they_are_killed(self):
        async with ScriptedNode(well) as node:
            sender = self.start(node.port)

            def taken():
                return [each for each in sender.lines() if each.accepted]

            await asyncio.to_thread(await_true, "answers",
                                    lambda: len(taken()) > 5)
            before = taken()
            os.kill(sender.pid, signal.SIGKILL)
            await asyncio.to_thread(await_true, "its end",
                                    lambda: not sender.running)
        self.assertEqual(taken()[:len(before)], before)
        self.assertEqual(list(surprising(sender.lines())), [])

    async def test_tell_when_they_failed(self):
        sender = self.start(-1)
        await asyncio.to_thread(await_true, "a failure", lambda: "Error" in (
            self.stage.folder / f"{sender.name}.log").read_text())
        with self.assertRaisesRegex(RuntimeError, sender.name):
            await asyncio.to_thread(sender.stop)

    async def test_have_ids_of_their_own(self):
        self.start(CLOSED)
        with self.assertRaises(FileExistsError):
            self.start(CLOSED)
        self.start(CLOSED, seed=8)


class WhatIsSurprising(unittest.TestCase):
    def whys(self, *members, **more):
        return [why for _, why in surprising([line(*members, **more)])]

    def test_is_nothing_that_is_documented(self):
        for status in (0, 200, 202, 409, 429, 502, 503, 504):
            self.assertEqual(self.whys(status=status), [], status)
        self.assertEqual(self.whys("slow", 408), [])
        self.assertEqual(self.whys("forged", 401), [])
        self.assertEqual(self.whys(own="-", endpoint="received"), [])

    def test_is_a_refusal_of_what_is_good(self):
        for status in (400, 401, 404, 408, 413, 415, 422, 500,
                       message.NO_HTTP):
            self.assertEqual(self.whys(status=status), ["its status"], status)

    def test_is_an_id_known_where_there_is_none(self):
        for status in (200, 409):
            self.assertEqual(
                self.whys(status=status, own="-", endpoint="received"),
                ["its status"])

    def test_is_that_a_forged_one_was_taken(self):
        self.assertEqual(self.whys("forged", 202), ["its status"])

    def test_is_another_event_or_none(self):
        self.assertEqual(self.whys(event_id="another"),
                         ["not the id of its event"])
        self.assertEqual(self.whys(event_id="-"), ["no id of the event"])


class Twice(unittest.TestCase):
    def test_is_what_was_taken_for_new_two_times(self):
        first, second = line(), line("at-once")
        self.assertEqual(taken_twice([first, line(own="2"), second]),
                         {"rude-1-1": [first, second]})

    def test_is_not_what_was_known_again(self):
        self.assertEqual(taken_twice([line(), line(status=200),
                                      line(status=409)]), {})

    def test_is_not_what_has_no_id(self):
        self.assertEqual(taken_twice([line(own="-"), line(own="-")]), {})


if __name__ == "__main__":
    unittest.main()
