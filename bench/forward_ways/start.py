"""From the start of the process to the first time that it says it is ready, on
its core; and the program's size."""

import subprocess
import time

from forward_ways import systems
from staging.nginx import Sink
from staging.programs import Node
from staging.stage import NODE, await_true

READY = 150  # ms
SIZE = 12  # MB
STARTS = 4  # in each round
PAUSE = 0.001  # s: between two questions


class TimedNode(Node):
    def await_ready(self):
        began = time.monotonic()
        await_true(f"{self.name} to be ready", self._ready, pause=PAUSE)
        self.took = (time.monotonic() - began) * 1000  # ms


def start(report, stage):
    if "node" not in report.systems:
        return report.leave_out("the node is not asked for")
    settings = systems.settings(Sink(stage).url)
    found = []
    for _ in range(STARTS * report.rounds):
        node = TimedNode(stage, settings, log="warn")
        found.append({"start": node.took})
        if node.stop() != 0:
            raise RuntimeError("the node did not end well")
    report.take({"node": found}, {"node": "node"})
    report.target("start to ready", report.median("node", "start"), "ms", READY)
    report.target("stripped binary", stripped(stage).stat().st_size / 1e6, "MB",
                  SIZE)


def stripped(stage):
    small = stage.folder / "stripped"
    done = subprocess.run(["strip", "-o", small, NODE], capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise RuntimeError(f"strip: {done.stderr}")
    return small


SCENARIOS = {
    "start": (start, "From start to ready"),
}
