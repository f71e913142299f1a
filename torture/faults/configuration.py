"""A node whose configuration is read again all the time, and one that is asked
for all that it knows (docs/reference/reload.md, docs/reference/admin.md)."""

import os
import re
import signal
import time
import urllib.error

from faults import certificates
from faults.fault import Fault
from senders.askers import Askers
from staging.stage import call

# What another configuration has other values of: any of them, and any number.
CHANGES = (
    (r"\blevel: warn\b", "level: info"),
    (r"\btimeout: 10s", "timeout: 9s"),
    (r"\btimeout: 2s", "timeout: 1500ms"),
    (r"\bmax_delay: 2s", "max_delay: 1s"),
    (r"\bdelay: 100ms", "delay: 50ms"),
    (r"\bmax_in_flight: 64\b", "max_in_flight: 48"),
    (r"\bmax_in_flight: 8192\b", "max_in_flight: 8000"),
    (r"\bmax_bytes_in_flight: 256MiB", "max_bytes_in_flight: 200MiB"),
    (r"\bmax_connections: 4096\b", "max_connections: 4000"),
    (r"\bmax_events: 32\b", "max_events: 16"),
)
VARIANTS = 4


def _half(text):
    return text[:len(text) // 2] + "\n}"


# None of these is good, each for another reason.
BROKEN = (
    _half,  # as one that is still being written
    lambda text: text + "\nno_such_key: 1\n",
    lambda text: re.sub(r"\bmax_connections: \d+", "max_connections: -1", text),
    lambda text: text.replace("WEBHOOK_SECRET", "NO_SUCH_VARIABLE"),
    # Cannot change while it runs.
    lambda text: re.sub(r"\bnode_name: ", "node_name: not-", text),
    # Cannot be had: of TEST-NET-1 (RFC 5737), which is nobody's.
    lambda text: re.sub(r"\blisten: [^\n]*", "listen: 192.0.2.1:8088", text,
                        count=1),
    lambda text: text + "\ntls: {certificate: /nowhere, key: /nowhere}\n",
)
# Until what began under former configurations has ended, of which only some may
# be in use (reload.md): a call is tried for no longer than this.
IN_FORCE = 90  # s


def variant(text, chance):
    """Another configuration that is as good."""
    possible = [each for each in CHANGES if re.search(each[0], text)]
    for pattern, value in chance.sample(possible,
                                        chance.randint(1, len(possible))):
        text = re.sub(pattern, value, text)
    return text


class ReloadStorm(Fault):
    """SIGHUP ten times a second, each time with another configuration, of which
    some are no good."""

    name = "reload storm"
    repeats = False

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(world.nodes)

    def victims(self):
        return {self.node.name}

    def begin(self):
        self._text = self.node.config.read_text()
        self._good = [self._text, *(variant(self._text, self.chance)
                                    for _ in range(VARIANTS))]

    def beat(self):
        if self.chance.random() < 0.3:
            text = self.chance.choice(BROKEN)(self._text)
        else:
            text = self.chance.choice(self._good)
        self._write(text)
        self.node.signal(signal.SIGHUP)

    def end(self):
        self._write(self._text)
        end = time.monotonic() + IN_FORCE
        while why := self._why_refused():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.node.name} does not go back to its "
                                   f"configuration: {why}")
            time.sleep(0.2)
        if not self.node.metrics().sum("mfo_config_last_reload_successful"):
            raise RuntimeError(f"{self.node.name} has reloaded, and says it "
                               "has not")

    def _write(self, text):
        """Renamed over, as it is read at any moment."""
        new = self.node.config.with_suffix(".new")
        new.write_text(text)
        os.replace(new, self.node.config)

    def _why_refused(self):
        """Empty once the file is in force."""
        try:
            with self.node.place:
                call("POST", f"{self.node.admin_url}/api/v1/reload")
        except urllib.error.HTTPError as error:
            return error.read().decode(errors="replace")
        return ""

    def __str__(self):
        return f"{self.name} at {self.node.name}"


class AdminStorm(Fault):
    """All that the admin listener can be asked, all the time, and as many
    streams as there may be, of which some are not read."""

    name = "admin storm"
    repeats = False

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self.node = chance.choice(world.nodes)

    def victims(self):
        return {self.node.name}

    def begin(self):
        self._askers = Askers(self.world.stage, self.node)

    def end(self):
        if odd := self._askers.stop():
            raise RuntimeError(f"{self.node.name} answered its admins: {odd}")
        self.node.await_ready()

    def __str__(self):
        return f"{self.name} at {self.node.name}"


ALL = [ReloadStorm, AdminStorm, *certificates.ALL]
