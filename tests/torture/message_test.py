#!/usr/bin/env python3
"""Senders sign what they send, and read answers to the byte."""

import random
import unittest

from scripted_node import ScriptedNode, answer, event

from senders import message
from senders.message import Connection

REQUEST = b"".join(message.genuine("completed", b"{}"))


class Requests(unittest.TestCase):
    def test_are_signed_as_the_endpoint_has_it(self):
        # echo -n '{"a":1}' | openssl dgst -sha256 -hmac bench-secret
        self.assertEqual(
            message.sign(b'{"a":1}'),
            "5989e01e2f2e1512f52e48f880b7e675c189684ef2ada2d399d69c9e738d58a4")

    def test_of_one_id_are_one_event_on_every_node(self):
        # As a node has answered.
        self.assertEqual(message.event_id_of("completed", "rude-1-node-1"),
                         "e08a7fc6-0848-5ce8-aaad-22ed3774ceb8")

    def test_come_in_chunks_that_are_the_body(self):
        _, data = message.in_chunks("/x", [], b"abcdefgh", random.Random(1))
        body = b""
        while data != b"0\r\n\r\n":
            size, data = data.split(b"\r\n", 1)
            body, data = body + data[:int(size, 16)], data[int(size, 16) + 2:]
        self.assertEqual(body, b"abcdefgh")


class Answers(unittest.IsolatedAsyncioTestCase):
    async def ask(self, *script, requests=1, seconds=5.0, method="POST",
                  interim=False):
        """The answers of a node by script, on one connection."""
        async with (ScriptedNode(*script) as node,
                    await Connection.open(node.port) as connection):
            await connection.send(REQUEST * requests)
            return [await connection.answer(seconds, method, interim)
                    for _ in range(requests)]

    async def test_tell_of_an_event(self):
        [told] = await self.ask(event(503, "an-id", b"Retry-After: 3"))
        self.assertEqual((told.status, told.event_id, told.retry_after),
                         (503, "an-id", 3))

    async def test_tell_of_none(self):
        for body in (b"", b"x", b"[]", b'{"event_id":1}', b'{"event_id":"a b"}'):
            [told] = await self.ask(answer(400, body))
            self.assertEqual((told.event_id, told.retry_after), ("-", 0))

    async def test_are_told_apart_on_one_connection(self):
        told = await self.ask(event(202, "a"), event(409, "b"), requests=2)
        self.assertEqual([(each.status, each.event_id) for each in told],
                         [(202, "a"), (409, "b")])

    async def test_are_waited_for_behind_an_interim_one(self):
        go_on = b"HTTP/1.1 100 Continue\r\n\r\n"
        [told] = await self.ask(go_on + answer(202))
        self.assertEqual(told.status, 202)
        [told] = await self.ask(go_on + answer(202), interim=True)
        self.assertEqual(told.status, 100)

    async def test_have_no_body_where_a_head_was_asked_for(self):
        [told] = await self.ask(b"HTTP/1.1 405 No\r\nContent-Length: 9\r\n\r\n",
                                method="HEAD")
        self.assertEqual(told.status, 405)

    async def test_are_none_where_the_connection_ends_before(self):
        for script in (None, lambda request: b""):
            [told] = await self.ask(script, seconds=0.05)
            self.assertIsNone(told)

    async def test_are_none_of_those_that_are_no_http(self):
        for text in (b"HTTP/1.1 20 OK\r\n\r\n", b"220 mail.test\r\n\r\n",
                     b"HTTP/1.1 202 OK\r\nContent-Length: x\r\n\r\n",
                     b"HTTP/1.1 202 OK\r\nX : y\r\n\r\n"):
            [told] = await self.ask(text)
            self.assertEqual(told.status, message.NO_HTTP)


if __name__ == "__main__":
    unittest.main()
