"""The processes of most scenarios: a server, nodes, load."""

import json
import re
import signal
import urllib.request

from staging import processes
from staging.stage import (HERE, LOAD, NODE, NODE_CPU, OTHER_CPU, TESTED_NODE,
                           await_true, call, get, stop)


class Server:
    """A dev-server: the stand-in for an MFO server."""

    def __init__(self, stage, name="server", host="127.0.0.1", place=HERE,
                 port=None):
        self._stage = stage
        self._name = name
        self._place = place
        self._address = f"{host}:{port or stage.port()}"
        self._remote = [] if host == "127.0.0.1" else ["--allow-remote"]
        self.url = f"http://{self._address}"
        self.record = stage.folder / f"{name}.ids"
        self.start()

    def start(self):
        self._process = self._stage.start(
            self._name, NODE, "dev-server", "--quiet", "--record", self.record,
            "--listen", self._address, *self._remote, cpu=OTHER_CPU,
            place=self._place)
        await_true(f"{self._name} to start", self._answers)

    def _answers(self):
        with self._place:
            return get(f"{self.url}/__control/events/count")

    def _call(self, method, what, data=None):
        with self._place:
            return call(method, f"{self.url}/__control/{what}", data)

    def kill(self):
        stop(self._process, signal.SIGKILL)

    def fault(self, json_text):
        self._call("POST", "faults", json_text.encode())

    def no_fault(self):
        self._call("DELETE", "faults")

    def forget(self):
        self._call("DELETE", "events")

    def count(self):
        """Events that were taken since it was told to forget, those included
        that had to give way since."""
        now = json.loads(self._call("GET", "events/count"))
        return now["count"] + now["dropped"]

    def ids(self):
        """Of all events that were taken, in order, since the first start."""
        return self.record.read_text().split()

    def remembered_ids(self):
        """Of those that were taken since it was told to forget, in the order in
        which `lines` has them."""
        return json.loads(self._call("GET", "ids"))

    def lines(self, what):
        """The lines of a list of __control, one an entry."""
        with self._place:  # the connection stays where it was made
            answer = urllib.request.urlopen(f"{self.url}/__control/{what}")
        with answer:
            for line in answer:
                if line.startswith(b'{"received_at"'):
                    yield line

    def entries(self, what):
        """The same, each as a map."""
        return (json.loads(line.rstrip(b",]\n")) for line in self.lines(what))


def settings_have_tls(settings):
    """Of the listener: a key `tls` at the top."""
    return re.search(r"^tls:", settings, re.MULTILINE) is not None


class Node:
    """A node under test. `settings` is its configuration without `listen`,
    `admin_listen` and `log`; `wrap` are words before its command, of programs that
    become it in the end."""

    def __init__(self, stage, settings, name="node", log="error", place=HERE,
                 cpu=NODE_CPU, wrap=()):
        self.name = name
        self.place = place
        self._stage = stage
        self._cpu = cpu
        self._wrap = wrap
        self._scheme = "https" if settings_have_tls(settings) else "http"
        self.port, self.admin_port = stage.port(), stage.port()
        self.config = stage.folder / f"{name}.yaml"
        self.config.write_text(
            f"listen: 127.0.0.1:{self.port}\n"
            f"admin_listen: 127.0.0.1:{self.admin_port}\n"
            f"log: {{level: {log}}}\n{settings}")
        self.start()

    def start(self):
        self.launch()
        self.await_ready()

    def launch(self):
        self._process = self._stage.start(
            self.name, *self._wrap, TESTED_NODE, "run", "--config",
            self.config, cpu=self._cpu, place=self.place)

    def await_ready(self, seconds=20):
        await_true(f"{self.name} to be ready", self._ready, seconds)

    def _ready(self):
        if not self.runs():
            raise RuntimeError(f"{self.name} has ended")
        return self.admin("/health/ready")

    def runs(self):
        return self._process.poll() is None

    def stop(self):
        """The exit status."""
        stop(self._process)
        return self.exit_status()

    def exit_status(self):
        """Of the process that was launched last, as Popen has it; None while it
        runs."""
        return self._process.poll()

    def kill(self):
        stop(self._process, signal.SIGKILL)

    def signal(self, number):
        self._process.send_signal(number)

    @property
    def pid(self):
        return self._process.pid

    def url(self, path="/webhook"):
        return f"{self._scheme}://127.0.0.1:{self.port}{path}"

    @property
    def admin_url(self):
        return f"http://127.0.0.1:{self.admin_port}"

    def admin(self, path):
        with self.place:
            return get(f"{self.admin_url}{path}")

    def metrics(self):
        return Metrics(self.admin("/metrics"))

    def in_flight(self):
        return int(self.metrics().sum("mfo_events_in_flight"))

    def resident(self):
        """Bytes."""
        return processes.resident(self.pid)

    def cpu_seconds(self):
        """User and system."""
        return processes.cpu_seconds(self.pid)

    def dead_letters(self, command, *arguments):
        return self._stage.run(NODE, "dead-letters", command, "--config",
                               self.config, *arguments)

    def letters(self):
        done = self.dead_letters("list", "--json")
        if done.returncode != 0:
            raise RuntimeError(f"dead-letters list: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines() if line]


class Metrics:
    def __init__(self, text):
        self._lines = text.decode().splitlines()

    def sum(self, name, label=""):
        """Of the series of this name whose labels contain the text."""
        total = 0.0
        for line in self._lines:
            if line.startswith(name) and line[len(name)] in "{ ":
                series, value = line.rsplit(" ", 1)
                if label in series:
                    total += float(value)
        return total


class Load:
    """A steady load; `record` is there when it was stopped or has ended."""

    def __init__(self, stage, url, rate, name="load", seconds=0, id_header="",
                 key_header="", place=HERE, connections=1000):
        self.record = stage.folder / f"{name}.record"
        self._process = stage.start(
            name, LOAD, "--url", url, "--rate", rate, "--seconds", seconds,
            "--bytes", stage.payload, "--record", self.record,
            "--connections", connections,
            *(["--id-header", id_header] if id_header else []),
            *(["--key-header", key_header] if key_header else []),
            cpu=OTHER_CPU, place=place)

    def tell_to_stop(self):
        """It then waits for the answers that are out; `wait` waits for it."""
        self._process.send_signal(signal.SIGTERM)

    def stop(self):
        stop(self._process)

    def wait(self, seconds=120):
        """The exit status."""
        return self._process.wait(seconds)

    @property
    def running(self):
        return self._process.poll() is None
