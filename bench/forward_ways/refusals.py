"""What is refused: a bad signature, and any event while the circuit is open."""

from bad_days import open_breaker
from forward_ways import systems
from forward_ways.rounds import play
from forward_ways.ways import Way, of_clients, of_nginx, of_node
from staging import wrk
from staging.nginx import Sink
from staging.programs import Server

# CPU of a bad signature to that of a request that nginx forwards.
REFUSAL = 0.8


def bad_signature(report, stage):
    """The answer is 401, and nothing arrives at a server that would remember."""
    server, text = Server(stage), wrk.text_of(stage.payload)
    play(report, stage, [
        of_node(server, text, refused=401, forged=True),
        of_nginx(Sink(stage), text),
        *of_clients(server, text, refused=401, forged=True)])
    report.ratio("node", "nginx", REFUSAL,
                        what="CPU of a refusal to that of a forwarded request")


class OpenCircuit:
    """The failing server of a node whose circuit is open; what arrives at it are
    connections, of which there must be no more once it is."""

    def __init__(self):
        self._server = open_breaker.FailingServer()

    def count(self):
        return self._server.connections

    def start(self, stage, _):
        node = systems.node(stage, self._server,
                            lambda _: open_breaker.settings(self._server))
        open_breaker.open_circuit(stage, node)
        return node

    @staticmethod
    def look(node, *_):
        if not open_breaker.is_open(node):
            raise RuntimeError("the circuit is not open")
        return {}


def open_circuit(report, stage):
    text, circuit = wrk.text_of(stage.payload), OpenCircuit()
    play(report, stage, [
        Way("node, circuit open", "node", circuit.start, circuit, text,
            refused=503, also=circuit.look),
        of_node(Server(stage), text, "node, bad signature", refused=401,
                forged=True),
        of_nginx(Sink(stage), text)])
    report.ratio("node, circuit open", "node, bad signature")


SCENARIOS = {
    "refused": (bad_signature, "A bad signature is refused"),
    "breaker-open": (open_circuit, "The circuit of the server is open"),
}
