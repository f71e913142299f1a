"""Mounts that nobody else sees, and that end with us, however we end.

What is mounted for all to see stays when whoever mounted it is killed. In a mount
namespace of our own it goes with the last process that is in there, and none of
ours outlives us: the kernel tidies up, and nothing has to be told to.
"""

import ctypes
import subprocess

from staging.stage import LIBC

CLONE_NEWNS = 0x00020000  # unshare(2)

_ours = False


def keep_to_ourselves():
    """From now on what this thread, and whatever it starts, mounts is seen by
    these alone. Before there is another thread: that one would not see it."""
    global _ours
    if _ours:
        return
    if LIBC.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "a mount namespace needs root")
    # What is mounted in the new one would be told to the old one.
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    _ours = True
