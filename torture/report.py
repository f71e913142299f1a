"""What a run prints, and writes for the documentation."""

import collections
import dataclasses
import json
import pathlib
import sys
import time

from oracle.verdict import Tally

MOST_TOLD = 20  # of what was broken, a round
PROMISES = ("completed", "received", "replicated")
COLUMNS = [field.name for field in dataclasses.fields(Tally)]


def table(first, rows):
    """`rows`: (text, Tally)."""
    lines = [f"| {first} | " + " | ".join(COLUMNS) + " |",
             "| --- |" + " ---: |" * len(COLUMNS)]
    for name, tally in rows:
        cells = " | ".join(f"{value:,}" for value in
                           dataclasses.asdict(tally).values())
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


class Report:
    def __init__(self, seed, file):
        self._failed = 0  # rounds, and what concerns all of them
        self._seed = seed
        self._file = file
        self._rounds = []
        self._notes = []
        self._began = time.monotonic()
        print(f"--seed {seed}", flush=True)

    @property
    def kept(self):
        return not self._failed

    def say(self, text):
        passed = time.monotonic() - self._began
        print(f"  {passed:5.0f} s: {text}", file=sys.stderr)

    def possible(self, kinds, world):
        """Those that can be had here; of the others it is said why not."""
        found = []
        for kind in kinds:
            if why := kind.why_not(world):
                self._notes.append(f"left out, {kind.name}: {why}")
            else:
                found.append(kind)
        return found

    def begin_round(self, number, slots):
        self.say(f"round {number}: " + "; ".join(
            f"{slot.fault}, {slot.begin:.1f} to {slot.end:.1f} s"
            for slot in slots))

    def add(self, outcome):
        self._rounds.append(outcome)
        tally = Tally()
        for each in outcome.tallies.values():
            tally.add(each)
        self.say(f"round {outcome.number}: " + ", ".join(
            f"{value} {name}" for name, value in
            dataclasses.asdict(tally).items()))
        self._breaks(outcome.broken)
        self._write()

    def _breaks(self, sentences):
        self._failed += bool(sentences)
        for each in sentences[:MOST_TOLD]:
            self.say(f"BROKEN: {each}")
        if len(sentences) > MOST_TOLD:
            self.say(f"BROKEN: and {len(sentences) - MOST_TOLD} more")

    def add_sizes(self, sizes):
        self._notes.append(f"memory and descriptors of {sizes.judged()} "
                           "processes were compared")
        self._breaks(sizes.faults())

    def add_faults(self, sentences):
        """Of no round."""
        self._breaks(sentences)

    def add_ends(self, statuses):
        self._breaks([f"{name} ended with {status}" for name, status
                      in statuses.items() if status])

    def broke_off(self, why):
        self._breaks([f"broke off: {why}"])

    def _write(self):
        if self._file:
            pathlib.Path(self._file).write_text(json.dumps({
                "seed": self._seed,
                "rounds": [dataclasses.asdict(each) for each in self._rounds],
                "notes": self._notes}, indent=1))

    def print(self):
        by_promise = collections.defaultdict(Tally)
        by_fault = collections.defaultdict(Tally)
        for outcome in self._rounds:
            kind = (outcome.kinds[0] if len(outcome.kinds) == 1
                    else "several together")
            for promise, tally in outcome.tallies.items():
                by_promise[promise].add(tally)
                by_fault[kind].add(tally)
        print(f"\n{len(self._rounds)} rounds\n")
        print(table("promise", [(name, by_promise[name]) for name in PROMISES
                                if name in by_promise]) + "\n")
        print(table("fault", sorted(by_fault.items())) + "\n")
        for note in self._notes:
            print(note)
        if self.kept and not self._rounds:
            print("0 passed, 0 failed, 1 skipped", flush=True)
            return
        print("all promises were kept" if self.kept else
              "PROMISES WERE BROKEN; the seed plays them again: --seed "
              f"{self._seed}")
        bad = sum(bool(each.broken) for each in self._rounds)
        print(f"{len(self._rounds) - bad} passed, {self._failed} failed",
              flush=True)
