#!/usr/bin/env python3
"""Asks the admin listener of a node for all that it knows, in no order, and
holds it to the statuses that docs/reference/admin.md has. Ends at SIGTERM, and
then writes what came of it: a JSON of what was odd, by how often."""

import argparse
import collections
import http.client
import json
import pathlib
import random
import signal
import sys
import threading

if __name__ == "__main__":  # this folder alone is where modules are looked for
    TORTURE = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TORTURE), str(TORTURE.parent / "bench")]

from staging.stage import OTHER_CPU, stop

ASKERS = 4
PAUSE = 0.005  # s, between two questions of one
STREAMS = 20  # 16 are possible, and 8 from one address
UNREAD = 5  # of these: a reader that has stopped reading
LONGEST = 10  # s: for an answer
# Not that of whoever else asks: a listener counts connections by address.
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")

# What is asked, and the statuses that it may be answered by.
QUESTIONS = {
    "/": {200},
    "/console/none": {404},
    "/health": {200, 503},
    "/health/live": {200},
    "/health/ready": {200, 503},
    "/metrics": {200},
    "/api/v1/openapi.json": {200},
    "/api/v1/log-level": {200},
    "/api/v1/overview": {200},
    "/api/v1/history?minutes=1440": {200},
    "/api/v1/history?minutes=none": {400},
    "/api/v1/config": {200},
    "/api/v1/taskflows": {200, 404},
    "/api/v1/reload": {200},
    "/api/v1/endpoints": {200},
    "/api/v1/endpoints?odd=1": {400},
    "/api/v1/events": {200},
    "/api/v1/events?limit=10000": {200},
    "/api/v1/events?outcome=in_flight": {200},
    "/api/v1/events?q=0": {200},
    "/api/v1/events/none": {404},
    "/api/v1/events/{id}": {200, 404},  # it may be forgotten by then
    "/api/v1/dead-letters": {200, 503, 504},
    "/api/v1/runs": {200, 404},
    "/api/v1/questions": {200, 404},
    "/api/v1/cluster": {200, 404},
    "/api/v1/none": {404},
}
STREAM = "/api/v1/stream"


class Storm:
    def __init__(self, port):
        self._port = port
        self._lock = threading.Lock()
        self._answers = 0
        self._odd = collections.Counter()
        self._ids = ["none"]
        self._ending = threading.Event()

    def run(self):
        """Until it is told to end; the odd ones."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        for number in range(ASKERS):
            self._begin(self._ask, number)
        for number in range(STREAMS):
            self._begin(self._listen, number)
        signal.sigwait({signal.SIGTERM})
        self._ending.set()
        with self._lock:
            return dict(self._odd) if self._answers else {"no answer": 1}

    @staticmethod
    def _begin(what, number):
        threading.Thread(target=what, args=[number], daemon=True).start()

    def _connect(self, number):
        return http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=LONGEST,
            source_address=(ADDRESSES[number % len(ADDRESSES)], 0))

    def _note(self, path, status, expected):
        with self._lock:
            self._answers += 1
            if status not in expected:
                self._odd[f"{path}: {status}"] += 1

    def _ask(self, number):
        chance = random.Random(number)
        connection = self._connect(number)
        while not self._ending.wait(PAUSE):
            path, expected = chance.choice(list(QUESTIONS.items()))
            try:
                connection.request(
                    "GET", path.format(id=chance.choice(self._ids)))
                with connection.getresponse() as answer:
                    body = answer.read()
                self._note(path, answer.status, expected)
            except (OSError, http.client.HTTPException):
                connection.close()  # and again
                continue
            if path == "/api/v1/events" and answer.status == 200:
                self._ids = [each["id"] for each in json.loads(body)["events"]
                             ] or self._ids

    def _listen(self, number):
        """A stream may end at any time, and there may be too many."""
        while not self._ending.wait(0.1):
            connection = self._connect(number)
            try:
                connection.request("GET", STREAM)
                answer = connection.getresponse()
                self._note(STREAM, answer.status, {200, 503})
                if number < UNREAD and answer.status == 200:
                    self._ending.wait()
                while answer.read1():
                    pass
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()


class Askers:
    """The program, from its start to its end."""

    def __init__(self, stage, node):
        self._record = stage.folder / f"askers-{node.name}.json"
        self._record.unlink(missing_ok=True)
        self._process = stage.start(
            f"askers-{node.name}", sys.executable, "-B", __file__,
            "--port", node.admin_port, "--record", self._record, cpu=OTHER_CPU,
            place=node.place)

    def stop(self):
        """What was odd, as a text; or empty."""
        stop(self._process)
        # It may not have come so far as to wait for the signal.
        if self._process.returncode == -signal.SIGTERM:
            return ""
        if self._process.returncode != 0:
            raise RuntimeError(
                f"the askers ended with {self._process.returncode}")
        odd = json.loads(self._record.read_text())
        return ", ".join(f"{count} × {what}" for what, count in odd.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--record", required=True)
    given = parser.parse_args()
    odd = Storm(given.port).run()
    with open(given.record, "w") as file:
        json.dump(odd, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
