"""It is found out whether a node takes events again, of each endpoint."""

import collections
import unittest
from unittest import mock

from scripted_node import (PATH, ScriptedNode, SenderTest, answer, message,
                           well)

from oracle import crowd
from senders import probe
from senders.process import Line
from world.configuration import ENDPOINTS

ALL = [each.id for each in ENDPOINTS]


class AProbe(SenderTest):
    async def asks(self, *script, taken=5.0):
        """The requests, by endpoint, of a probe that gives up after `taken`."""
        async with ScriptedNode(*script) as node:
            with (mock.patch.object(probe, "TAKEN", taken),
                  mock.patch.object(probe, "PAUSE", 0)):
                program = probe.Program(self.given(node.port))
                self.assertEqual(await program.run(), 0)
            return collections.Counter(PATH.match(each)[1].decode()
                                       for each in node.requests)

    async def test_asks_each_endpoint_once_that_takes_it(self):
        self.assertEqual(await self.asks(well), dict.fromkeys(ALL, 1))
        self.assertCountEqual([line.endpoint for line in self.lines()
                               if line.accepted], ALL)

    async def test_goes_on_until_one_is_taken(self):
        asked = await self.asks(*[answer(503)] * 10, None, well)
        self.assertEqual(asked.total(), 11 + len(ALL))
        self.assertEqual({line.endpoint for line in self.lines()
                          if line.accepted}, set(ALL))

    async def test_sends_another_event_each_time(self):
        async with ScriptedNode(*[answer(503)] * 6, well) as node:
            with mock.patch.object(probe, "PAUSE", 0):
                await probe.Program(self.given(node.port)).run()
            self.assertEqual(len(set(node.requests)), len(node.requests))

    async def test_signs_what_it_sends(self):
        async with ScriptedNode(well) as node:
            await probe.Program(self.given(node.port)).run()
            for request in node.requests:
                head, body = request.split(b"\r\n\r\n")
                self.assertIn(message.sign(body).encode(), head)

    async def test_ends_where_nothing_is_taken(self):
        await self.asks(answer(503), taken=0.05)
        self.assertFalse(any(line.accepted for line in self.lines()))
        self.assertEqual({line.endpoint for line in self.lines()}, set(ALL))


def line(endpoint, status=202, event="e1"):
    return Line("probe", "own", event, status, endpoint=endpoint)


class Probes(unittest.TestCase):
    def test_are_taken_and_at_the_server(self):
        its = [line(each, event=f"e-{each}") for each in ALL]
        there = {each.event for each in its}
        self.assertEqual(crowd.faults_of_probe("node-a", its, there), [])
        self.assertEqual(
            crowd.faults_of_probe("node-a", its, there - {"e-flow"}),
            ["e-flow: a probe of flow of node-a, and not at the server"])

    def test_that_are_not_taken_are_found(self):
        its = [line(each) for each in ALL if each != "flow"]
        self.assertEqual(
            crowd.faults_of_probe("node-a", [*its, line("flow", 503)], {"e1"}),
            ["flow of node-a takes no event when all is well: [503]"])
        self.assertEqual(len(crowd.faults_of_probe("node-a", its, {"e1"})), 1)

    def test_may_be_refused_before(self):
        its = [one for each in ALL
               for one in (line(each, 503, "-"), line(each))]
        self.assertEqual(crowd.faults_of_probe("node-a", its, {"e1"}), [])


if __name__ == "__main__":
    unittest.main()
