"""What a node may have of the machine: descriptors, memory, cores.

Memory and cores are divided by groups of the kernel's (cgroups, of either
version). They are made below the group that we are in, so that nobody gets more
than we have, and only where that is ours to divide: at the root of a hierarchy,
where those in a container are, and where it is delegated to us, as `systemd-run
--scope --property=Delegate=yes` does it (https://systemd.io/CGROUP_DELEGATION).
None of them outlives `Limits`.
"""

import contextlib
import errno
import itertools
import os
import pathlib
import resource

from staging.stage import await_true

PERIOD = 100_000  # µs: of the scheduler, in which a group has its share


def leave_descriptors(pid, count):
    """The process can open so many more. What it was allowed before, for
    `allow_descriptors`."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    taken = {int(each) for each in os.listdir(f"/proc/{pid}/fd")}
    # A new one has the lowest number that is free, which must be below the
    # limit.
    free = (number for number in itertools.count() if number not in taken)
    most = next(itertools.islice(free, count, None))
    allow_descriptors(pid, (most, before[1]))
    return before


def allow_descriptors(pid, limits):
    resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


def leave_address_space(pid, bytes_more):
    """The process can map so much more, as under `ulimit -v`. What it was allowed
    before, for `allow_address_space`."""
    before = resource.prlimit(pid, resource.RLIMIT_AS)
    with open(f"/proc/{pid}/statm") as told:  # man 5 proc: in pages, the whole
        has = int(told.read().split()[0]) * resource.getpagesize()
    allow_address_space(pid, (has + bytes_more, before[1]))
    return before


def allow_address_space(pid, limits):
    resource.prlimit(pid, resource.RLIMIT_AS, limits)


def _write(file, text):
    # In one go, at once: the kernel reads each write by itself.
    with open(file, "wb", buffering=0) as opened:
        opened.write(str(text).encode())


def _processes(folder):
    return (folder / "cgroup.procs").read_text().split()


def _move_all(source, target):
    """Those too that are started meanwhile."""
    while found := _processes(source):
        for pid in found:
            with contextlib.suppress(ProcessLookupError):  # it has ended
                _write(target / "cgroup.procs", pid)


class Group:
    """Of one controller; its processes go `home` when it is removed."""

    def __init__(self, folder, home, version):
        folder.mkdir()
        self.folder = folder
        self.version = version
        self._home = home

    def put(self, pid):
        """With all its threads, and what it starts from now on. Memory that it
        has stays charged to where it was."""
        _write(self.folder / "cgroup.procs", pid)

    def set(self, file, value):
        _write(self.folder / file, value)

    def kills(self):
        """How many processes the kernel has ended for lack of memory."""
        told = (self.folder / ("memory.events" if self.version == 2 else
                               "memory.oom_control")).read_text()
        return int(dict(line.split() for line in told.splitlines())["oom_kill"])

    def remove(self):
        await_true(f"{self.folder} to be gone", self._is_gone, 5)

    def _is_gone(self):
        try:
            self.folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            # What has just ended is still in it for a moment.
            _move_all(self.folder, self._home)
            return False
        return True


class _Mount:
    def __init__(self, line):
        """Of /proc/PID/mountinfo (man 5 proc)."""
        before, after = (part.split() for part in line.split(" - "))
        self.root, self.point = before[3], pathlib.Path(before[4])
        self.type, self.options = after[0], after[2].split(",")


def _mounts(controller, groups, mounts):
    """(version, path of our group, where it is mounted), of those that may have
    the controller; version 1 first."""
    for number, names, path in groups:
        for mount in mounts:
            if mount.type == "cgroup" and controller in names.split(",") and (
                    controller in mount.options):
                yield 1, path, mount
    for number, names, path in groups:
        for mount in mounts:
            if mount.type == "cgroup2" and number == "0":
                yield 2, path, mount


def _find(controller, groups, mounts):
    """(version, folder) of the group that we are in for a controller."""
    for version, path, mount in _mounts(controller, groups, mounts):
        inside = os.path.relpath(path, mount.root)
        folder = mount.point / inside
        if inside.startswith("..") or version == 2 and controller not in (
                folder / "cgroup.controllers").read_text().split():
            continue
        if inside != "." and not _is_delegated(folder):
            raise LookupError(f"the group that we are in for {controller}, "
                              f"{path}, is not delegated to us")
        return version, folder
    raise LookupError(f"there is no controller {controller}")


def _is_delegated(folder):
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(folder, name) == b"1":
                return True
    return False


class Limits:
    """Makes groups, and removes those that are left when it is closed. `proc`
    is another one in tests."""

    def __init__(self, proc="/proc/self"):
        proc = pathlib.Path(proc)
        # Of where we are now: dividing a group may move us.
        self._ours = [line.split(":", 2) for line in
                      (proc / "cgroup").read_text().splitlines()]
        self._mounts = [_Mount(line) for line in
                        (proc / "mountinfo").read_text().splitlines()]
        self._groups = []
        self._divided = {}  # folder of version 2 → what is divided there

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def why_not(self, controller):
        """Empty if there can be groups."""
        try:
            self._group(controller, "probe").remove()
        except (LookupError, OSError) as error:
            return str(error)
        return ""

    def memory(self, name, bytes_more):
        """What is in it gets so much, beyond what it has when it comes."""
        group = self._group("memory", name)
        if group.version == 2:
            group.set("memory.max", bytes_more)
            swap, most = "memory.swap.max", 0
        else:
            group.set("memory.limit_in_bytes", bytes_more)
            swap, most = "memory.memsw.limit_in_bytes", bytes_more
        if (group.folder / swap).exists():  # the kernel may not count it
            group.set(swap, most)
        return group

    def cpu(self, name, share):
        """What is in it gets so much of one core."""
        group = self._group("cpu", name)
        quota = round(share * PERIOD)
        if group.version == 2:
            group.set("cpu.max", f"{quota} {PERIOD}")
        else:
            group.set("cpu.cfs_period_us", PERIOD)
            group.set("cpu.cfs_quota_us", quota)
        return group

    def close(self):
        for group in self._groups:
            group.remove()
        self._groups.clear()
        for parent, (controllers, rest) in self._divided.items():
            for each in controllers:
                _write(parent / "cgroup.subtree_control", f"-{each}")
            if rest:
                rest.remove()
        self._divided.clear()

    def _group(self, controller, name):
        version, folder = _find(controller, self._ours, self._mounts)
        home = self._divide(folder, controller) if version == 2 else folder
        group = Group(_name_of(folder, name), home, version)
        self._groups.append(group)
        return group

    def _divide(self, parent, controller):
        """Where those are that were in it."""
        controllers, rest = self._divided.get(parent, ([], None))
        control = parent / "cgroup.subtree_control"
        if controller not in control.read_text().split():
            try:
                _write(control, f"+{controller}")
            except OSError as error:
                if error.errno != errno.EBUSY:
                    raise
                # A group that divides what it has cannot have processes itself,
                # but for that at the root.
                rest = rest or Group(_name_of(parent, "rest"), parent, 2)
                self._divided[parent] = (controllers, rest)
                _move_all(parent, rest.folder)
                _write(control, f"+{controller}")
            controllers.append(controller)
            self._divided[parent] = (controllers, rest)
        return rest.folder if rest else parent


def _name_of(parent, name):
    return parent / f"mfo-torture-{os.getpid()}-{name}"
