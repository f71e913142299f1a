"""What a scenario prints: a table, and whether each bound was kept."""

import sys
import time


class Report:
    def __init__(self, name):
        self.name = name
        self.kept = True
        self.left_out = ""  # why, if the scenario was
        self._rows = []
        self._began = time.monotonic()

    def tell(self, what, value):
        """A figure without a bound."""
        self._rows.append((what, str(value), "", ""))

    def check(self, what, value, bound, kept):
        """A figure with its bound, as a text, and whether it was kept."""
        self.kept = self.kept and bool(kept)
        self._rows.append((what, str(value), bound, "yes" if kept else "**NO**"))

    def leave_out(self, why):
        """The scenario cannot be played here."""
        self.left_out = why
        self._rows.append(("left out", why, "", "–"))

    def equal(self, what, value, expected):
        self.check(what, value, f"= {expected}", value == expected)

    def progress(self, text):
        passed = time.monotonic() - self._began
        print(f"  {self.name}, {passed:3.0f} s: {text}", file=sys.stderr)

    def print(self):
        seconds = time.monotonic() - self._began
        print(f"\n## {self.name} ({seconds:.0f} s)\n")
        self.tables()
        if self._rows:
            print("| measured | value | bound | kept |")
            print("| --- | --- | --- | --- |")
            for row in self._rows:
                print("| " + " | ".join(row) + " |")
        print(flush=True)

    def tables(self):
        """Those that a kind of reports has above its bounds."""
