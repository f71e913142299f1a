"""The clock of the day of one node: it can be stepped, and nobody else's is."""

import ctypes
import mmap

from staging.stage import BUILD

LIBRARY = BUILD / "torture-clock.so"  # of torture/clocks
SECOND = 1_000_000_000  # ns


class Clock:
    """`wrap` are words before the command of a program, which then goes by this
    clock, from its start and each time that it is started anew."""

    @staticmethod
    def why_not():
        """Empty if there can be one."""
        return "" if LIBRARY.exists() else f"{LIBRARY.name} is not built"

    def __init__(self, stage, name):
        file = stage.folder / f"{name}.clock"
        file.write_bytes(bytes(ctypes.sizeof(ctypes.c_int64)))
        with open(file, "r+b") as opened:
            # All of the number at once, as it is read at any moment.
            self._offset = ctypes.c_int64.from_buffer(
                mmap.mmap(opened.fileno(), 0))
        self.wrap = ["env", f"LD_PRELOAD={LIBRARY}", f"MFO_CLOCK_OFFSET={file}"]

    @property
    def off(self):
        """Seconds."""
        return self._offset.value / SECOND

    def step(self, seconds):
        """From now on it is so far off, wherever it was."""
        self._offset.value = round(seconds * SECOND)

    def reset(self):
        self.step(0)
