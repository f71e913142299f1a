"""What senders have in common on the wire: requests that are signed, which each
sends as it likes, and answers, read to the byte."""

import asyncio
import contextlib
import gzip
import hashlib
import hmac
import json
import os
import re
import socket
import zlib

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()

# Fields, as endpoints have them.
SIGNATURE, OWN_ID, KEY = "X-Signature", "X-Delivery-Id", "X-Key"
# Endpoints that know a delivery by its sender's own id.
KNOW_IDS = ("completed", "received", "replicated", "strict")

NONE = 0  # for a status: there was no answer
NO_HTTP = 999  # something came, and it is no answer

CONNECT_WITHIN = 2.0  # s
MAX_ANSWER = 4 << 20  # bytes
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9]) [^\r\n]*\Z")


def sign(body, secret=SECRET):
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def event_id_of(endpoint, own):
    """That of a delivery which its sender has given an id, on every node
    (core/event_id.hpp)."""
    name = f"urn:mfo:delivery:{endpoint}\n{own}".encode()
    digest = bytearray(hashlib.sha1(name).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def fields_of(body, own="", more=()):
    """Of a genuine request: names and values."""
    fields = [("Host", "node.test"), ("Content-Type", "application/json"),
              (SIGNATURE, sign(body))]
    if own:
        fields.append((OWN_ID, own))
    return [*fields, *more]


def head_of(path, fields, method="POST"):
    lines = [f"{method} {path} HTTP/1.1",
             *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def with_length(path, fields, body, method="POST"):
    """Head and body."""
    return head_of(path, [*fields, ("Content-Length", len(body))], method), body


def in_chunks(path, fields, body, chance):
    """Head and body, cut by chance."""
    pieces = []
    while body:
        size = chance.randint(1, len(body))
        pieces.append(b"%x\r\n%b\r\n" % (size, body[:size]))
        body = body[size:]
    return (head_of(path, [*fields, ("Transfer-Encoding", "chunked")]),
            b"".join(pieces) + b"0\r\n\r\n")


def genuine(endpoint, body, own="", more=()):
    """Head and body of a request as most senders make it."""
    return with_length(f"/{endpoint}", fields_of(body, own, more), body)


def compressed(body):
    """By gzip, and always the same."""
    return gzip.compress(body, mtime=0)


# What `Content-Encoding` says → how it is done.
CODINGS = {"gzip": compressed, "deflate": zlib.compress}


class Answer:
    def __init__(self, status, fields=None, body=b""):
        self.status = status
        self.fields = fields or {}  # names in small letters
        self.body = body

    @property
    def event_id(self):
        """"-" where none is told."""
        with contextlib.suppress(ValueError, AttributeError):
            told = json.loads(self.body).get("event_id")
            if isinstance(told, str) and told and " " not in told:
                return told
        return "-"

    @property
    def retry_after(self):
        """Seconds."""
        told = self.fields.get("retry-after", "")
        return int(told) if told.isdecimal() else 0


def _read_head(head):
    """Of an answer; None if it is none."""
    first, *lines = head.split(b"\r\n")
    status = STATUS_LINE.match(first)
    if not status:
        return None
    fields = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            return None
        fields[name.lower()] = value.strip()
    return Answer(int(status[1]), fields)


class Connection:
    """To a node, as raw as its sender needs it: what is sent when, and how it
    ends, is for the sender to say. What the kernel refuses is an OSError."""

    def __init__(self, one):
        self._socket = one
        self._read = bytearray()

    @classmethod
    async def open(cls, port, source="127.0.0.1", new_socket=socket.socket):
        """`source`: the address that it comes from."""
        one = new_socket()
        try:
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.bind((source, 0))
            async with asyncio.timeout(CONNECT_WITHIN):
                await asyncio.get_running_loop().sock_connect(
                    one, ("127.0.0.1", port))
        except BaseException:
            one.close()
            raise
        return cls(one)

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        self.close()

    async def send(self, data):
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def offer(self, data):
        """The same to one who may be gone; what he said before can be read."""
        with contextlib.suppress(OSError):
            await self.send(data)

    def end_writing(self):
        """What was asked may still be answered."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self):
        self._socket.close()

    def reset(self):
        """Without the farewell that TCP has."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                    b"\x01\0\0\0\0\0\0\0")
        self._socket.close()

    async def answer(self, seconds, method="POST", interim=False):
        """The next one; None where the connection, or the time, ended before it
        was whole. `interim`: one that goes before another counts, too."""
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds):
                answer = await self._next(method)
                while answer and 100 <= answer.status < 200 and not interim:
                    answer = await self._next(method)
                return answer
        return None

    async def _next(self, method):
        while (end := self._read.find(b"\r\n\r\n")) < 0:
            if not await self._more():
                return Answer(NO_HTTP) if self._read else None
        head = bytes(self._read[:end])
        del self._read[:end + 4]
        answer = _read_head(head)
        if answer is None:
            return Answer(NO_HTTP)
        if method == "HEAD" or answer.status < 200:
            return answer
        length = answer.fields.get("content-length")
        if length is None:
            while await self._more():
                pass
            length = len(self._read)
        elif not length.isdecimal():
            return Answer(NO_HTTP)
        while len(self._read) < int(length):
            if not await self._more():
                return None
        answer.body = bytes(self._read[:int(length)])
        del self._read[:int(length)]
        return answer

    async def _more(self):
        """Whether something came; not, when the other side has ended."""
        if len(self._read) > MAX_ANSWER:
            return False
        data = await asyncio.get_running_loop().sock_recv(self._socket, 65536)
        self._read += data
        return bool(data)
