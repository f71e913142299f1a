"""The plain forward: verify, check the JSON, wrap, post, answer; and what
connections, acknowledgement and TLS make of it."""

import functools
import subprocess
import time

from forward_ways import checks, systems
from forward_ways.rounds import play
from forward_ways.ways import of_clients, of_nginx, of_node
from staging import wrk
from staging.nginx import Sink
from staging.stage import allow_files, await_true

# CPU per event, of the node to that of nginx and of the Go client.
TO_NGINX, TO_GO = 1.3, 0.33
LARGE = 8192  # bytes
LARGE_TO_NGINX, LARGE_TO_GO = 2.0, 0.2
MANY = 1000  # connections
MANY_TO_FEW = 1.2

LATENCY = 500  # ms: of a server, where the answer is not to wait for it


def small(report, stage):
    sink, text = Sink(stage), wrk.text_of(stage.payload)
    play(report, stage, [of_node(sink, text), of_nginx(sink, text),
                         *of_clients(sink, text)])
    report.ratio("node", "nginx", TO_NGINX)
    report.ratio("node", "go", TO_GO)


def large(report, stage):
    sink, text = Sink(stage), wrk.text_of(LARGE)
    play(report, stage, [of_node(sink, text), of_nginx(sink, text),
                         *of_clients(sink, text)])
    report.ratio("node", "nginx", LARGE_TO_NGINX)
    report.ratio("node", "go", LARGE_TO_GO)


def many_connections(report, stage):
    allow_files(5 * MANY)
    sink, text = Sink(stage), wrk.text_of(stage.payload)
    few = "node, 64 connections"
    settings = functools.partial(systems.settings,
                                 more=systems.many_connections(MANY))
    play(report, stage, [
        of_node(sink, text, make_settings=settings, connections=MANY),
        of_node(sink, text, few, settings),
        of_nginx(sink, text, MANY), *of_clients(sink, text, MANY)])
    report.ratio("node", few, MANY_TO_FEW)


# --- received -----------------------------------------------------------------

def received(report, stage):
    """Senders are faster than what they send is delivered, so that there must be
    room for what piles up; it is delivered before a round is over."""
    def settings(url):
        return systems.settings(url, "    ack: received", more=f"""
limits: {{max_in_flight: 1000000, max_bytes_in_flight: 4GiB}}
dead_letters:
  - {{name: disk, type: file, path: {stage.folder}/letters}}
""")

    def check(node, server):
        server.fault(f'{{"path": "/api", "latency_ms": {LATENCY}}}')
        before, began = server.count(), time.monotonic()
        checks.expect("an event that is received",
                      checks.post(node.url(), text, wrk.sign(text)), 202)
        took = (time.monotonic() - began) * 1000
        if took >= LATENCY:
            raise RuntimeError(f"received was answered after {took:.0f} ms, "
                               f"as slow as the server ({LATENCY} ms)")
        await_true("it to arrive", lambda: server.count() == before + 1)
        server.no_fault()

    sink, text = Sink(stage), wrk.text_of(stage.payload)
    play(report, stage, [
        of_node(sink, text, "node, received", settings, check=check,
                ahead=True),
        of_node(sink, text), of_nginx(sink, text)])


# --- TLS ----------------------------------------------------------------------

def certificate(stage):
    """(certificate, key) of 127.0.0.1, signed by itself."""
    files = stage.folder / "tls.pem", stage.folder / "tls.key"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-out", files[0], "-keyout", files[1]],
        capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl req: {done.stderr}")
    return files


def tls(report, stage):
    """Connections stay, so that it is what records cost, not handshakes."""
    pem, key = certificate(stage)
    settings = functools.partial(
        systems.settings, more=f"tls: {{certificate: {pem}, key: {key}}}")
    sink, text = Sink(stage), wrk.text_of(stage.payload)
    play(report, stage, [
        of_node(sink, text, "node, TLS", settings),
        of_nginx(sink, text, name="nginx, TLS", tls=(pem, key)),
        of_node(sink, text), of_nginx(sink, text)])
    report.ratio("node, TLS", "nginx, TLS")


SCENARIOS = {
    "plain": (small, "The plain forward, 1 KB, 64 connections"),
    "plain-8k": (large, "The plain forward, 8 KB, 64 connections"),
    "plain-1000": (many_connections,
                   "The plain forward, 1 KB, 1,000 connections"),
    "received": (received, "Answered once it is in memory, `ack: received`"),
    "tls": (tls, "TLS to the senders"),
}
