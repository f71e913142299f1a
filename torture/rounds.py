"""One round: all is well, faults come and go, all is well again, and then it is
found out what became of each event."""

import contextlib
import dataclasses
import time

from oracle import crowd, leftovers, roaming
from oracle.causes import Causes
from oracle.ends import faults_of_ends
from oracle.logs import told_lost
from oracle.verdict import judge
from senders.hostile import Hostile, events_of
from senders.probe import Probe
from senders.roaming import Field, Roaming
from senders.rude import Rude
from senders.steady import Steady
from staging.stage import await_true, now_ms

CALM = 3  # s, before the faults and after them
BEAT = 0.1  # s
SCRAPE = 2  # s
AT_REST = 30  # s: until all gauges are 0
RUDE_RATE, HOSTILE_RATE = 5, 10  # a second and node
ROAMING_RATE = 15  # a second


@dataclasses.dataclass
class Outcome:
    number: int
    faults: list  # sentences of what went wrong on purpose
    kinds: list  # names of that
    tallies: dict
    broken: list  # sentences of what may not have been
    sizes: dict  # of each node in the end, as oracle/leftovers.py has them
    seconds: float = 0.0


def merged(some, others):
    """Of maps of lists."""
    return {key: [*some.get(key, []), *others.get(key, [])]
            for key in {**some, **others}}


class Round:
    """`slots`: of schedule.slots_of."""

    def __init__(self, world, number, seed, slots, rate, arrivals, past, sizes,
                 say):
        self._world = world
        self._number = number
        self._seed = seed
        self._slots = slots
        self._rate = rate
        self._arrivals = arrivals
        self._past = past
        self._sizes = sizes
        self._say = say
        self._broken = []
        self._scraped = 0.0

    def play(self, seconds):
        began, began_ms = time.monotonic(), now_ms()
        world = self._world
        undecided = self._undecided()
        steady = Steady(world, self._rate)
        name = f"{self._seed}-{self._number}"
        rude = {node.name: Rude(world.stage, node, name, RUDE_RATE)
                for node in world.nodes}
        hostile = {node.name: Hostile(world.stage, node, name, HOSTILE_RATE)
                   for node in world.nodes}
        roamers = Roaming(world.stage, Field(world.nodes), name, ROAMING_RATE)
        self._pass_time(CALM, [])
        self._pass_time(seconds, self._slots)
        world.await_whole()
        probes = self._probe(name)
        self._pass_time(CALM, [])
        answers = steady.stop()
        for sender in (*rude.values(), *hostile.values(), roamers):
            sender.stop()
        world.await_empty()
        sizes = self._come_to_rest()
        verdict = self._judge(answers, probes, rude, hostile, roamers,
                              world.journal.since(began_ms),
                              self._undecided() - undecided)
        world.sinks.purge(world)
        return Outcome(self._number, [str(slot.fault) for slot in self._slots],
                       [slot.fault.name for slot in self._slots],
                       verdict.tallies, self._broken + verdict.faults, sizes,
                       time.monotonic() - began)

    def _judge(self, answers, probes, rude, hostile, roamers, entries,
               undecided):
        """`answers`: of the steady senders; `probes`, `rude` and `hostile` are maps,
        by the name of the node. `entries`: of the journal, of this round;
        `undecided`: deliveries of which nobody could say in time whether they are
        known, so that they were taken for new."""
        world = self._world
        causes = Causes.of(self._slots, entries)
        if undecided > 0 and not causes.repeats:
            self._say(f"{undecided:.0f} deliveries were undecided")
            causes = dataclasses.replace(causes, repeats=True)
        arrivals = self._arrivals.more()
        letters = world.sinks.ids_of_letters(world)
        self._broken += self._past.faults(arrivals)
        self._broken += faults_of_ends(entries, causes)
        self._broken += crowd.faults_of_steady(answers)
        for node, probe in probes.items():
            lines = probe.lines()
            answers = merged(answers, crowd.answers_of(node, lines))
            self._broken += crowd.faults_of_probe(node, lines, arrivals)
        for node, sender in rude.items():
            lines = sender.lines()
            answers = merged(answers, crowd.answers_of(node, lines))
            self._broken += crowd.faults_of_rude(node, lines,
                                                 causes.repeats)
        lines = roamers.lines()
        answers = merged(answers, roaming.answers_of(lines))
        self._broken += roaming.faults_of(lines, arrivals.keys() | letters,
                                          entries, causes.repeats)
        for node, sender in hostile.items():
            lines = sender.lines()
            self._broken += crowd.faults_of_hostile(node, lines, arrivals)
            self._past.add(events_of(lines))
        self._past.add(arrivals, (answer.id for its in answers.values()
                                  for answer in its))
        return judge(answers, arrivals, letters,
                     told_lost(world.nodes, world.stage.folder), entries, causes)

    def _pass_time(self, seconds, slots):
        """While faults begin and end; it takes longer where one ends late."""
        began = time.monotonic()
        waiting, under_way = list(slots), []
        while (now := time.monotonic() - began) < seconds or waiting or under_way:
            # First what is over: what begins may have the same victim.
            for slot in [each for each in under_way if each.end <= now]:
                under_way.remove(slot)
                slot.fault.end()
                self._note("ends", slot.fault)
            for slot in [each for each in waiting if each.begin <= now]:
                waiting.remove(slot)
                self._note("begins", slot.fault)
                slot.fault.begin()
                under_way.append(slot)
            for slot in under_way:
                slot.fault.beat()
            self._look(under_way)
            time.sleep(BEAT)

    def _probe(self, name):
        """Name of each node → its probe, which has ended."""
        began = time.monotonic()
        probes = {node.name: Probe(self._world.stage, node, name)
                  for node in self._world.nodes}
        while any(probe.running for probe in probes.values()):
            self._look([])
            time.sleep(BEAT)
        for probe in probes.values():
            probe.stop()
        self._say(f"probes have ended after {time.monotonic() - began:.1f} s")
        return probes

    def _undecided(self):
        """Since the nodes were started; those that were started anew meanwhile were
        ended by what may lead to repetitions anyway."""
        return sum(node.metrics().sum("mfo_cluster_claims_total",
                                      'result="undecided"')
                   for node in self._world.nodes)

    def _note(self, kind, fault):
        self._world.journal.note(kind, str(fault))
        self._say(f"{fault} {kind}")

    def _look(self, under_way):
        """At those that run, whether they do, and their counters agree."""
        if self._world.fell():
            for slot in under_way:  # which may find out that it was because of it
                slot.fault.beat()
        for node in self._world.fell():
            raise RuntimeError(f"{node.name} has ended by itself, with exit "
                               f"status {node.exit_status()}")
        if time.monotonic() < self._scraped + SCRAPE:
            return
        self._scraped = time.monotonic()
        for node in self._world.nodes:
            if self._answers(node):
                with contextlib.suppress(OSError):
                    self._scrape(node)

    def _scrape(self, node):
        at = now_ms()  # what is acknowledged since then may not be in it
        metrics = node.metrics()
        self._check_balance(node, metrics)
        self._world.journal.note("in flight", node.name, round(
            metrics.sum("mfo_events_in_flight")), at)

    def _answers(self, node):
        journal = self._world.journal
        return not journal.is_down(node.name) and not journal.stands(node.name)

    def _check_balance(self, node, metrics):
        if off := leftovers.balance(metrics):
            self._broken.append(f"{node.name} received {off} events more than "
                                "it knows the fate of")

    def _come_to_rest(self):
        """The sizes of the nodes then."""
        sizes = {}
        for node in self._world.nodes:
            try:
                await_true(f"{node.name} to be at rest", lambda: not
                           leftovers.gauges_left(node.metrics()), AT_REST,
                           pause=0.5)
            except TimeoutError:
                left = ", ".join(leftovers.gauges_left(node.metrics()))
                self._broken.append(f"{node.name} has left over: {left}")
            metrics = node.metrics()
            self._check_balance(node, metrics)
            sizes[node.name] = self._sizes.note(node, metrics)
        return sizes
