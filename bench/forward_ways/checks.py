"""That a system does what it is measured for, before it is."""

import ssl
import urllib.error
import urllib.request

from staging import wrk
from staging.stage import await_true

FORGED = "00" * 32

# Certificates of a stage are made for it, and signed by nobody.
ANY = ssl.create_default_context()
ANY.check_hostname = False
ANY.verify_mode = ssl.CERT_NONE


def post(url, text, signature):
    """The status."""
    request = urllib.request.Request(
        url, method="POST", data=text.encode(),
        headers={"Content-Type": "application/json", "X-Signature": signature})
    try:
        with urllib.request.urlopen(request, timeout=30, context=ANY) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def expect(what, value, expected):
    if value != expected:
        raise RuntimeError(f"{what}: {value}, expected {expected}")


def expect_arrived(server, text):
    """One event has arrived, with this text in it."""
    await_true("an event to arrive", lambda: server.count() == 1)
    told = b"".join(server.lines("events"))
    if text.encode() not in told:
        raise RuntimeError(f"{text[:100]} is not in {told[:500]}")


def check(stage, way, server):
    """A genuine event arrives byte for byte, or is refused as it should be; one
    with a bad signature is refused by who verifies. `server` remembers what it
    took, which the one that is measured with may not."""
    server.forget()
    running = way.start(stage, server)
    try:
        signature = wrk.sign(way.text)
        if way.verifies:
            expect(f"{way.name}, a bad signature",
                   post(running.url(), way.text, FORGED), 401)
        if way.refused:
            expect(f"{way.name}, what is to be refused",
                   post(running.url(), way.text,
                        FORGED if way.forged else signature), way.refused)
        else:
            expect(f"{way.name}, a genuine event",
                   post(running.url(), way.text, signature), 202)
            expect_arrived(server, way.arrives or way.text)
        if way.check:
            way.check(running, server)
        if way.refused:
            expect(f"{way.name}, events that arrived", server.count(), 0)
    finally:
        running.stop()
