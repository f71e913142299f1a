"""What a process may have is taken from it while it runs, and given back."""

import os
import pathlib
import random
import socket
import tempfile
import threading
import unittest
import unittest.mock

import torture_path  # noqa: F401

import faults.limits
from a_stage import AStage, a_node, a_world, ask
from faults.limits import (FewDescriptors, LittleAddressSpace, LittleCpu,
                           LittleMemory)
from staging.stage import await_true
from world.limits import (Limits, allow_address_space, allow_descriptors,
                          leave_address_space, leave_descriptors)

OPENS = """
import os, sys
opened = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]
for line in sys.stdin:
    if line.strip() == "leave gaps":
        for each in opened[3:12:3]:
            os.close(each)
    count = 0
    try:
        while line.strip() == "open" and count < 50:
            os.open("/dev/null", os.O_RDONLY)
            count += 1
    except OSError:
        pass
    print(count, flush=True)
"""


MAPS = """
import mmap, sys
kept = []
for line in sys.stdin:
    try:
        kept.append(mmap.mmap(-1, int(line) << 20))
        print("has it", flush=True)
    except OSError:
        print("none left", flush=True)
"""


class AddressSpace(unittest.TestCase):
    def test_is_left_as_much_as_is_asked_for_and_there_again(self):
        program = self.enterContext(AStage()).python(MAPS)
        ask(program, "1")
        before = leave_address_space(program.pid, 8 << 20)
        self.assertEqual(ask(program, "4"), "has it")
        self.assertEqual(ask(program, "8"), "none left")
        allow_address_space(program.pid, before)
        self.assertEqual(ask(program, "8"), "has it")


class Descriptors(unittest.TestCase):
    def setUp(self):
        self.program = self.enterContext(AStage()).python(OPENS)
        ask(self.program)

    def test_are_left_as_many_as_are_asked_for(self):
        for count in (0, 1, 7):
            leave_descriptors(self.program.pid, count)
            self.assertEqual(ask(self.program, "open"), str(count))

    def test_are_counted_whatever_numbers_are_free(self):
        ask(self.program, "leave gaps")
        leave_descriptors(self.program.pid, 4)
        self.assertEqual(ask(self.program, "open"), "4")

    def test_are_there_again(self):
        before = leave_descriptors(self.program.pid, 0)
        allow_descriptors(self.program.pid, before)
        self.assertEqual(ask(self.program, "open"), "50")


class Door(threading.Thread):
    """Answers whoever connects, once it is open."""

    def __init__(self, opens):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        if opens:
            self.start()

    def run(self):
        try:
            while True:
                one, _ = self.listener.accept()
                with one:
                    one.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
        except OSError:
            pass  # it is closed


class FewDescriptorsOfANode(unittest.TestCase):
    def fault(self, opens):
        door = Door(opens)
        self.addCleanup(door.listener.close)
        self.program = self.enterContext(AStage()).python(OPENS)
        ask(self.program)
        self.world = a_world([a_node(pid=self.program.pid, port=door.port,
                                     admin_port=door.port)])
        return FewDescriptors(self.world, random.Random(1))

    def test_end_with_all_who_waited_let_in(self):
        fault = self.fault(opens=True)
        fault.begin()
        fault.beat()
        fault.end()
        self.assertEqual(ask(self.program, "open"), "50")
        self.assertEqual(self.world.journal.kinds, ["stands", "goes on"])

    def test_do_not_end_where_nobody_is_let_in(self):
        fault = self.fault(opens=False)
        self.enterContext(
            unittest.mock.patch.object(faults.limits, "LET_IN", 0.05))
        fault.begin()
        with self.assertRaisesRegex(TimeoutError, "does not let in"):
            fault.end()


BUSY = "while True: pass"
THROTTLED = "nr_throttled 0"


def why_no(controller):
    with Limits() as limits:
        return limits.why_not(controller)


class LittleCpuOfANode(unittest.TestCase):
    def setUp(self):
        if why := why_no("cpu"):
            self.skipTest(why)
        self.program = self.enterContext(AStage()).python(BUSY)
        self.place = self.group_of(self.program.pid)

    @staticmethod
    def group_of(pid):
        return pathlib.Path(f"/proc/{pid}/cgroup").read_text()

    @staticmethod
    def is_throttled(group):
        return THROTTLED not in (group.folder / "cpu.stat").read_text()

    def test_slows_it_down(self):
        with Limits() as limits:
            group = limits.cpu("node-a", 0.1)
            group.put(self.program.pid)
            await_true("the program to be held up",
                       lambda: self.is_throttled(group))

    def test_ends_where_it_began(self):
        with Limits() as limits:
            world = a_world([a_node(pid=self.program.pid)], limits=limits)
            fault = LittleCpu(world, random.Random(1))
            fault.begin()
            self.assertIn("mfo-torture", self.group_of(self.program.pid))
            fault.end()
            self.assertEqual(self.group_of(self.program.pid), self.place)
        self.assertEqual(world.journal.kinds, ["stands", "goes on"])

    def test_leaves_no_group_behind_whatever_happens(self):
        with Limits() as limits:
            group = limits.cpu("node-a", 0.1)
            group.put(self.program.pid)
        self.assertFalse(group.folder.exists())
        self.assertEqual(self.group_of(self.program.pid), self.place)


class Machine:
    """A folder that looks like a mounted hierarchy, and a /proc/self."""

    def __init__(self, test, group, kind, controllers):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.mount = pathlib.Path(folder.name, "mount")
        self.group = self.mount / group.lstrip("/")
        self.group.mkdir(parents=True)
        self.proc = pathlib.Path(folder.name, "proc")
        self.proc.mkdir()
        names = "" if kind == "cgroup2" else controllers
        (self.proc / "cgroup").write_text(f"0:{names}:{group}\n")
        (self.proc / "mountinfo").write_text(
            f"30 20 0:30 / {self.mount} rw shared:1 - {kind} none "
            f"rw,{controllers}\n")
        if kind == "cgroup2":
            (self.group / "cgroup.controllers").write_text(controllers)
            (self.group / "cgroup.subtree_control").write_text(controllers)

    def limits(self):
        return Limits(self.proc)


class Groups(unittest.TestCase):
    def read(self, group, file):
        return (group.folder / file).read_text()

    def test_limit_memory_by_version_1(self):
        limits = Machine(self, "/", "cgroup", "memory").limits()
        group = limits.memory("n", 4096)
        self.assertEqual(self.read(group, "memory.limit_in_bytes"), "4096")

    def test_limit_memory_by_version_2(self):
        limits = Machine(self, "/", "cgroup2", "cpu memory").limits()
        group = limits.memory("n", 4096)
        self.assertEqual(self.read(group, "memory.max"), "4096")

    def test_limit_cpu_by_either_version(self):
        group = Machine(self, "/", "cgroup", "cpu").limits().cpu("n", 0.1)
        self.assertEqual(self.read(group, "cpu.cfs_quota_us"), "10000")
        limits = Machine(self, "/", "cgroup2", "cpu memory").limits()
        group = limits.cpu("n", 0.1)
        self.assertEqual(self.read(group, "cpu.max"), "10000 100000")

    def test_know_who_was_killed(self):
        for kind, file in (("cgroup", "memory.oom_control"),
                           ("cgroup2", "memory.events")):
            group = Machine(self, "/", kind, "memory").limits().memory("n", 1)
            (group.folder / file).write_text("low 0\noom_kill 1\n")
            self.assertEqual(group.kills(), 1)

    def test_are_not_there_without_the_controller(self):
        machine = Machine(self, "/", "cgroup", "cpu")
        self.assertIn("no controller memory",
                      machine.limits().why_not("memory"))
        self.assertEqual(machine.limits().why_not("cpu"), "")

    def test_are_made_where_that_is_delegated_to_us_alone(self):
        machine = Machine(self, "/others", "cgroup", "memory")
        self.assertIn("/others", machine.limits().why_not("memory"))
        try:
            os.setxattr(machine.group, "user.delegate", b"1")
        except OSError as error:
            self.skipTest(f"{machine.group}: {error.strerror}")
        self.assertEqual(machine.limits().why_not("memory"), "")

    def test_leave_nothing_where_it_is_only_asked_for_them(self):
        machine = Machine(self, "/", "cgroup", "memory")
        machine.limits().why_not("memory")
        self.assertEqual(list(machine.group.iterdir()), [])


class LittleMemoryOfANode(unittest.TestCase):
    class Group:
        """Of a node that is killed after a while."""
        def __init__(self):
            self.told = iter((0, 1))
            self.inside = None

        def put(self, pid):
            self.inside = pid

        def kills(self):
            return next(self.told, 1)

        def remove(self):
            self.inside = None

    def test_ends_with_a_node_that_was_killed_started_anew(self):
        group, started = self.Group(), []
        node = a_node(pid=7, runs=lambda: False)
        world = a_world([node], start=started.append)
        world.limits = unittest.mock.Mock()
        world.limits.memory.return_value = group
        fault = LittleMemory(world, random.Random(1))
        fault.begin()
        self.assertEqual(group.inside, 7)
        fault.beat()
        self.assertEqual(world.journal.kinds, [])
        fault.beat()
        self.assertEqual(world.journal.kinds, ["killed"])
        fault.end()
        self.assertEqual(world.journal.kinds, ["killed"])
        self.assertIsNone(group.inside)
        self.assertEqual(started, [node])


class LittleAddressSpaceOfANode(unittest.TestCase):
    def setUp(self):
        self.program = self.enterContext(AStage()).python(MAPS)
        ask(self.program, "1")
        self.started, self.runs = [], True
        node = a_node(pid=self.program.pid, runs=lambda: self.runs)
        self.world = a_world([node], start=self.started.append)
        self.fault = LittleAddressSpace(self.world, random.Random(1))
        self.fault.begin()
        self.fault.beat()

    def test_ends_with_a_node_that_has_what_it_had(self):
        self.assertEqual(ask(self.program, "64"), "none left")
        self.fault.end()
        self.assertEqual(ask(self.program, "64"), "has it")
        self.assertEqual(self.world.journal.kinds, [])
        self.assertEqual(self.started, [])

    def test_ends_with_a_node_that_has_ended_started_anew(self):
        self.runs = False
        self.fault.end()
        self.assertEqual(self.world.journal.kinds, ["ran out"])
        self.assertEqual(len(self.started), 1)


if __name__ == "__main__":
    unittest.main()
