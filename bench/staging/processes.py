"""What processes take of the machine. Each that a stage starts leads a group, in
which its children are."""

import contextlib
import os
import pathlib


def _fields(pid):
    """Of /proc/PID/stat, from the third one on, the state (man 5 proc)."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text.rsplit(")", 1)[1].split()


def group(leader):
    """pid → fields, of the leader and its children."""
    found = {}
    for each in os.listdir("/proc"):
        if each.isdigit():
            # It may be gone by now.
            with contextlib.suppress(OSError):
                fields = _fields(each)
                if int(fields[2]) == leader:
                    found[int(each)] = fields
    return found


def cpu_seconds(leader):
    """User and system of the group, all threads, and of children that ended."""
    ticks = sum(int(tick) for fields in group(leader).values()
                for tick in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident(leader):
    """Bytes; what processes of the group share counts for each of them."""
    pages = sum(int(fields[21]) for fields in group(leader).values())
    return pages * os.sysconf("SC_PAGE_SIZE")
