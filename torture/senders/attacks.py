"""What may never become an event, as bytes: no signature that is good, or a
good one on what breaks another rule. Where a request could hide in another, it
is genuine: whoever finds it there has been led astray.

Each is made by `make(mark, chance)`. All that it holds bears its mark.
"""

import dataclasses
import json
import ssl

from senders import message
from senders.message import head_of

MAX_BODY = 1 << 20  # `limits.max_body`, unless a configuration says otherwise

ANYWHERE = ("completed", "received", "replicated", "ordered", "batched",
            "strict")


@dataclasses.dataclass(frozen=True)
class Mark:
    """Of one attack; `text` is no other's."""
    text: str

    @property
    def own(self):
        """The id of the delivery."""
        return f"hostile-{self.text}"

    def body(self, **more):
        return json.dumps({"hostile": self.text, **more}).encode()

    def fields(self, body, more=()):
        """With a good signature."""
        return message.fields_of(body, self.own, more)

    def genuine(self):
        return b"".join(
            message.genuine("completed", self.body(text="x"), self.own))


@dataclasses.dataclass(frozen=True)
class Attack:
    data: bytes
    endpoint: str = "completed"  # "-": none; "admin": the other listener
    method: str = "POST"  # which decides whether its answer has a body


def _whole(endpoint, fields, body):
    """With the right length."""
    return Attack(b"".join(
        message.with_length(f"/{endpoint}", fields, body)), endpoint)


def _with_signatures(*values):
    def make(mark, chance):
        body = mark.body(text="x")
        fields = [each for each in mark.fields(body)
                  if each[0] != message.SIGNATURE]
        fields += [(message.SIGNATURE, value(body, chance)) for value in values]
        return _whole(chance.choice(ANYWHERE), fields, body)
    return make


def _good(body, chance):
    return message.sign(body)


def _of_other_secret(body, chance):
    return message.sign(body, b"another")


def _of_other_body(body, chance):
    return message.sign(body + b" ")


def _damaged(body, chance):
    good = message.sign(body)
    at = chance.randrange(len(good))
    other = chance.choice([each for each in "0123456789abcdef"
                           if each != good[at]])
    return chance.choice((good[:at] + other + good[at + 1:], good[:at],
                          good + "00", good[:at] + "g" + good[at + 1:], "",
                          f"sha256={good}", f"{good},{good}"))


def changed_body(mark, chance):
    body = bytearray(mark.body(text="x" * 40))
    fields = mark.fields(bytes(body))
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return _whole(chance.choice(ANYWHERE), fields, bytes(body))


def _signed(bodies, endpoint="completed", more=((),)):
    """Genuine, and yet not to be taken. `bodies`: of a mark, each of them as
    bad as the others; `more`: fields."""
    def make(mark, chance):
        body = chance.choice(bodies)(mark)
        return _whole(endpoint, mark.fields(body, chance.choice(more)), body)
    return make


def _broken(text):
    """JSON that is none, with a `%` for the mark."""
    return lambda mark: text.replace(b"%", mark.text.encode())


BROKEN = [_broken(each) for each in (
    b'{"hostile":"%",}', b'{"hostile":"%"', b'{"hostile":"%"}}',
    b'{"hostile":"%"}{}', b"{'hostile':'%'}", b'{"hostile":"%","n":01}',
    b'{"hostile":"%","n":NaN}', b'{"hostile":"%","n":1.}', b'{"hostile" "%"}',
    b'{"hostile":"%","n":"\xff"}', b'{"hostile":"%","n":"\xc0\x80"}',
    b'{"hostile":"%","n":"\x01"}', b'{"hostile":"%"}\0', b'{"hostile":"%\n"}',
    b'{"hostile":"%","n":"\\x41"}', b'{"hostile":"%","n":"\xed\xa0\x80"}')]


def deep(mark):
    return b'{"hostile":"%b","n":%b1%b}' % (
        mark.text.encode(), b"[" * 10_000, b"]" * 10_000)


def bomb(mark):
    return message.compressed(mark.body(text="0" * (MAX_BODY - 100)))


def cut_gzip(mark):
    return message.compressed(mark.body(text="x"))[:-9]


def text(mark):
    """Good in itself."""
    return mark.body(text="x")


def array(mark):
    return b'["%b"]' % mark.text.encode()


# Fields.
GZIP = (("Content-Encoding", "gzip"),)
CODINGS = ((("Content-Encoding", "br"),), (("Content-Encoding", "gzip, gzip"),),
           (("Content-Type", "application/json"),))  # the second of these
CLOUD_EVENTS = ((("ce-specversion", "1.0"),),
                (("ce-specversion", "1.0"), ("ce-id", "1"),
                 ("ce-source", "/x")))


def wrong_type(mark, chance):
    body = mark.body(text="x")
    kind = chance.choice(("text/plain", "application/xml", "text/json", "json",
                          "multipart/form-data; boundary=x",
                          "application/cloudevents-batch+json"))
    fields = [(name, kind if name == "Content-Type" else value)
              for name, value in mark.fields(body)]
    return _whole("completed", fields, body)


def too_large(mark, chance):
    body = mark.body(text="x")
    if chance.random() < 0.7:  # as it says
        fields = [*mark.fields(body), ("Content-Length", chance.choice(
            (MAX_BODY + 1, 1 << 40, (1 << 64) - 1)))]
        return Attack(head_of("/completed", fields) + body)
    body += b" " * MAX_BODY
    return Attack(b"".join(message.in_chunks(
        "/completed", mark.fields(body), body, chance)))


def large_head(mark, chance):
    body = mark.body(text="x")
    more = chance.choice(([("X", "x" * 100_000)], [("a", "")] * 30_000,
                          [("Cookie", "x" * 1_000)] * 100))
    return _whole("completed", mark.fields(body, more), body)


def endless_head(mark, chance):
    return Attack(chance.choice((
        b"", b"POST /", b"POST /completed HTTP/1.1\r\nX: ")) + b"x" * 100_000)


# Instead of the length; N stands for the right one. Where one or another reader
# may think that the body ends, a genuine request begins.
LENGTHS = (
    "Content-Length: N\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: N",
    "Content-Length: N\r\nContent-Length: N",
    "Content-Length: N\r\nContent-Length: 0", "Content-Length: N, N",
    "Content-Length: +N", "Content-Length: -N", "Content-Length: N N",
    "Content-Length: N.0", "Content-Length: 0xN", "Content-Length:",
    "Content-Length: N\t", "Content-Length : N", "Content-Length: Ne0",
    "Content-Length: 18446744073709551616", "Transfer-Encoding: identity",
    "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked;q=1",
    "Transfer-Encoding: \x0bchunked", "Transfer-Encoding : chunked",
    "Transfer-Encoding:\r\n chunked", "Content-Length: N\r\n chunked",
    "Transfer-Encodings: chunked\r\nContent-Length: N",
    "\x00Content-Length: N", "Content-Length\x00: N")


def two_lengths(mark, chance):
    body = chance.choice((mark.body(text="x"), b"", b"0\r\n\r\n"))
    lines = chance.choice(LENGTHS).replace("N", str(len(body)))
    head = head_of("/completed", mark.fields(body))
    return Attack(head[:-2] + lines.encode("latin-1") + b"\r\n\r\n" + body
                  + mark.genuine())


# A line each that no head has.
LINES = (b"X: a\0b", b"X\0: b", b" folded", b"\tfolded: too", b"X : y", b"X",
         b": y", b"X: a\rb", b"X: a\nY: b", b"X: \x01", b"X\xc3\xa9: y",
         b"X: y\r", b"Host: other.test", b"Host: node.test", b"X(y): z",
         b"\x7f: y", b"X: \x7f")


def bad_line(mark, chance):
    lines = mark.genuine().split(b"\r\n")
    lines.insert(chance.randint(1, 5), chance.choice(LINES))
    return Attack(b"\r\n".join(lines) + mark.genuine())


FIRST_LINES = (
    b"POST /completed", b"GET /completed\r\n", b"POST  /completed HTTP/1.1",
    b"POST\t/completed HTTP/1.1", b"POST /completed HTTP/1.2",
    b"POST /completed HTTP/2.0", b"POST /completed http/1.1",
    b"POST /completed HTTP/01.1", b"POST /completed HTTP/1.1 ",
    b"POST completed HTTP/1.1", b"POST ftp://a/completed HTTP/1.1",
    b"POST http://me@a/completed HTTP/1.1", b"PO\0ST /completed HTTP/1.1",
    b"POST /compl\0eted HTTP/1.1", b"POST /compl eted HTTP/1.1",
    b"POST /compl\xc3\xa9ted HTTP/1.1", b"HTTP/1.1 200 OK")


def bad_first_line(mark, chance):
    _, rest = mark.genuine().split(b"\r\n", 1)
    return Attack(chance.choice(FIRST_LINES) + b"\r\n" + rest + mark.genuine())


def bad_chunk(mark, chance):
    body = mark.body(text="x")
    size = b"%x" % len(body)
    data = chance.choice((
        b"-" + size + b"\r\n%b\r\n", b"+" + size + b"\r\n%b\r\n",
        b"0x" + size + b"\r\n%b\r\n", b" " + size + b"\r\n%b\r\n",
        b"\r\n%b\r\n", b"g\r\n%b\r\n", b";x\r\n%b\r\n", size + b"\n%b\r\n",
        size + b"\r\n%b\n", size + b"\r\n%b", size + b"\r\n%bx\r\n",
        b"1" + b"0" * (16 - len(size)) + size + b"\r\n%b\r\n",
        size + b";\0\r\n%b\r\n", size + b";" + b"x" * 300 + b"\r\n%b\r\n",
        size + b"\r\n%b\r\n0\r\nContent-Length: 5\r\n\r\n",
        size + b"\r\n%b\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
        size + b"\r\n%b\r\n0\r\nHost: b\r\n\r\n",
        size + b"\r\n%b\r\n0\r\nX\r\n\r\n")).replace(b"%b", body)
    head = head_of("/completed", [*mark.fields(body),
                                  ("Transfer-Encoding", "chunked")])
    return Attack(head + data + b"0\r\n\r\n" + mark.genuine())


METHODS = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW",
           "post", "PROPFIND", "POSTS", "X")


def method(mark, chance):
    name = chance.choice(METHODS)
    body = mark.body(text="x")
    return Attack(b"".join(message.with_length(
        "/completed", mark.fields(body), body, name)), method=name)


PATHS = ("/", "/completed/", "/COMPLETED", "//completed", "/./completed",
         "/x/../completed", "/completed/.", "/%63ompleted", "/completed%2F",
         "/completed%00", "/completed;x=y", "/completed%", "/completed\\",
         "/x/%2e%2e/completed", "/../../etc/passwd", "*", "http://a",
         "/metrics", "/health", "/api/v1/config")


def path(mark, chance):
    body = mark.body(text="x")
    return Attack(b"".join(message.with_length(
        chance.choice(PATHS), mark.fields(body), body)), "-")


def garbage(mark, chance):
    data = bytearray(chance.randbytes(chance.choice((1, 20, 300, 4_000))))
    return Attack(bytes(data) + chance.choice((b"", b"\r\n\r\n")), "-")


def preface(mark, chance):
    return Attack(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", "-")


def tls_hello(mark, chance):
    """The beginning of a handshake, where there is no TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(into, out, server_hostname="node.test").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return Attack(out.read(), "-")


# Name → how it is made, how often that is, and what may be answered, beside
# what anybody may be.
ATTACKS = {
    "no-signature": (_with_signatures(), 6, {401}),
    "other-secret": (_with_signatures(_of_other_secret), 6, {401}),
    "other-body": (_with_signatures(_of_other_body), 6, {401}),
    "two-signatures": (_with_signatures(_good, _good), 3, {401}),
    "damaged": (_with_signatures(_damaged), 6, {401}),
    "changed-body": (changed_body, 6, {401}),
    "broken-json": (_signed(BROKEN), 6, {400}),
    "deep-json": (_signed([deep]), 3, {400}),
    "schema": (_signed([Mark.body, array], "strict"), 6, {422}),
    "bomb": (_signed([bomb], more=[GZIP]), 1, {413}),
    "broken-gzip": (_signed([cut_gzip, Mark.body], more=[GZIP]), 3, {400}),
    "coding": (_signed([text], more=CODINGS), 3, {415}),
    "cloud-event": (_signed([text], more=CLOUD_EVENTS), 3, {400}),
    "type": (wrong_type, 3, {415}),
    "two-ids": (_signed([text], more=[((message.OWN_ID, "another"),)]), 3,
                {400}),
    "expectation": (_signed([text], more=[(("Expect", "miracle"),)]), 3,
                    {417}),
    "too-large": (too_large, 2, {413}),
    "large-head": (large_head, 2, {431}),
    "endless-head": (endless_head, 1, {431}),
    "lengths": (two_lengths, 12, {400}),
    "line": (bad_line, 12, {400}),
    "first-line": (bad_first_line, 8, {400}),
    "chunk": (bad_chunk, 10, {400}),
    "method": (method, 6, {405}),
    "path": (path, 6, {404}),
    "garbage": (garbage, 6, {400, 431}),
    "preface": (preface, 1, {400}),
    "tls-hello": (tls_hello, 2, {400}),
}
