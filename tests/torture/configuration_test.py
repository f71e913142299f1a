"""A node's configuration is read again all the time, and its admin listener
asked for everything."""

import collections
import http.server
import io
import random
import signal
import threading
import unittest
import unittest.mock
import urllib.error

import torture_path  # noqa: F401

import faults.configuration
from a_stage import AStage, a_node, a_world, why_no_node
from faults.configuration import BROKEN, AdminStorm, ReloadStorm, variant
from senders.askers import QUESTIONS, STREAM, STREAMS
from staging.stage import NODE, await_true

GOOD = """listen: 127.0.0.1:8088
log: {level: warn}
node_name: node-a
server_url: http://127.0.0.1:1
limits:
  max_connections: 4096
endpoints:
  - id: completed
    path: /completed
    timeout: 10s
    signature: {scheme: hmac, secret: "${WEBHOOK_SECRET}"}
"""
# What only a node that runs can find.
AT_RUN_TIME = ("node_name: not-", "listen: 192.0.2.1")


class AVariant(unittest.TestCase):
    def test_is_another_one(self):
        found = {variant(GOOD, random.Random(seed)) for seed in range(40)}
        self.assertEqual(len(found), 2**3 - 1)
        self.assertNotIn(GOOD, found)

    @unittest.skipIf(why_no_node(), why_no_node())
    def test_is_good_and_what_is_broken_is_not(self):
        with AStage() as stage:
            file = stage.folder / "node.yaml"

            def is_good(text):
                file.write_text(text)
                done = stage.run(NODE, "check", "--config", file)
                return done.returncode == 0

            for seed in range(5):
                self.assertTrue(is_good(variant(GOOD, random.Random(seed))))
            for broken in (each(GOOD) for each in BROKEN):
                self.assertNotEqual(broken, GOOD)
                self.assertEqual(is_good(broken), any(
                    each in broken for each in AT_RUN_TIME), broken)


class AReloadStorm(unittest.TestCase):
    def setUp(self):
        stage = self.enterContext(AStage())
        self.file = stage.folder / "node.yaml"
        self.file.write_text(GOOD)
        self.files, self.asked = [], []
        self.refusals = []  # answers to the next requests
        self.successful = 1
        node = a_node(config=self.file, admin_url="http://node-a",
                      signal=self.take_signal, metrics=unittest.mock.Mock())
        node.metrics.return_value.sum.side_effect = lambda _: self.successful
        self.world = a_world([node])
        self.enterContext(unittest.mock.patch.object(
            faults.configuration, "call", self.take_call))

    def take_signal(self, number):
        self.assertEqual(number, signal.SIGHUP)
        self.files.append(self.file.read_text())

    def take_call(self, method, url):
        self.asked.append((method, url, self.file.read_text()))
        if self.refusals:
            raise urllib.error.HTTPError(url, 422, "", {}, io.BytesIO(
                self.refusals.pop().encode()))

    def play(self, seed):
        fault = ReloadStorm(self.world, random.Random(seed))
        fault.begin()
        for _ in range(100):
            fault.beat()
        fault.end()

    def test_has_all_kinds_of_configurations_read_and_then_the_first_one(self):
        self.play(1)
        broken = [each(GOOD) for each in BROKEN]
        self.assertEqual(len(self.files), 100)
        self.assertTrue(set(broken) < set(self.files))
        self.assertGreater(len(set(self.files) - set(broken)), 3)
        self.assertEqual(self.asked, [
            ("POST", "http://node-a/api/v1/reload", GOOD)])
        self.assertEqual(self.file.read_text(), GOOD)

    def test_is_as_the_seed_says(self):
        self.play(1)
        first, self.files = self.files, []
        self.play(1)
        self.assertEqual(self.files, first)

    def test_asks_again_while_former_configurations_are_in_use(self):
        self.refusals = ["in use"]
        with unittest.mock.patch("time.sleep"):
            self.play(1)
        self.assertEqual(len(self.asked), 2)

    def test_does_not_end_while_the_first_one_is_refused(self):
        self.refusals = ["in use"] * 10
        with unittest.mock.patch.object(faults.configuration, "IN_FORCE", 0):
            with self.assertRaisesRegex(TimeoutError, "in use"):
                self.play(1)

    def test_does_not_end_well_where_the_node_says_otherwise(self):
        self.successful = 0
        with self.assertRaisesRegex(RuntimeError, "says it has not"):
            self.play(1)


class Listener(http.server.ThreadingHTTPServer):
    """Answers as it should, but what `odd` says."""
    daemon_threads = True

    def __init__(self, odd):
        super().__init__(("127.0.0.1", 0), Handler)
        self.odd = odd
        self.asked = collections.Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # those who ask leave as they like


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one go

    def do_GET(self):
        listener, path = self.server, self.path
        expected = QUESTIONS.get(path, {503 if path == STREAM else 200})
        if path.startswith("/api/v1/events/"):
            path, expected = "/api/v1/events/{id}", {200, 404}
        status = listener.odd.get(path, max(expected))
        body = (b'{"events": [{"id": "e1"}]}' if path == "/api/v1/events" else
                b"{}")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        listener.asked[self.path] += 1

    def log_message(self, *_):
        pass


class AnAdminStorm(unittest.TestCase):
    def play(self, odd):
        listener = Listener(odd)
        self.addCleanup(listener.server_close)
        self.addCleanup(listener.shutdown)
        stage = self.enterContext(AStage())
        node = a_node(admin_port=listener.server_port)
        fault = AdminStorm(a_world([node], stage=stage), random.Random(1))
        fault.begin()
        everything = {path for path in QUESTIONS if "{" not in path}
        await_true("all to be asked", lambda: set(listener.asked) >=
                   {*everything, STREAM, "/api/v1/events/e1"}, 60)
        # They are not told of those that have not been read when they end.
        for path in odd:
            await_true(f"{path} to be asked again",
                       lambda: listener.asked[path] > STREAMS, 60)
        fault.end()

    def test_asks_for_everything_and_minds_nothing_that_may_be(self):
        self.play({})

    def test_minds_what_may_not_be(self):
        with self.assertRaisesRegex(RuntimeError, r"/api/v1/runs: 500"):
            self.play({"/api/v1/runs": 500})

    def test_minds_streams_that_are_refused_for_no_reason(self):
        with self.assertRaisesRegex(RuntimeError, rf"{STREAM}: 404"):
            self.play({STREAM: 404})


if __name__ == "__main__":
    unittest.main()
