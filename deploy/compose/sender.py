"""A sender of webhooks: signs its events, and sends again, with the same id of the
delivery, what got no 2xx."""

import contextlib
import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time


class Sender:
    """Sends events, `{"n": 1}` and so on, by some threads at a steady rate."""

    def __init__(self, port, secret, path="/webhook"):
        self._port = port
        self._secret = secret.encode()
        self._path = path
        self._deliveries = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._next = 0
        self.taken = []    # numbers of the events that got a 2xx
        self.lost = []     # and of those that got none in time
        self.troubles = []  # every answer that was no 2xx, or why none came
        self.slowest = 0.0  # seconds of a try

    def send(self, count, rate, threads=8, patience=30):
        """Comes back when each event got a 2xx, or `patience` seconds were over."""
        began = time.monotonic()
        first, last = self._next, self._next + count

        def work():
            while True:
                with self._lock:
                    number = self._next
                    if number == last:
                        return
                    self._next += 1
                due = began + (number - first) / rate
                time.sleep(max(0, due - time.monotonic()))
                self._deliver(number, time.monotonic() + patience)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _deliver(self, number, end):
        body = json.dumps({"n": number}).encode()
        while True:
            began = time.monotonic()
            trouble = self._try(number, body)
            with self._lock:
                self.slowest = max(self.slowest, time.monotonic() - began)
                if trouble:
                    self.troubles.append(trouble)
                else:
                    self.taken.append(number)
            if not trouble:
                return
            if time.monotonic() > end:
                with self._lock:
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
