"""Starts what a scenario needs, in a temporary folder, and always stops it."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MFO_BUILD", ROOT / "build/release"))
NODE = BUILD / "mfo-node"
LOAD = BUILD / "bench-load"

SECRET = "bench-secret"

# The node has a core of its own; load and servers share another.
NODE_CPU, OTHER_CPU = 0, min(1, (os.cpu_count() or 1) - 1)

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def now_ms():
    return time.time_ns() // 1_000_000


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def call(method, url, data=None):
    request = urllib.request.Request(url, method=method, data=data)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def await_true(what, condition, seconds=20.0):
    """Asks until `condition` holds; a refused connection is a no."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.02)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}")


class Stage:
    """A folder, ports, and processes that end with it."""

    def __init__(self, rate, payload):
        self.rate = rate
        self.payload = payload
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mfo-bench-"))
        self._processes = []
        # Below the ports that the kernel gives to outgoing connections: one of
        # those could be a server's while that is down.
        self._next_port = 18200

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        if error is not None:
            self._show_logs()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _show_logs(self):
        for log in sorted(self.folder.glob("*.log")):
            text = log.read_text(errors="replace")
            if text:
                print(f"--- {log.name}\n{text[-2000:]}")

    def port(self):
        while True:
            self._next_port += 1
            with socket.socket() as probe:
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", self._next_port))
                    return self._next_port

    def start(self, name, *command, cpu):
        log = open(self.folder / f"{name}.log", "ab")
        with log:
            process = subprocess.Popen(
                ["taskset", "-c", str(cpu), *map(str, command)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "WEBHOOK_SECRET": SECRET, "NO_PROXY": "*"},
                # Nothing outlives us, even if we are killed.
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
            )
        self._processes.append(process)
        return process


def stop(process, with_signal=signal.SIGTERM, seconds=40):
    process.send_signal(with_signal)
    process.wait(seconds)


class Server:
    """A dev-server: the stand-in for an MFO server."""

    def __init__(self, stage, name="server"):
        self._stage = stage
        self._name = name
        self.port = stage.port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.record = stage.folder / f"{name}.ids"
        self.start()

    def start(self):
        self._process = self._stage.start(
            self._name, NODE, "dev-server", "--quiet", "--record", self.record,
            "--listen", f"127.0.0.1:{self.port}", cpu=OTHER_CPU)
        await_true(f"{self._name} to start", self.control_answers)

    def control_answers(self):
        return get(f"{self.url}/__control/events/count")

    def kill(self):
        stop(self._process, signal.SIGKILL)

    def fault(self, json):
        call("POST", f"{self.url}/__control/faults", json.encode())

    def no_fault(self):
        call("DELETE", f"{self.url}/__control/faults")

    def forget(self):
        call("DELETE", f"{self.url}/__control/events")

    def ids(self):
        """Of all events that were taken, in order, since the first start."""
        return self.record.read_text().split()

    def lines(self, what):
        """The lines of a list of __control, one an entry."""
        with urllib.request.urlopen(f"{self.url}/__control/{what}") as answer:
            for line in answer:
                if line.startswith(b'{"received_at"'):
                    yield line


class Node:
    """The node under test. `settings` is its configuration without `listen` and
    `admin_listen`."""

    def __init__(self, stage, settings):
        self._stage = stage
        self.port, self.admin_port = stage.port(), stage.port()
        self.config = stage.folder / "node.yaml"
        self.config.write_text(
            f"listen: 127.0.0.1:{self.port}\n"
            f"admin_listen: 127.0.0.1:{self.admin_port}\n"
            f"log: {{level: error}}\n{settings}")
        self._process = stage.start(
            "node", NODE, "run", "--config", self.config, cpu=NODE_CPU)
        await_true("the node to be ready", self._ready)

    def _ready(self):
        if self._process.poll() is not None:
            raise RuntimeError("the node has ended")
        return get(f"http://127.0.0.1:{self.admin_port}/health/ready")

    def stop(self):
        stop(self._process)

    def url(self, path="/webhook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def metrics(self):
        return Metrics(get(f"http://127.0.0.1:{self.admin_port}/metrics"))

    def resident(self):
        """Bytes."""
        with open(f"/proc/{self._process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def cpu_seconds(self):
        """User and system."""
        with open(f"/proc/{self._process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def dead_letters(self, command, *arguments):
        done = subprocess.run(
            [NODE, "dead-letters", command, "--config", self.config, *arguments],
            env={**os.environ, "WEBHOOK_SECRET": SECRET, "NO_PROXY": "*"},
            capture_output=True, text=True)
        return done


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
    """A steady load; `answers` are there when it was stopped or has ended."""

    def __init__(self, stage, url, rate, name="load", seconds=0):
        self._record = stage.folder / f"{name}.record"
        self._process = stage.start(
            name, LOAD, "--url", url, "--rate", rate, "--seconds", seconds,
            "--bytes", stage.payload, "--record", self._record, cpu=OTHER_CPU)

    def stop(self):
        stop(self._process)

    def wait(self, seconds=120):
        self._process.wait(seconds)

    @property
    def running(self):
        return self._process.poll() is None

    @property
    def record(self):
        return self._record
