#!/usr/bin/env python3
"""A real node gives rude senders what documents say, and hostile ones nothing."""

import collections
import sys
import unittest

import scripted_node  # says where modules are

from senders import attacks, hostile, message, rude
from staging.programs import Node, Server
from staging.stage import HERE, NODE, Stage, await_true

if not NODE.exists():
    print(f"skipped: there is no {NODE.name}; a build has it")
    sys.exit(77)

KNOWS_IDS = "delivery_id_header: X-Delivery-Id"
STRICT = "expected_payload_schema: {type: object, required: [text]}"
ENDPOINTS = {  # name → acknowledgement, and more keys
    "completed": ("completed", KNOWS_IDS),
    "received": ("received", KNOWS_IDS),
    "replicated": ("replicated", KNOWS_IDS, "too_few_copies: complete"),
    "ordered": ("completed", f"ordering_key: {{header: {message.KEY}}}"),
    "batched": ("completed", "server: batches"),
    "strict": ("completed", KNOWS_IDS, STRICT),
}
RATE = 40
# What takes longer than a test may: a node waits 10 to 30 s for who is late.
LATE = {"stalling", "dripping"}
RUDE = {"retrying", "repeating", "at-once", "forged", "after-forged",
        "leaving-head", "leaving-half", "leaving-all", "returning",
        "half-closing", "slow", "pipelining", "keeping", "expecting"}
HOSTILE = {*hostile.ATTACKS, *hostile.NO_ATTACKS} - LATE


def settings(stage, server):
    endpoints = []
    for name, (ack, *more) in ENDPOINTS.items():
        lines = [f"id: {name}", f"path: /{name}", f"ack: {ack}", *more,
                 'signature: {scheme: hmac, secret: "${WEBHOOK_SECRET}"}']
        endpoints.append("  - " + "\n    ".join(lines))
    return f"""
node_name: node-a
servers:
  default: {{url: {server.url}, request_timeout: 60s}}
  batches: {{url: {server.url}, request_timeout: 60s, batch: {{max_events: 32}}}}
dead_letters: [{{name: disk, type: file, path: {stage.folder}/letters}}]
cluster: {{name: c, listen: "127.0.0.1:{stage.port()}", tls: off}}
endpoints:
""" + "\n".join(endpoints) + "\n"


class ARealNode(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage(0, 0))
        self.server = Server(self.stage)
        self.node = Node(self.stage, settings(self.stage, self.server),
                         log="off")
        self.node.place = HERE

    def play(self, sender, kinds):
        """Until all kinds of messages were there; their lines."""
        def missing():
            return kinds - {line.kind for line in sender.lines()}

        await_true("messages of all kinds", lambda: not missing(), 120, 0.2)
        sender.stop()
        await_true("the node to be empty", lambda: not self.node.in_flight())
        return sender.lines()

    def tearDown(self):
        self.assertTrue(self.node.runs())
        metrics = self.node.metrics()
        self.assertEqual(
            metrics.sum("mfo_events_received_total"),
            metrics.sum("mfo_events_delivered_total") +
            metrics.sum("mfo_events_refused_total"))
        self.assertEqual(self.node.stop(), 0)

    def test_serves_rude_senders(self):
        self.server.fault(
            '{"path": "/api", "latency_ms": {"min": 0, "max": 300}}')
        lines = self.play(rude.Rude(self.stage, self.node, 1, RATE), RUDE)
        self.assertEqual(list(rude.surprising(lines))[:5], [])
        self.assertEqual(rude.taken_twice(lines), {})
        ids = collections.Counter(self.server.ids())
        self.assertEqual([line for line in lines if line.accepted and
                          line.event not in ids][:5], [])
        self.assertEqual([each for each in ids if ids[each] > 1][:5], [])
        at_once = collections.defaultdict(list)
        for line in lines:
            if line.kind == "at-once":
                at_once[line.own].append(line.status)
        self.assertIn([202, 409], [sorted(each) for each in at_once.values()])

    def test_lets_no_hostile_sender_in(self):
        lines = self.play(hostile.Hostile(self.stage, self.node, 1, RATE),
                          HOSTILE)
        self.assertEqual(list(hostile.surprising(lines))[:5], [])
        self.assertEqual(self.server.ids(), [])
        # All that can be answered at once is.
        answered = {line.kind for line in lines if line.status}
        self.assertLessEqual(set(attacks.ATTACKS), answered)


if __name__ == "__main__":
    unittest.main()
