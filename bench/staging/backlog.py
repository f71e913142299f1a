"""What a node holds, watched while load comes."""

import time


class Backlog:
    """Looks at a node twice a second, and remembers the most it held."""

    def __init__(self, node, load):
        self._node = node
        self._load = load
        self.most_held = 0
        self.most_resident = 0

    def look(self):
        """Events that are held."""
        if not self._load.running:
            raise RuntimeError("the load has ended")
        held = self._node.in_flight()
        self.most_held = max(self.most_held, held)
        self.most_resident = max(self.most_resident, self._node.resident())
        return held

    def watch(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(0.5)

    def begin_anew(self):
        self.most_held = self.most_resident = 0

    def await_gone(self, few, seconds):
        """Until no more than `few` are held; the seconds it took, or None."""
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            if self.look() <= few:
                return time.monotonic() - began
            time.sleep(0.5)
        return None
