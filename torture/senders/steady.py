"""Steady loads, one for each endpoint of each node, so that it is known where an
event was promised, and what."""

import dataclasses
import itertools

from staging import records
from staging.programs import Load
from world.configuration import ENDPOINTS, ID_HEADER, KEY_HEADER

LAST = 40  # s: for the answers that are out
# To these events come with ids of their sender's; the other endpoints that would know
# such get none, as from most senders.
NAMED = ("completed", "replicated")


@dataclasses.dataclass(frozen=True)
class Way:
    """Of an event: where it came in."""
    node: str
    endpoint: str
    promise: str


class Steady:
    """`rate`: events a second, of all together."""

    _numbers = itertools.count(1)

    def __init__(self, world, rate):
        number = next(Steady._numbers)
        self._loads = {}
        for node in world.nodes:
            for each in ENDPOINTS:
                way = Way(node.name, each.id, each.promise)
                more = each.more
                self._loads[way] = Load(
                    world.stage, node.url(f"/{each.id}"),
                    rate * each.share / len(world.nodes),
                    f"load-{number}-{node.name}-{each.id}",
                    id_header=ID_HEADER if each.id in NAMED else "",
                    key_header=KEY_HEADER if KEY_HEADER in more else "",
                    place=node.place, connections=200)

    def stop(self):
        """Way → its answers."""
        for load in self._loads.values():
            load.tell_to_stop()
        found = {}
        for way, load in self._loads.items():
            found[way] = answers_of(load)
            load.record.unlink()
        return found


def answers_of(load):
    """All of one that was told to stop; what has not recorded them is an error."""
    name = load.record.stem
    if status := load.wait(LAST):
        raise RuntimeError(f"{name} ended with {status}")
    record = load.record.read_bytes()
    if record and not record.endswith(b"\n"):
        raise RuntimeError(f"the record of {name} breaks off")
    return list(records.answers(load.record))
