"""Senders that want nothing, or never come to an end."""

import heapq
import os
import selectors
import socket
import threading
import time

from staging.stage import OTHER_CPU

# One address for so many, as if they came from all over the place.
PER_ADDRESS = 20
DRIP_EVERY = 0.5  # s: a byte from each slow sender
COME_WITHIN = 2.0  # s: the first slow sender to the last
BEGINNINGS = (b"POST /webhook HTTP/1.1\r\nHost: a\r\nX: ",
              b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")


class Crowd:
    """`idle` connections on which one request was answered, with this status,
    and nothing more is asked, and `slow` ones that send a byte now and then,
    heads and bodies; one that is ended comes back. Lives until `leave`."""

    def __init__(self, port, idle, slow=0, status=405):
        self._port = port
        self._count = 0
        self.turned_away = 0  # slow ones that were ended
        self._idle = [self._connect() for _ in range(idle)]
        for each in self._idle:
            each.sendall(b"GET /webhook HTTP/1.1\r\nHost: a\r\n\r\n")
            if not each.recv(4096).startswith(b"HTTP/1.1 %d " % status):
                raise RuntimeError(f"an idle sender was not answered {status}")
        self._leaving = threading.Event()
        self._slow_count = slow
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def _connect(self):
        number = self._count // PER_ADDRESS
        self._count += 1
        return socket.create_connection(
            ("127.0.0.1", self._port), timeout=10,
            source_address=(f"127.1.{number // 250 % 250}.{number % 250 + 1}",
                            0))

    def _begin(self, selector):
        one = self._connect()
        one.sendall(BEGINNINGS[self._count % 2])
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ)
        return one

    def _drip(self):
        os.sched_setaffinity(0, {OTHER_CPU})  # of this thread
        selector = selectors.DefaultSelector()
        # Each keeps a time of its own, as senders that know nothing of each
        # other do; all at once they would measure this thread, which shares a
        # core with the honest ones.
        now = time.monotonic()
        due = [(now + number * COME_WITHIN / self._slow_count, number, None)
               for number in range(self._slow_count)]
        while due and not self._leaving.is_set():
            while due[0][0] <= time.monotonic():
                _, number, one = heapq.heappop(due)
                if one is None or not self._is_sending(selector, one):
                    one = self._begin(selector)
                heapq.heappush(
                    due, (time.monotonic() + DRIP_EVERY, number, one))
            for key, _ in selector.select(max(0, due[0][0] - time.monotonic())):
                if self._is_open(key.fileobj):
                    continue
                selector.unregister(key.fileobj)
                end(key.fileobj)
                self.turned_away += 1
        for _, _, one in due:
            if one is not None and one.fileno() != -1:
                end(one)

    @staticmethod
    def _is_sending(selector, one):
        """Sends a byte, unless it was ended."""
        if one.fileno() == -1:
            return False
        try:
            one.send(b"x")
        except OSError:
            pass  # ended: the selector tells
        return one in selector.get_map()

    @staticmethod
    def _is_open(one):
        """After reading what there is."""
        try:
            return one.recv(4096) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def idle_left(self):
        """How many of the idle ones are still connected."""
        left = 0
        for each in self._idle:
            each.setblocking(False)
            left += self._is_open(each)
        return left

    def leave(self):
        self._leaving.set()
        self._thread.join()
        for each in self._idle:
            end(each)


def end(one):
    """At once, so that its port is free for the next round."""
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                   b"\x01\x00\x00\x00\x00\x00\x00\x00")
    one.close()
