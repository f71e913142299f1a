"""What senders have in common as programs: when each of their messages begins,
how they end, what they write down, and how others start and read them."""

import argparse
import asyncio
import contextlib
import dataclasses
import pathlib
import random
import signal
import sys
import traceback

from senders import message
from staging.stage import OTHER_CPU, now_ms, stop

# Messages that are under way at a time; while there are as many, none begins.
MOST = 150
# How long what is under way may take to end, once it is to end.
LAST = 5.0  # s


@dataclasses.dataclass(slots=True)
class Line:
    """One message, whatever it took. In a record: its members, with blanks
    between them."""
    kind: str
    own: str = "-"  # its sender's own id
    event: str = "-"  # the event's id, as it was answered
    status: int = message.NONE  # of the answer to the last try
    tries: int = 0  # that were begun
    first: int = dataclasses.field(default_factory=now_ms)  # ms since 1970
    last: int = 0
    endpoint: str = "-"

    @property
    def accepted(self):
        return 200 <= self.status < 300

    def begin(self):
        """One more try; what the one before was told counts no more."""
        self.tries += 1
        self.status = message.NONE

    def take(self, answer):
        """That of the try, or None."""
        self.status = answer.status if answer else message.NONE
        if answer and answer.event_id != "-":
            self.event = answer.event_id


def read(file):
    """The lines of a record."""
    with open(file) as lines:
        for line in lines:
            if not line.endswith("\n"):
                return  # it is being written
            kind, own, event, *numbers, endpoint = line.split()
            yield Line(kind, own, event, *map(int, numbers), endpoint)


class Record:
    """Each line is with the kernel before anything else is done, so that a kill
    loses no answer."""

    def __init__(self, file):
        self._file = open(file, "a", buffering=1)

    def close(self):
        self._file.close()

    def write(self, line):
        line.last = now_ms()
        self._file.write(
            " ".join(map(str, dataclasses.astuple(line))) + "\n")

    @contextlib.contextmanager
    def line(self, *members, **more):
        """One that is written in the end, whatever happens."""
        line = Line(*members, **more)
        try:
            yield line
        finally:
            self.write(line)


class Program:
    """Begins messages by chance, as many a second as the rate says on average,
    each of a kind that chance picks, too: the same seed, the same messages."""

    def __init__(self, given, kinds, name):
        """`kinds`: what sends a message, given its number and its chance →
        how often that is, next to the others."""
        self.given = given
        self.record = Record(given.record)
        self._kinds = kinds
        self._name = name
        self._ending = asyncio.Event()
        self._failed = False

    def own(self, number):
        """An id of a delivery, which no other program's is."""
        return f"{self._name}-{self.given.seed}-{number}"

    @property
    def ends(self):
        return self._ending.is_set()

    async def pause(self, seconds):
        """Whether to go on after it; it is cut short where not."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        return not self.ends

    async def is_in_time(self, task):
        """Whether it is done before all is to end."""
        ending = asyncio.create_task(self._ending.wait())
        await asyncio.wait((task, ending),
                           return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        return task.done()

    async def run(self):
        """The exit status, once it was told to end."""
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(
                each, self._ending.set)
        chance = random.Random(f"{self.given.seed} begins")
        under_way = set()
        number = 0
        while await self.pause(chance.expovariate(self.given.rate)):
            number += 1
            if len(under_way) < MOST:
                task = asyncio.create_task(self._begin(number))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        tasks = list(under_way)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LAST)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self.record.close()
        return 1 if self._failed else 0

    async def _begin(self, number):
        chance = random.Random(f"{self.given.seed} {number}")
        [kind] = chance.choices(list(self._kinds), self._kinds.values())
        try:
            await kind(number, chance)
        except (OSError, TimeoutError):
            pass  # of the connection: the line says that there is no answer
        except Exception:
            self._failed = True
            traceback.print_exc()


def beside_a_node(parser):
    parser.add_argument("--port", type=int, required=True,
                        help="where the node takes events")


def main(description, new_program, more=beside_a_node):
    """The exit status. `more` adds options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", required=True,
                        help="a word, of what happens by chance; ids of "
                             "deliveries have it in them")
    parser.add_argument("--rate", type=float, default=10,
                        help="messages a second (default: 10)")
    parser.add_argument("--record", required=True,
                        help="the file where each message becomes a line")
    more(parser)
    given = parser.parse_args()
    if not message.SECRET:
        parser.error("WEBHOOK_SECRET is not set")

    async def run():
        return await new_program(given).run()

    return asyncio.run(run())


class Process:
    """A sender that runs beside one node, until it is stopped. `node` has a
    name, a place, a port and an admin port. Two beside the same one need two
    seeds."""

    NAME = SCRIPT = ""  # of each sender, its own

    def __init__(self, stage, node, seed, rate=10, cpu=OTHER_CPU):
        self.name = f"{self.NAME}-{node.name}-{seed}"
        self.record = stage.folder / f"{self.name}.record"
        self.record.touch(exist_ok=False)  # two would have the same ids
        script = pathlib.Path(__file__).with_name(self.SCRIPT)
        self._process = stage.start(
            self.name, sys.executable, "-B", script, *self.options(node),
            "--seed", f"{seed}-{node.name}", "--rate", rate,
            "--record", self.record, cpu=cpu, place=node.place)

    def options(self, node):
        return ["--port", node.port]

    @property
    def running(self):
        return self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        """Waits some seconds for what is under way. A program that failed is an
        error; its log has more."""
        stop(self._process)
        # It may not have come so far as to wait for the signal.
        if self._process.returncode not in (0, -signal.SIGTERM):
            raise RuntimeError(
                f"{self.name} ended with {self._process.returncode}")

    def lines(self):
        return list(read(self.record))
