"""What was tried, and what came of it."""

import time


class Report:
    """A line for each thing that was tried."""

    def __init__(self):
        self.passed = self.failed = 0
        self._began = time.monotonic()

    def say(self, text):
        print(f"{time.monotonic() - self._began:6.1f} s  {text}", flush=True)

    def check(self, what, good, seen=""):
        self.passed += bool(good)
        self.failed += not good
        self.say(f"{'ok    ' if good else 'FAILED'}  {what}"
                 f"{f' ({seen})' if seen else ''}")

    def close(self):
        """The line that adds up. Gives the exit status."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
