"""A sender of webhooks: signs its events, and sends again, with the same id of the
delivery, what got no 2xx."""

import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import secrets
import threading
import time


class Sender:
    """Sends events, `{"n": 1, "text": "event 1"}` and so on, by some threads at a
    steady rate. What it counts may be read while it sends."""

    def __init__(self, port, secret, path="/webhook"):
        self._port = port
        self._secret = secret.encode()
        self._path = path
        self._deliveries = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.sent = 0
        self.taken = {}    # number of an event that got a 2xx -> when
        self.lost = []     # numbers of those that got none in time
        self.troubles = []  # every answer that was no 2xx, or why none came
        self.slowest = 0.0  # seconds of a try

    def send(self, rate, count=None, threads=8, patience=30):
        """Sends `count` events, or until it is told to stop. Comes back when each
        got a 2xx, or `patience` seconds were over."""
        began = time.monotonic()
        first = self.sent
        numbers = itertools.count(first) if count is None else iter(
            range(first, first + count))

        def work():
            while True:
                with self._lock:
                    number = next(numbers, None)
                if number is None:
                    return
                due = began + (number - first) / rate
                if self._stopped.wait(max(0, due - time.monotonic())):
                    return
                with self._lock:
                    self.sent += 1
                self._deliver(number, time.monotonic() + patience)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def stop(self):
        """Begins no more events."""
        self._stopped.set()

    def _deliver(self, number, end):
        body = json.dumps({"n": number, "text": f"event {number}"}).encode()
        while True:
            began = time.monotonic()
            trouble = self._try(number, body)
            now = time.monotonic()
            with self._lock:
                self.slowest = max(self.slowest, now - began)
                if not trouble:
                    self.taken[number] = now
                    return
                self.troubles.append(trouble)
                if now > end:
                    self.lost.append(number)
                    return
            time.sleep(0.2)

    def _try(self, number, body):
        """Nothing, if all went well."""
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=15)
        with contextlib.closing(connection):
            try:
                connection.request("POST", self._path, body, {
                    "Content-Type": "application/json",
                    "X-Signature": signature,
                    "X-Delivery-Id": f"{self._deliveries}-{number}",
                })
                status = connection.getresponse().status
                return None if 200 <= status < 300 else str(status)
            except (OSError, http.client.HTTPException) as error:
                return type(error).__name__
