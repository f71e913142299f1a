#!/usr/bin/env python3
"""Letters are found again wherever they were put, whatever was killed since."""

import errno
import hashlib
import hmac
import json
import os
import pathlib
import types
import unittest
import unittest.mock
import urllib.request

import field
from world import sinks

field.need(sinks.why_not())

from faults import sinks as faults
from staging.programs import Node, Server
from staging.stage import SECRET, Stage, await_true
from world.sinks import DISK, QUEUE, RABBITMQ, REDIS, Disk, RabbitMq, Redis, Sinks

NODE = "node-a"
# A letter that does not fit into what is left of a page.
TEXT = "x" * 8192

SETTINGS = """
servers:
  default: {{url: {url}}}
endpoints:
  - id: hook
    path: /hook
    ack: received
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
{letters}"""


class Staged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = cls.enterClassContext(Stage(rate=0, payload=0))


class ADisk(Staged):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.disk = Disk(cls.stage, "of-a-test", mebibytes=1)
        cls.addClassCleanup(cls.disk.remove)
        cls.disk.folder.mkdir()

    def setUp(self):
        self.addCleanup(self.disk.free)

    def write(self):
        (self.disk.folder / self.id()).write_text(TEXT)

    def test_has_room(self):
        self.write()

    def test_has_none_when_it_was_filled(self):
        self.disk.fill()
        with self.assertRaises(OSError) as failed:
            self.write()
        self.assertEqual(failed.exception.errno, errno.ENOSPC)

    def test_has_room_again_when_it_was_freed(self):
        self.disk.fill()
        self.disk.free()
        self.write()

    def test_is_full_when_it_was_filled_twice(self):
        self.disk.fill()
        self.disk.fill()
        self.assertRaises(OSError, self.write)

    def test_is_seen_by_nobody_who_could_keep_it(self):
        def mounts(pid):
            return pathlib.Path(f"/proc/{pid}/mountinfo").read_text()
        self.assertIn("disk-of-a-test", mounts(os.getpid()))
        self.assertNotIn("disk-of-a-test", mounts(os.getppid()))


class ADiskThatIsRemoved(Staged):
    def test_leaves_nothing_behind_though_a_file_of_it_is_open(self):
        disk = Disk(self.stage, "removed")
        disk.folder.mkdir()
        with open(disk.folder / "letter", "w"):
            disk.remove()
        self.assertEqual(list(self.stage.folder.glob("disk-*")), [])


class ARabbitMq(Staged):
    def test_has_its_queue_though_it_was_killed_at_once(self):
        broker = RabbitMq(self.stage, field.ADDRESS,
                          field.place(self.stage, "broker"))
        broker.kill()
        self.assertFalse(broker.runs())
        broker.start()
        self.assertIn([QUEUE, "true"], [line.split() for line in broker.control(
            "list_queues", "--silent", "name", "durable").splitlines()])


class Letters(Staged):
    """Of a real node, whose server takes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = field.place(cls.stage, "sinks")
        cls.sinks = cls.enterClassContext(
            Sinks(cls.stage, field.ADDRESS, cls.place, [NODE]))
        server = Server(cls.stage, place=cls.place)
        server.fault('{"path": "/api/events", "statuses": [400], "repeat": true}')
        cls.node = Node(cls.stage, SETTINGS.format(
            url=server.url, letters=cls.sinks.settings(NODE)), NODE,
            place=cls.place)
        cls.world = types.SimpleNamespace(
            nodes=[types.SimpleNamespace(name=NODE, config=cls.node.config)],
            servers=[unittest.mock.Mock()], sinks=cls.sinks)

    def setUp(self):
        self.sinks.purge(self.world)
        # It would pass over the sinks that have just failed.
        self.node.kill()
        self.node.start()

    def post(self):
        """Its id, once it is acknowledged."""
        body = json.dumps({"text": TEXT}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        with self.place:
            answer = urllib.request.urlopen(urllib.request.Request(
                self.node.url("/hook"), data=body,
                headers={"X-Signature": signature,
                         "Content-Type": "application/json"}), timeout=10)
        with answer:
            return json.load(answer)["event_id"]

    def written(self, sink):
        return self.node.metrics().sum("mfo_dead_letters_written_total",
                                       f'sink="{sink}"')

    def waiting(self):
        return self.node.metrics().sum("mfo_dead_letters_waiting")

    def post_to(self, sink):
        before = self.written(sink)
        posted = self.post()
        await_true(f"a letter in {sink}", lambda: self.written(sink) > before)
        return posted

    def fault(self, kind, *words):
        return field.fault(kind, self.world, *words)

    def test_are_in_the_first_sink_that_takes_them_and_stay_there(self):
        full, killed = self.fault(faults.DiskFull), self.fault(faults.RedisKilled)
        broken = self.fault(faults.RabbitMqKilled)
        posted = [self.post_to(DISK)]
        full.begin()
        posted += [self.post_to(REDIS)]
        killed.begin()
        posted += [self.post_to(RABBITMQ)]
        broken.begin()
        for each in (broken, killed, full):
            each.end()
        self.assertEqual(self.sinks.ids_of_letters(self.world), set(posted))

    def test_are_listed_again_and_again(self):
        full, killed = self.fault(faults.DiskFull), self.fault(faults.RedisKilled)
        full.begin()
        killed.begin()
        posted = {self.post_to(RABBITMQ) for _ in range(5)}
        killed.end()
        full.end()
        for _ in range(3):
            self.assertEqual(self.sinks.ids_of_letters(self.world), posted)

    def test_wait_while_there_is_no_sink(self):
        gone = self.fault(faults.AllSinksGone, "one each")
        gone.begin()
        await_true("all sinks to be gone", lambda: gone.beat() or
                   not self.sinks.rabbitmq.runs())
        posted = self.post()
        await_true("the letter to wait", self.waiting)
        gone.end()
        await_true("the letter to be written", lambda: not self.waiting())
        self.assertEqual(self.sinks.ids_of_letters(self.world), {posted})

    def test_of_a_node_that_is_started_though_its_disk_is_full(self):
        full = self.fault(faults.DiskFull)
        full.begin()
        self.addCleanup(full.end)
        self.node.kill()
        self.node.start()
        posted = self.post_to(REDIS)
        self.assertEqual(self.sinks.ids_of_letters(self.world), {posted})

    def test_are_gone_when_they_are_purged(self):
        self.post_to(DISK)
        self.sinks.purge(self.world)
        self.assertEqual(self.sinks.ids_of_letters(self.world), set())

    def test_are_not_silently_missed_where_a_sink_does_not_answer(self):
        killed = self.fault(faults.RedisKilled)
        killed.begin()
        self.addCleanup(killed.end)
        with self.assertRaisesRegex(RuntimeError, "redis"):
            self.sinks.ids_of_letters(self.world)


class AFaultOfSinks(unittest.TestCase):
    """Where nodes have letters to write, and where not."""

    def setUp(self):
        names = ("node-a", "node-b")
        self.server = unittest.mock.Mock(["fault", "no_fault"])
        self.world = types.SimpleNamespace(
            nodes=[types.SimpleNamespace(name=name) for name in names],
            servers=[self.server], sinks=types.SimpleNamespace(
                redis=unittest.mock.Mock(), rabbitmq=unittest.mock.Mock(),
                disks={name: unittest.mock.Mock() for name in names}))

    def test_has_the_server_refuse_events_meanwhile(self):
        for kind in faults.ALL:
            self.server.reset_mock()
            fault = field.fault(kind, self.world, "events refused")
            fault.begin()
            self.server.fault.assert_called_once()
            fault.end()
            self.server.no_fault.assert_called_once_with()
            self.assertIn("server", fault.victims())

    def test_has_disks_full_meanwhile(self):
        for kind in (faults.RedisKilled, faults.RabbitMqKilled):
            disks = self.world.sinks.disks
            fault = field.fault(kind, self.world, "all disks full")
            self.assertLessEqual({"disk-node-a", "disk-node-b"}, fault.victims())
            fault.begin()
            fault.end()
            for disk in disks.values():
                self.assertEqual(disk.mock_calls, [unittest.mock.call.fill(),
                                                   unittest.mock.call.free()])
                disk.reset_mock()

    def test_leaves_other_disks_alone(self):
        fault = field.fault(faults.DiskFull, self.world, "of node-b")
        fault.begin()
        self.world.sinks.disks["node-b"].fill.assert_called_once_with()
        self.world.sinks.disks["node-a"].fill.assert_not_called()


class ARedisThatIsKilledAgainAndAgain(Staged):
    def test_is_there_in_the_end(self):
        redis = Redis(self.stage, field.ADDRESS,
                      field.place(self.stage, "redis"))
        world = types.SimpleNamespace(
            nodes=[], servers=[unittest.mock.Mock()],
            sinks=types.SimpleNamespace(redis=redis))
        killed = field.fault(faults.RedisKilled, world, "again and again")
        killed.begin()
        was_up = 0
        for _ in range(200):
            killed.beat()
            was_up += redis.runs()
        killed.end()
        self.assertTrue(redis.runs())
        self.assertGreater(was_up, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
