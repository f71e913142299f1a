"""Starts what a scenario needs, in a temporary folder, and always stops it."""

import contextlib
import ctypes
import os
import pathlib
import random
import resource
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
# What is under test may be another one than serves the tests, say with sanitizers.
TESTED_NODE = pathlib.Path(os.environ.get("MFO_NODE_BINARY", NODE))

SECRET = "bench-secret"
ENVIRONMENT = {**os.environ, "WEBHOOK_SECRET": SECRET, "NO_PROXY": "*"}

# Nodes have a core of their own; load and servers share another.
CPUS = sorted(os.sched_getaffinity(0))
NODE_CPU, OTHER_CPU = CPUS[0], CPUS[min(1, len(CPUS) - 1)]

# Where a process runs, unless it is told: right here.
HERE = contextlib.nullcontext()

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def now_ms():
    return time.time_ns() // 1_000_000


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def call(method, url, data=None):
    request = urllib.request.Request(url, method=method, data=data)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def allow_files(count):
    """For us, and for what we start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < count:
        raise RuntimeError(f"needs {count} open files, {most} are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, most))


def await_true(what, condition, seconds=20.0, pause=0.02):
    """Asks until `condition` holds, and gives its value; a refused connection is
    a no. `pause`, in seconds, is between two questions."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if value := condition():
                return value
        time.sleep(pause)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}")


class Stage:
    """A folder, ports, and processes that end with it."""

    def __init__(self, rate, payload, keep=False):
        self.rate = rate
        self.payload = payload
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mfo-bench-"))
        self._keep = keep
        self._processes = []
        # Below the ports that the kernel gives to outgoing connections: one of
        # those could be a server's while that is down. Two stages at once hardly
        # begin at the same one.
        self._next_port = random.randrange(18200, 28200, 50)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in self._processes:
            with process:  # which closes what we read of it
                # What has been waited for was stopped before, and its number
                # may be somebody else's by now.
                if process.returncode is None:
                    kill(process)
        # Who ends it wants to see the end of it.
        if error is not None and not isinstance(error, SystemExit):
            self._show_logs()
        if self._keep:
            print(f"logs and records are in {self.folder}")
        else:
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

    def start(self, name, *command, cpu, place=HERE,
              stdin=subprocess.DEVNULL, stdout=None):
        """`cpu`: a core, or several as taskset has them. The process leads a
        group of its own. What it writes goes to a log, unless `stdout` is told:
        both are as Popen has them."""
        with open(self.folder / f"{name}.log", "ab") as log, place:
            process = subprocess.Popen(
                ["taskset", "-c", str(cpu), *map(str, command)],
                stdout=log if stdout is None else stdout,
                stderr=log,
                stdin=stdin,
                env=ENVIRONMENT,
                # Ctrl-C is for us.
                start_new_session=True,
                # Nothing outlives us, even if we are killed.
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
            )
        self._processes.append(process)
        return process

    def run(self, *command):
        """To its end; the result has its output."""
        return subprocess.run([*map(str, command)], env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)


def stop(process, with_signal=signal.SIGTERM, seconds=40):
    process.send_signal(with_signal)
    process.wait(seconds)
    _kill_group(process)


def kill(process):
    """With its children: nginx's go on when it is killed."""
    _kill_group(process)
    process.wait()


def _kill_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
