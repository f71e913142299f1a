"""A second scheduler thread (`workers`). The node has two cores here, and where
there are no four, load and server share these with it: then it cannot be seen what
the second one brings, only what an event costs."""

import functools
import os

from forward_ways import figures, systems
from forward_ways.rounds import play
from forward_ways.ways import of_node
from staging import wrk
from staging.nginx import Sink
from staging.stage import CPUS

THROUGHPUT = 1.7
CPU = 1.15

WIDE = len(CPUS) >= 4
NODE_CPUS = CPUS[:2]
LOAD_CPUS = CPUS[2:] if WIDE else CPUS


def as_list(cpus):
    """As taskset has it."""
    return ",".join(map(str, cpus))


def count(node, *after):
    """Threads of the process, once a round is over."""
    return {"threads": len(os.listdir(f"/proc/{node.pid}/task"))} if after else {}


def threads(report, stage):
    sink, text = Sink(stage, cpu=as_list(LOAD_CPUS)), wrk.text_of(stage.payload)
    names = {workers: f"node, {workers} scheduler thread" + "s" * (workers > 1)
             for workers in (1, 2)}
    play(report, stage, [
        of_node(sink, text, name, functools.partial(
            systems.settings, more=f"workers: {workers}"),
            load_cpu=as_list(LOAD_CPUS), cpu=as_list(NODE_CPUS), also=count)
        for workers, name in names.items()])
    if report.left_out:
        return
    more = (report.median(names[2], "threads") -
            report.median(names[1], "threads"))
    report.check("threads that the second one adds", more, "≥ 1", more >= 1)
    report.ratio(names[2], names[1], CPU)
    report.target(
        "events/s, 2 threads ÷ 1",
        figures.ratio(report.rows, names[2], names[1], "rate"), "×", THROUGHPUT,
        at_least=True,
        why="" if WIDE else f"load and server share the {len(CPUS)} cores")


SCENARIOS = {
    "threads": (threads, "A second scheduler thread"),
}
