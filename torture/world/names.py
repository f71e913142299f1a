"""A DNS server that says what it is told to, and processes that ask it."""

import os
import shutil
import signal
import subprocess

from staging.stage import HERE, OTHER_CPU, await_true, stop

# A resolver knows its server by address alone.
PORT = 53

# A process waits for a second for a name, twice.
OPTIONS = "timeout:1 attempts:2"

# It is always there, and at the server itself.
OWN = "names.test"

# What a process reads in place of the machine's own files, in a mount namespace
# that nobody else is in. The shell becomes the program, so that its process is the
# one that was started.
ENTER = ('mount --bind "$1" /etc/resolv.conf && '
         'mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"')


def why_not():
    """Empty if there can be such a server."""
    if os.geteuid() != 0:
        return "port 53 and a resolv.conf of one's own need root"
    if not shutil.which("dnsmasq"):
        return "there is no dnsmasq: install dnsmasq-base"
    if os.path.exists("/run/nscd/socket"):
        return "nscd answers whoever asks for a name"
    return ""


class DnsServer:
    """Its answers may not be kept (TTL 0), so a change counts from the next
    connection on. What it was not told of does not exist."""

    def __init__(self, stage, address="127.0.0.1", place=HERE):
        self._stage = stage
        self._address = address
        self._place = place
        self.table = {}  # name → address
        self._hosts = stage.folder / "names.hosts"
        self._write()
        resolver = stage.folder / "names.resolv.conf"
        resolver.write_text(f"nameserver {address}\noptions {OPTIONS}\n")
        switch = stage.folder / "names.nsswitch.conf"
        switch.write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        # Before the command of a process that is to ask this server.
        self.wrap = ["unshare", "--mount", "--propagation", "private",
                     "sh", "-c", ENTER, "sh", str(resolver), str(switch)]
        self.start()

    def start(self):
        """Until it answers."""
        self._process = self._stage.start(
            "names", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
            f"--pid-file={self._stage.folder}/names.pid",
            # It would not read a folder of ours as anyone else, and would outlive
            # us: who changes users is not told that a parent has ended.
            "--user=root", "--group=root",
            f"--listen-address={self._address}", "--bind-interfaces",
            f"--port={PORT}", f"--addn-hosts={self._hosts}", "--no-hosts",
            # No other server is asked, of whatever name.
            "--no-resolv", "--local=/#/", "--local-ttl=0", "--cache-size=0",
            cpu=OTHER_CPU, place=self._place)
        await_true("the DNS server to start",
                   lambda: self.lookup(OWN) == self._address)

    def point(self, name, address):
        """From now on, what asks for this name gets this address."""
        self.tell({**self.table, name: address})

    def tell(self, table):
        """These names and addresses, and no others."""
        changed = {name for name, _ in self.table.items() ^ table.items()}
        self.table = dict(table)
        self._write()
        self._process.send_signal(signal.SIGHUP)  # it reads them again
        for name in changed:
            await_true(f"the DNS server to know of {name}",
                       lambda: self.lookup(name) == table.get(name, ""))

    def _write(self):
        self._hosts.write_text("".join(
            f"{address} {name}\n"
            for name, address in {OWN: self._address, **self.table}.items()))

    def lookup(self, name):
        """The address that a process with the `wrap` gets; or empty."""
        with self._place:
            done = subprocess.run([*self.wrap, "getent", "ahostsv4", name],
                                  capture_output=True, text=True)
        return done.stdout.split()[0] if done.stdout else ""

    def kill(self):
        stop(self._process, signal.SIGKILL)

    def stand(self):
        """It says nothing, until it goes on."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)

    def runs(self):
        return self._process.poll() is None
