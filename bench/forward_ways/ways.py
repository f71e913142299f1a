"""Ways to forward an event: the rows of a table."""

import dataclasses
import functools
from collections.abc import Callable

from forward_ways import systems
from staging.stage import NODE_CPU, OTHER_CPU

CONNECTIONS = 64


@dataclasses.dataclass(frozen=True)
class Way:
    """A row of a table: a system, how it is set up, and what comes to it."""
    name: str
    system: str  # of systems.NAMES
    start: Callable  # given a stage and a server: what runs
    server: object  # that it forwards to; `count()` tells what has arrived
    text: str  # of a body
    connections: int = CONNECTIONS
    # Of a refusal: the status of all answers, while nothing arrives.
    refused: int = 0
    forged: bool = False  # the signature
    # Answers come before the server has the events: they are waited for, and
    # count for the time that they took.
    ahead: bool = False
    load_cpu: object = OTHER_CPU
    # What of an event must arrive; if empty, its body byte for byte.
    arrives: str = ""
    # What else must be right first, given what runs and a server that remembers.
    check: Callable | None = None
    # What must be right of a round, given what runs, before and after it: the
    # latter also what it gave before, and the events. More figures, if any.
    also: Callable | None = None

    @property
    def verifies(self):
        return self.system != systems.REFERENCE


def of_node(sink, text, name="node", make_settings=systems.settings,
            cpu=NODE_CPU, **more):
    """`make_settings`: see systems.node."""
    return Way(name, "node", functools.partial(
        systems.node, make_settings=make_settings, cpu=cpu), sink, text, **more)


def of_nginx(sink, text, connections=CONNECTIONS, name="nginx", **how):
    return Way(name, "nginx", functools.partial(
        systems.nginx, connections=connections, **how), sink, text, connections)


def of_clients(sink, text, connections=CONNECTIONS, **more):
    """Those that do the documented job, too."""
    return [Way(name, name, start, sink, text, connections, **more)
            for name, start in (("go", systems.go), ("node.js", systems.node_js))]
