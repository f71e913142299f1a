"""What is no question for the admin listener. Nothing of it would do harm if it
were taken: no drain, no run, no level of the log."""

from senders import attacks, message
from senders.attacks import Attack


def _asked(method_, target, fields=(), body=b""):
    """Of the admin listener. Nothing in it would do harm if it were taken."""
    host = () if any(name == "Host" for name, _ in fields) else (
        ("Host", "localhost"),)
    return Attack(b"".join(message.with_length(
        target, [*host, *fields], body, method_)), "admin", method_)


JSON = ("Content-Type", "application/json")


def admin_unknown(mark, chance):
    return _asked(*chance.choice((
        ("GET", "/api/v1/nothing"), ("GET", "/console/../../etc/passwd"),
        ("GET", "/console/%2e%2e%2f%2e%2e%2fetc/passwd"), ("GET", "//metrics"),
        ("GET", "/api/v1/runs/" + "x" * 5_000),
        ("GET", f"/api/v1/events/hostile-{mark.text}"))))


def admin_method(mark, chance):
    return _asked(chance.choice(("DELETE", "PATCH", "PUT", "BREW")),
                  chance.choice(("/metrics", "/health", "/api/v1/overview")))


def admin_page(mark, chance):
    """A page of somebody else's that a browser shows on this host."""
    return _asked("POST", "/api/v1/reload", chance.choice((
        (("Origin", "http://evil.test"),), (("Host", "evil.test"),),
        (("Origin", "null"),))))


def admin_query(mark, chance):
    return _asked("GET", "/api/v1/events?" + chance.choice(
        ("nothing=1", "limit=-1", "limit=x", "%", "limit=1&limit=2")))


def admin_body(mark, chance):
    body = chance.choice((
        b'{"hostile":"%b",}' % mark.text.encode(),
        b'{"hostile":%b1%b}' % (b"[" * 2_000, b"]" * 2_000),
        mark.body(), b"[]", b'{"ids":1,"ids":2}'))
    return _asked("POST", "/api/v1/dead-letters/replay", (JSON,), body)


def admin_head(mark, chance):
    return Attack(attacks.large_head(mark, chance).data, "admin")


def admin_framing(mark, chance):
    make = chance.choice((attacks.two_lengths, attacks.bad_line,
                          attacks.bad_first_line, attacks.bad_chunk,
                          attacks.garbage))
    return Attack(make(mark, chance).data, "admin")


# As in attacks.py. Where the listener asks for a token, it says so first.
ATTACKS = {
    "admin-unknown": (admin_unknown, 2, {401, 404}),
    "admin-method": (admin_method, 2, {401, 405}),
    "admin-page": (admin_page, 2, {401, 403, 421}),
    "admin-query": (admin_query, 2, {400, 401}),
    "admin-body": (admin_body, 2, {400, 401, 422}),
    "admin-head": (admin_head, 1, {431}),
    "admin-framing": (admin_framing, 4, {400, 413, 431}),
}
