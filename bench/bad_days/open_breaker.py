"""The circuit of a server is open, and senders go on.

No connection is made to the server. What a refused event costs is told beside
what one costs whose signature is wrong, which ends two actors earlier: the
difference is the JSON check, the hops and the refusal. The refusal alone is too
little to be seen from out here; `./dev bench micro` has its figure and bound.
"""

import socket
import statistics
import threading

from staging import wrk
from staging.programs import Load, Node
from staging.stage import await_true

ROUNDS = 3
SECONDS = 4  # of load in each
CONNECTIONS = 64


class FailingServer:
    """Answers 500 to one request a connection, and counts connections."""

    def __init__(self):
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            peer, _ = self._socket.accept()
            self.connections += 1
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 500 Internal Server Error\r\n"
                             b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def settings(server):
    return f"""
servers:
  default:
    url: {server.url}
    breaker: {{open_for: 1h}}
retries:
  default:
    limit: {{count: 1}}
endpoints:
  - id: webhook
    path: /webhook
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
"""


def is_open(node):
    return node.metrics().sum("mfo_upstream_circuit_state") == 2


def open_circuit(stage, node):
    """By a second of steady load, at a server that fails."""
    Load(stage, node.url(), 50, seconds=1).wait()
    await_true("the circuit to open", lambda: is_open(node))


def measure(stage, node, script, reason):
    """(CPU µs an event, events a second) of events that are all refused for
    this reason."""
    def counted():
        metrics = node.metrics()
        return (metrics.sum("mfo_events_received_total"),
                metrics.sum("mfo_events_refused_total", f'reason="{reason}"'))
    received, refused = counted()
    cpu = node.cpu_seconds()
    wrk.start(stage, script, node.url(), CONNECTIONS, SECONDS).wait()
    cpu = node.cpu_seconds() - cpu
    await_true("the node to be empty",
               lambda: not node.in_flight())
    received, refused = (
        now - before for now, before in zip(counted(), (received, refused)))
    if received == 0 or received != refused:
        raise RuntimeError(f"{received:.0f} events were received, "
                           f"{refused:.0f} refused as {reason}")
    return cpu / refused * 1e6, refused / SECONDS


def run(report, stage):
    server = FailingServer()
    node = Node(stage, settings(server))
    open_circuit(stage, node)
    connections = server.connections
    report.tell("connections until the circuit opened", connections)
    scripts = {
        "circuit_open": wrk.write_script(
            stage, wrk.sign(wrk.body(stage)), "genuine"),
        "bad_signature": wrk.write_script(stage, "00" * 32, "forged"),
    }
    rounds = {reason: [] for reason in scripts}
    for number in range(ROUNDS):
        report.progress(f"round {number + 1} of {ROUNDS}")
        for reason, script in scripts.items():
            rounds[reason].append(measure(stage, node, script, reason))
    report.equal("connections while it was open",
                 server.connections - connections, 0)
    report.equal("the circuit is open", is_open(node), True)
    cost = {}
    for reason, values in rounds.items():
        cost[reason] = statistics.median(each[0] for each in values)
        rate = statistics.median(each[1] for each in values)
        report.tell(f"refused as {reason}",
                    f"{cost[reason]:.1f} µs of CPU, {rate:.0f} events/s")
    report.tell("difference", "%.1f µs of CPU" % (
        cost["circuit_open"] - cost["bad_signature"]))
    node.stop()
