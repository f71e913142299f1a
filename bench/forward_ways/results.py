"""All figures of a run, and the machine that they are of, as JSON."""

import datetime
import json
import os
import pathlib
import platform
import subprocess

from staging.stage import NODE

VERSIONS = {
    "mfo-node": [NODE, "--version"],
    "nginx": ["/usr/sbin/nginx", "-v"],
    "go": ["go", "version"],
    "node.js": ["node", "--version"],
    "wrk": ["wrk", "-v"],
}


def version(command):
    """The first line of what it says of itself; empty if it is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    lines = (done.stdout + done.stderr).splitlines()
    return lines[0] if lines else ""


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def machine():
    return {
        "date": datetime.date.today().isoformat(),
        "kernel": platform.release(),
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "versions": {name: told for name, command in VERSIONS.items()
                     if (told := version(command))},
    }


def write(file, machine, options, reports):
    told = {"machine": machine, "options": options,
            "scenarios": [each.as_json() for each in reports]}
    file.write_text(json.dumps(told, indent=1) + "\n")
