"""A compose cluster of its own: other ports, networks and volumes than one that is
up already, and nothing left of it afterwards."""

import contextlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time

COMPOSE = pathlib.Path(__file__).resolve().parents[1]
LOGS = COMPOSE.parents[1] / "build" / "logs"


def free_ports(count):
    """Of loopback; free when they were looked for."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def await_true(what, condition, seconds):
    """Asks until `condition` holds, and gives its value."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if value := condition():
                return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.2)


def ask(port, path, method="GET", body=None):
    """The JSON that a listener on loopback answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, body)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise OSError(f"{method} {path}: {answer.status} {text[:200]}")
        return json.loads(text) if text else None


def run(*command, seconds, **options):
    """What it prints. Its end is awaited for so many seconds."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=seconds, **options)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.returncode}\n"
                      f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def docker(*arguments, seconds=30):
    return run("docker", *arguments, seconds=seconds)


def compose_command():
    """Version 2 where it is there, as that is what people have."""
    try:
        run("docker", "compose", "version", seconds=10)
        return ["docker", "compose"]
    except OSError:
        return ["docker-compose"]


class Cluster:
    """Of one profile of docker-compose.yml."""

    def __init__(self, profile):
        self.name = f"mfo-smoke-{os.getpid()}"
        (self.port, self.port_b, self.server_port, self.prometheus_port,
         self.alertmanager_port, prometheus_port_b) = free_ports(6)
        self.secret = secrets.token_hex(24)
        self.token = secrets.token_hex(24)
        network = os.getpid() % 64 + 128
        self._compose = compose_command()
        self._environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_PROFILES": profile,
            "MFO_PORT": str(self.port),
            "MFO_PORT_B": str(self.port_b),
            "MFO_SERVER_PORT": str(self.server_port),
            "MFO_PROMETHEUS_PORT": str(self.prometheus_port),
            "MFO_PROMETHEUS_PORT_B": str(prometheus_port_b),
            "MFO_ALERTMANAGER_PORT": str(self.alertmanager_port),
            "MFO_DMZ": f"10.213.{network}.0/24",
            "MFO_DMZ_B": f"10.213.{network + 64}.0/24",
            "WEBHOOK_SECRET": self.secret,
            "MFO_TOKEN": self.token,
        }

    def compose(self, *arguments, seconds=120):
        return run(*self._compose, *arguments, seconds=seconds, cwd=COMPOSE,
                   env=self._environment)

    def containers(self, service):
        """The ids of those that run."""
        return docker("ps", "--quiet", "--no-trunc", *self._labels(service)).split()

    def _labels(self, service=None):
        labels = [f"label=com.docker.compose.project={self.name}"]
        if service:
            labels.append(f"label=com.docker.compose.service={service}")
        return [word for label in labels for word in ("--filter", label)]

    def described(self):
        """What the engine knows of each container, whether it runs or not."""
        ids = docker("ps", "--all", "--quiet", *self._labels()).split()
        return json.loads(docker("inspect", *ids)) if ids else []

    def await_health(self, seconds):
        """Of all that run."""
        def healthy():
            return all(each["State"].get("Health", {}).get("Status") == "healthy"
                       for each in self.described()
                       if each["State"]["Status"] != "exited")
        await_true("all containers to be healthy", healthy, seconds)

    def members(self, node):
        """The state of each member, as the node sees it."""
        shown = docker("exec", node, "mfo-node", "status", "--format", "json",
                       "--config", "/run/mfo/node.yaml",
                       "--admin", "https://localhost:9090",
                       "--ca", "/run/mfo/admin/ca.crt")
        return {each["name"]: each["state"] for each in json.loads(shown)["members"]}

    def await_members(self, nodes, seconds):
        """Each of these containers sees all of them alive, and nobody else."""
        def agreed():
            return all(
                sum(state == "alive" for state in self.members(node).values())
                == len(nodes) for node in nodes)
        await_true(f"{len(nodes)} members that know each other", agreed, seconds)

    def roles(self, node):
        """As its environment has them."""
        variables = json.loads(docker("inspect", node))[0]["Config"]["Env"]
        roles, = (each.partition("=")[2] for each in variables
                  if each.startswith("MFO_ROLES="))
        return roles.split(", ")

    def has_inside(self, container, text):
        """Whether any file or variable of what runs in there has the text."""
        return self.does(container, "grep", "--recursive", "--quiet", "--no-messages",
                         "--fixed-strings", "--regexp", text, "/var/lib/mfo", "/etc/mfo",
                         "/run/mfo", "/proc/1/environ")

    def does(self, container, *command):
        """Whether a command in there succeeds."""
        try:
            docker("exec", container, *command)
            return True
        except OSError:
            return False

    def query(self, expression):
        """What Prometheus knows: a value for each set of labels."""
        words = expression.replace(" ", "%20").replace('"', "%22")
        words = words.replace("{", "%7B").replace("}", "%7D")
        found = ask(self.prometheus_port, f"/api/v1/query?query={words}")
        return [float(each["value"][1]) for each in found["data"]["result"]]

    def server(self, path, method="GET", body=None):
        """The stand-in server's control."""
        return ask(self.server_port, f"/__control/{path}", method, body)

    def save_logs(self):
        """To a file; gives its path."""
        LOGS.mkdir(parents=True, exist_ok=True)
        file = LOGS / "compose-containers.log"
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            file.write_text(self.compose("logs", "--no-color"))
        return file

    def _is_down(self):
        """The engine may take a moment to see that a container which it has
        removed is no longer at its network."""
        try:
            self.compose("down", "--volumes", "--remove-orphans", "--timeout", "15")
        except OSError as problem:
            if "has active endpoints" in str(problem):
                return False
            raise RuntimeError(str(problem)) from problem
        return True

    def down(self):
        """Gives what is left, which should be nothing."""
        await_true("the engine to let go of the networks", self._is_down, 60)
        return [each for kind in (["ps", "--all"], ["network", "ls"], ["volume", "ls"])
                for each in docker(*kind, "--quiet", *self._labels()).split()]
