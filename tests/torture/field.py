"""What tests of the torture share: a place with an address, and a skip."""

import random
import sys

import torture_path  # noqa: F401

from cluster_days.network import Namespace

ADDRESS = "198.18.9.1"  # of those that are set aside for benchmarks (RFC 2544)


def need(why_not):
    """Ends the test, as one that was skipped, where something is not there."""
    if why_not:
        print(f"skipped: {why_not}")
        sys.exit(77)


def place(stage, name):
    """With the address, of which nobody else knows."""
    made = Namespace(stage, name)
    made.ip("address", "add", f"{ADDRESS}/24", "dev", "lo")
    return made


def fault(kind, world, *words):
    """Of the first seed with which it says all of this."""
    for seed in range(1000):
        made = kind(world, random.Random(seed))
        if all(word in str(made) for word in words):
            return made
    raise LookupError(f"no seed gives {kind.name} with {words}")
