"""A stage and a world as small as a test needs them."""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import types

from staging.stage import ENVIRONMENT, HERE, NODE


class AStage:
    """Its folder, and programs to their end. For `with`."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self._programs = []
        return self

    def __exit__(self, kind, error, trace):
        for each in self._programs:
            each.kill()
            each.communicate()
        self._folder.cleanup()

    def run(self, *command):
        return subprocess.run([*map(str, command)], env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)

    def start(self, name, *command, cpu=None, place=HERE):
        with place:
            program = subprocess.Popen([*map(str, command)], env=ENVIRONMENT)
        self._programs.append(program)
        return program

    def talk(self, *command):
        """A program that answers a line with a line."""
        program = subprocess.Popen([*map(str, command)], text=True,
                                   stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        self._programs.append(program)
        return program

    def python(self, code, *wrap):
        return self.talk(*wrap, sys.executable, "-c", code)


def ask(program, line=""):
    print(line, file=program.stdin, flush=True)
    return program.stdout.readline().strip()


class AJournal:
    def __init__(self):
        self.kinds = []

    def note(self, kind, who=""):
        self.kinds.append(kind)


def a_node(**more):
    return types.SimpleNamespace(
        **{"name": "node-a", "place": contextlib.nullcontext(),
           "await_ready": lambda: None, **more})


def a_world(nodes, **more):
    return types.SimpleNamespace(nodes=nodes, journal=AJournal(), **more)


def why_no_node():
    """A reason to skip what needs one; or empty."""
    return "" if NODE.exists() else "mfo-node is not built"
