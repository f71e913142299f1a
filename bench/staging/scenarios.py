"""The command line of a set of scenarios, and their turns."""

import argparse
import signal
import sys

from staging.options import above
from staging.report import Report
from staging.stage import LOAD, NODE, TESTED_NODE, Stage


def parser_of(program, description, scenarios):
    """`scenarios`: name → what plays it, given a report and a stage."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("scenario", nargs="*", choices=[[], *scenarios],
                        metavar="scenario",
                        help=f"of {', '.join(scenarios)}; default: all")
    parser.add_argument("--bytes", type=above(0, int), default=1024,
                        help="of an event's payload (default: 1024)")
    parser.add_argument("--keep", action="store_true",
                        help="leave logs and records where they are, and tell "
                             "where that is")
    return parser


def _play(report, scenario, rate, given):
    try:
        with Stage(rate, given.bytes, given.keep) as stage:
            scenario(report, stage)
    except Exception as error:  # the others have their turn all the same
        report.check("came to its end", f"{type(error).__name__}: {error}",
                     "yes", False)
    report.print()
    return report


def play(scenarios, rates, given, new_report=Report, then=lambda _: None,
         by_name_alone=()):
    """The exit status: 1 if a bound was broken. `rates`: name → events a
    second. `then` gets the reports, after each scenario. Those of `by_name_alone`
    are no part of all."""
    for program in (NODE, TESTED_NODE, LOAD):
        if not program.exists():
            sys.exit(f"{program} is missing; ./dev bench builds it")
    # An exception, so that what runs is stopped.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    names = given.scenario or [name for name in scenarios
                               if name not in by_name_alone]
    reports = []
    for name in names:
        reports.append(_play(new_report(name), scenarios[name], rates(name),
                             given))
        then(reports)
    played = [each for each in reports if not each.left_out]
    kept = sum(each.kept for each in played)
    left_out = len(reports) - len(played)
    print(f"{kept} of {len(played)} scenarios kept their bounds" +
          (f", {left_out} left out" if left_out else ""))
    return 0 if kept == len(played) else 1
