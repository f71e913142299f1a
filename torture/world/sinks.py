"""Where dead letters go: a redis and a RabbitMQ that all nodes share, and a small
disk for each node.

Both servers keep on disk what they said they have, so a kill -9 of them loses
nothing: a letter that is gone was lost by a node.
"""

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess

from staging.stage import CPUS, HERE, NODE, await_true, kill
from world import mounts

ALL_CPUS = ",".join(map(str, CPUS))

# As a node's configuration names them.
DISK, REDIS, RABBITMQ = "disk", "redis", "amqp"

MEBIBYTES = 16  # of a disk
START = 180  # s; RabbitMQ takes 5 to 20, and longer where others use the machine
ANSWER = 2  # s, of a server that is up
PIECE = bytes(1 << 20)  # of what fills a disk

RABBITMQ_FOLDER = "/usr/lib/rabbitmq/bin"
# What a node asks for if it is not told another name.
QUEUE = "mfo.dead-letters"
# RabbitMQ writes a new queue to disk a moment later than what is in it
# (docs/reference/dead-letters.md). This one is there once the command has ended.
DECLARE = f"""
{{new, _}} = rabbit_amqqueue:declare(
    rabbit_misc:r(<<"/">>, queue, <<"{QUEUE}">>), true, false, [], none,
    <<"torture">>),
ok = mnesia:sync_log()."""


def why_not():
    """Empty if there can be sinks."""
    if os.geteuid() != 0:
        return "to mount a disk takes root"
    for program, package in (("redis-server", "redis-server"),
                             (f"{RABBITMQ_FOLDER}/rabbitmq-server",
                              "rabbitmq-server")):
        if not shutil.which(program):
            return f"there is no {program}: install {package}"
    return ""


class _Program:
    """A server that is killed and started again, on the same port and with the
    same data."""

    def __init__(self, stage, name, address, place):
        self._stage = stage
        self._name = name
        self._address = address
        self._place = place
        self._port = stage.port()
        self._folder = stage.folder / name
        self._folder.mkdir()

    def _command(self):
        raise NotImplementedError

    # What it is asked, and how its answer begins.
    _question, _answer = b"", b""

    def start(self):
        """Until it answers."""
        self.launch()
        self.await_ready()

    def launch(self):
        self._process = self._stage.start(
            self._name, *self._command(), cpu=ALL_CPUS, place=self._place)

    def await_ready(self):
        await_true(f"{self._name} to start", self._answers, START)

    def _answers(self):
        if not self.runs():
            raise RuntimeError(f"{self._name} has ended")
        with self._place:  # the connection stays where it was made
            one = socket.create_connection((self._address, self._port), ANSWER)
        with one:
            one.sendall(self._question)
            return one.recv(64).startswith(self._answer)

    def kill(self):
        kill(self._process)

    def runs(self):
        return self._process.poll() is None


class Redis(_Program):
    _question, _answer = b"PING\r\n", b"+PONG"

    def __init__(self, stage, address="127.0.0.1", place=HERE):
        super().__init__(stage, "redis", address, place)
        self.url = f"redis://{address}:{self._port}"
        self.start()

    def _command(self):
        return ["redis-server", "--bind", self._address, "--port", self._port,
                # Or it would talk to none but loopback.
                "--protected-mode", "no",
                "--dir", self._folder, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always", "--maxmemory-policy", "noeviction",
                "--daemonize", "no"]


class RabbitMq(_Program):
    """With a port mapper (epmd) of its own, which it would start and leave behind
    otherwise. The queue is there, and on disk."""

    # The header of the protocol; a method on channel 0 (AMQP 0-9-1, sections
    # 4.2.2 and 4.2.3).
    _question, _answer = b"AMQP\0\0\x09\x01", b"\x01\0\0"

    def __init__(self, stage, address="127.0.0.1", place=HERE):
        super().__init__(stage, "rabbitmq", address, place)
        self._mapper_port, self._node_port = stage.port(), stage.port()
        self.url = f"amqp://guest:guest@{address}:{self._port}"
        (self._folder / "home").mkdir()
        (self._folder / "plugins").write_text("[].")
        (self._folder / "rabbitmq.conf").write_text(
            "disk_free_limit.absolute = 1MB\n"
            # Or nobody but loopback could be a guest.
            "loopback_users = none\n")
        stage.start("epmd", "epmd", "-port", self._mapper_port, "-address",
                    "127.0.0.1", cpu=ALL_CPUS, place=place)
        self.start()
        self.control("eval", DECLARE)

    def control(self, *arguments):
        """What `rabbitmqctl` says."""
        with self._place:
            done = self._stage.run(
                *self._variables(), f"{RABBITMQ_FOLDER}/rabbitmqctl", "-n",
                "rabbit@localhost", *arguments)
        if done.returncode != 0:
            raise RuntimeError(
                f"rabbitmqctl {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def _command(self):
        # To start takes it seconds of a core, which it has to share with nodes
        # under load, and somebody waits for it.
        return ["nice", "-n", "-5", *self._variables(),
                f"{RABBITMQ_FOLDER}/rabbitmq-server"]

    def _variables(self):
        """The beginning of a command."""
        variables = {
            "HOME": self._folder / "home",
            "ERL_EPMD_PORT": self._mapper_port,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "rabbit@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": self._address,
            "RABBITMQ_NODE_PORT": self._port,
            "RABBITMQ_DIST_PORT": self._node_port,
            "RABBITMQ_MNESIA_BASE": self._folder / "mnesia",
            "RABBITMQ_LOG_BASE": self._folder / "log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": self._folder / "none",
            "RABBITMQ_CONFIG_FILE": self._folder / "rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self._folder / "plugins",
            # Its script then becomes the broker and is not its parent.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
        }
        return ["env", *(f"{name}={value}" for name, value in variables.items())]


class Disk:
    """So small that it can be filled. It is in memory, and nobody sees it but we
    and what we start. A node keeps its letters in `folder`."""

    def __init__(self, stage, name, mebibytes=MEBIBYTES):
        mounts.keep_to_ourselves()
        self._mount = stage.folder / f"disk-{name}"
        self._mount.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o",
                        f"size={mebibytes}m,mode=0700", "tmpfs", self._mount],
                       check=True)
        self._filler = self._mount / "filler"
        self.folder = self._mount / "letters"

    def fill(self):
        """Until nothing fits any more, but into what a file has begun of a page."""
        with open(self._filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(PIECE)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self):
        self._filler.unlink(missing_ok=True)

    def remove(self):
        """Also while a process has files in it."""
        subprocess.run(["umount", "--lazy", self._mount], check=True)
        self._mount.rmdir()


class Sinks:
    """redis and RabbitMQ in `place`, at `address`, and a disk for each of the
    nodes; the disks are there until it is left, the servers as long as the stage."""

    def __init__(self, stage, address, place, nodes):
        with contextlib.ExitStack() as stack:
            self.disks = {}
            for name in nodes:
                self.disks[name] = Disk(stage, name)
                stack.callback(self.disks[name].remove)
            self.redis = Redis(stage, address, place)
            self.rabbitmq = RabbitMq(stage, address, place)
            self._stage = stage
            self._place = place
            self._stack = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    def settings(self, node):
        """Of the node: the section of its configuration."""
        return f"""dead_letters:
  - {{name: {DISK}, type: file, path: "{self.disks[node].folder}"}}
  - {{name: {REDIS}, type: redis, url: "{self.redis.url}", timeout: 2s}}
  - {{name: {RABBITMQ}, type: amqp, url: "{self.rabbitmq.url}", timeout: 2s}}
"""

    def ids_of_letters(self, world):
        """The ids of the events of which there is a letter in any sink. No two
        processes at a time may list RabbitMQ's: those that one of them looks at
        are hidden from the other."""
        return {json.loads(line)["event_id"]
                for node, sink in _each_once(world.nodes)
                for line in self._command(node, "list", "--json", "--sink", sink
                                          ).splitlines()}

    def purge(self, world):
        """All letters, for good."""
        for node, sink in _each_once(world.nodes):
            self._command(node, "purge", "--all", "--yes", "--sink", sink)

    def _command(self, node, command, *arguments):
        """What it prints; all sinks must answer, with nothing but letters."""
        with self._place:
            done = self._stage.run(NODE, "dead-letters", command, "--config",
                                   node.config, *arguments)
        if done.returncode != 0 or "are no letters" in done.stderr:
            raise RuntimeError(
                f"dead-letters {command} of {node.name}: {done.stderr}")
        return done.stdout


def _each_once(nodes):
    """(node, sink): a disk is of one node, the others are of all."""
    yield from ((node, DISK) for node in nodes)
    yield from ((nodes[0], sink) for sink in (REDIS, RABBITMQ))
