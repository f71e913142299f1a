"""Who says which nodes there are: the cluster's authority, while nodes run."""

import json
import os
import tempfile

from staging.records import to_ms
from staging.stage import NODE


class Authority:
    """`folder` has ca.crt and ca.key, and NAME.crt and NAME.key of each node.
    `host_of`: name → where others reach the node."""

    def __init__(self, stage, folder, host_of):
        self._stage = stage
        self._folder = folder
        self._host_of = host_of
        self._next = None  # the folder of the authority that is to be

    def _run(self, *words):
        done = self._stage.run(NODE, "cluster", *words)
        if done.returncode != 0:
            raise RuntimeError(f"cluster {words[0]}: {done.stderr}")
        return done.stdout

    def renew(self, name, days):
        """Another certificate for the key that it has."""
        self._run("issue", name, "--renew", "--days", days,
                  "--folder", self._folder)

    def give_key(self, name, days):
        """Another key, with a certificate: by the authority that is to be,
        where there is one."""
        with tempfile.TemporaryDirectory(dir=self._stage.folder) as made:
            self._run("issue", name, "--days", days, "--san",
                      self._host_of(name), "--folder",
                      self._next or self._folder, "--out", made)
            for ending in (".key", ".crt"):
                os.replace(f"{made}/{name}{ending}",
                           self._folder / f"{name}{ending}")

    def add_next(self):
        """Another authority is made, and trusted as well."""
        self._next = tempfile.mkdtemp(dir=self._stage.folder)
        self._run("init-ca", "--cluster", "bench", "--folder", self._next)
        self._trust((self._folder / "ca.crt").read_text() + self._of_next())

    def drop_former(self):
        """Only the other one is trusted, and is the authority from now on."""
        os.replace(f"{self._next}/ca.key", self._folder / "ca.key")
        self._trust(self._of_next())
        self._next = None

    def _of_next(self):
        with open(f"{self._next}/ca.crt") as file:
            return file.read()

    def _trust(self, text):
        """Renamed over, as others read it at any moment."""
        new = self._folder / "ca.new"
        new.write_text(text)
        os.replace(new, self._folder / "ca.crt")

    def ends(self, name):
        """When the certificate of a node does, in seconds since 1970."""
        shown = json.loads(self._run("show", "--format", "json",
                                     self._folder / f"{name}.crt"))
        return to_ms(shown[0]["not_after"]) // 1000
