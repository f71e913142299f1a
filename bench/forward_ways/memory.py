"""What memory holds: of a system with nothing to do, under load, and with senders
that are connected and ask for nothing; and what each event takes that waits for a
server that does not answer."""

import functools
import http.client
import time

from forward_ways import systems
from forward_ways.rounds import check_all
from forward_ways.ways import CONNECTIONS, of_clients, of_nginx, of_node
from staging import processes, wrk
from staging.crowd import Crowd
from staging.nginx import Sink
from staging.programs import Node, Server
from staging.stage import allow_files, await_true

MIB = 2**20
IDLE, BUSY, CROWD = 20, 40, 150  # MiB
CONNECTED = 10_000  # senders that ask for nothing
ROUNDS = 3  # at most; it does not vary much

HELD = 10_000  # events
FIRST = 100  # of these, which are there when it is measured first
EACH = 4  # KiB beside the payload

# What is answered to GET, by which an idle sender begins.
ANSWERS = {"node": 405, "nginx": 202, "go": 401, "node.js": 401}


def resident(running):
    return processes.resident(running.pid) / MIB


def under_load(stage, way, running, seconds):
    """The most that is seen while senders wait for answers."""
    script = wrk.write_script(stage, wrk.sign(way.text), "load", way.text)
    load = wrk.start(stage, script, running.url(), CONNECTIONS, seconds)
    most = 0
    while load.poll() is None:
        most = max(most, resident(running))
        time.sleep(0.1)
    if load.returncode != 0:
        raise RuntimeError(f"wrk ended with {load.returncode}")
    result = wrk.read(wrk.result_of(script).read_text())
    if result.bad_status or result.broken or not result.requests:
        raise RuntimeError(f"{way.name}: {result}")
    return most


def measure(stage, way, for_many, seconds):
    """`for_many`: the same system with bounds that admit the crowd."""
    running = way.start(stage, way.server)
    try:
        told = {"idle": resident(running),
                "busy": under_load(stage, way, running, seconds)}
    finally:
        running.stop()
    running = for_many.start(stage, way.server)
    crowd = None
    try:
        crowd = Crowd(running.port, CONNECTED, status=ANSWERS[way.system])
        told["crowd"] = resident(running)
        if (left := crowd.idle_left()) != CONNECTED:
            raise RuntimeError(f"{way.name}: {left} of {CONNECTED} idle senders "
                               "are still connected")
    finally:
        if crowd:
            crowd.leave()
        running.stop()
    return told


def sizes(report, stage):
    allow_files(CONNECTED + 5_000)
    sink, text = Sink(stage), wrk.text_of(stage.payload)
    settings = functools.partial(systems.settings, more=f"""
limits: {{max_connections: {2 * CONNECTED}, idle_timeout: 10m}}
drain_timeout: 0s
""")
    clients = of_clients(sink, text)
    ways = [of_node(sink, text), of_nginx(sink, text), *clients]
    for_many = [of_node(sink, text, make_settings=settings),
                of_nginx(sink, text, CONNECTED), *clients]
    pairs = [pair for pair in zip(ways, for_many)
             if pair[0].system in report.systems]
    ways = [way for way, _ in pairs]
    check_all(stage, ways)
    found = {way.name: [] for way in ways}
    for number in range(min(ROUNDS, report.rounds)):
        for way, other in pairs:
            report.progress(f"round {number + 1}, {way.name}")
            found[way.name].append(measure(stage, way, other, report.seconds))
    report.take(found, {way.name: way.system for way in ways})
    for what, figure, bound in (
            ("RSS idle", "idle", IDLE), ("RSS at 64 connections", "busy", BUSY),
            ("RSS with 10,000 idle connections", "crowd", CROWD)):
        report.target(what, report.median("node", figure), "MiB", bound)


# --- events in flight ---------------------------------------------------------

def hold(connection, text, count):
    """Has so many events taken, on one connection."""
    headers = {"Content-Type": "application/json", "X-Signature": wrk.sign(text)}
    for _ in range(count):
        connection.request("POST", "/webhook", text, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise RuntimeError(f"an event to hold was answered {answer.status}")


def in_flight(report, stage):
    """`ack: received`, so that no sender's connection is counted with them."""
    server = Server(stage, "silent")
    server.fault('{"silent":true}')
    node = Node(stage, f"""
servers:
  default: {{url: "{server.url}", request_timeout: 1h, breaker: {{enabled: false}}}}
limits: {{max_in_flight: {2 * HELD}, max_bytes_in_flight: 1GiB}}
dead_letters:
  - {{name: disk, type: file, path: {stage.folder}/letters}}
endpoints:{systems.ENDPOINT}
    ack: received
""", log="warn")
    text = wrk.text_of(stage.payload)
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    report.progress(f"{HELD} events are held")
    hold(connection, text, FIRST)
    before = node.resident()
    hold(connection, text, HELD - FIRST)
    await_true("all events to be held", lambda: node.in_flight() == HELD)
    grown = node.resident() - before
    connection.close()
    node.kill()
    if server.count():
        raise RuntimeError("the server has taken events")
    report.target(f"memory of an event in flight beside its {len(text)} bytes, "
                  f"of {HELD:,}",
                  (grown / (HELD - FIRST) - len(text)) / 1024, "KiB", EACH)


def memory(report, stage):
    sizes(report, stage)
    if "node" in report.systems:
        in_flight(report, stage)


SCENARIOS = {
    "memory": (memory, "Memory"),
}
