"""Types of options that take a number."""

import argparse
import contextlib
import math


def above(least, number):
    """What `number` (int, float) makes of a text, if it is above `least`."""
    def read(text):
        with contextlib.suppress(ValueError):
            if least < (value := number(text)) < math.inf:
                return value
        raise argparse.ArgumentTypeError(
            f"{text} is no {number.__name__} above {least}")
    return read
