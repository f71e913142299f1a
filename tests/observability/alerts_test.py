#!/usr/bin/env python3
"""Prometheus takes the alerts, and each fires when it should, and only then."""

import shutil
import subprocess
import sys

from stand import BUNDLE

RULES = BUNDLE / "prometheus"


def promtool(command, files):
    """Whether it is content."""
    return subprocess.run(["promtool", command, "rules", *sorted(files)], timeout=60,
                          stdin=subprocess.DEVNULL).returncode == 0


def main():
    if not shutil.which("promtool"):
        print("skipped: there is no promtool; Debian's package prometheus has it")
        return 77
    good = [promtool("check", (RULES / "alerts").glob("*.yml")),
            promtool("test", (RULES / "tests").glob("*.yml"))]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
