#!/usr/bin/env python3
"""docs/dependencies.md is true: of the program, by its bill of materials; of the
packages that are installed; and of what `./dev` and npm install."""

import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parents[2]
BILL = os.environ.get("MFO_SBOM")

# What a package's copyright file says where it means the licence: by itself, as most
# of them have fields for machines, or in a text.
FIELDS = {
    "Apache-2.0": "Apache-2.0",
    "BSD-2-Clause": "BSD-2-?[Cc]lause",
    "BSD-3-Clause": "BSD-3-([Cc]lause|google)",
    "BSL-1.0": "BSL-1.0",
    "CC0-1.0": "CC0-1.0",
    "GPL-2.0-only WITH Linux-syscall-note": "GPL-2",
    "LicenseRef-Lucent": "Lucent",
    "MIT": "(Expat|MIT|X11)",
    "Zlib": "Zlib",
}
TEXTS = {
    "GPL-3.0-or-later WITH GCC-exception-3.1": "GCC Runtime Library Exception",
    "LGPL-2.1-or-later": r"Lesser General Public\s+License",
}
SAID = {**{each: rf"(?m)^License: {name}\b" for each, name in FIELDS.items()},
        **TEXTS}


def load():
    loader = importlib.machinery.SourceFileLoader("sbom", str(ROOT / "tools/sbom"))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


tool = load()
PAGE = (ROOT / "docs/dependencies.md").read_text()
ROWS = tool.table_rows(PAGE)
IN_ROWS = [name for row in ROWS for name in row.packages]


def names_by_dev():
    """The packages of each array of tools/packages.bash."""
    text = (ROOT / "tools/packages.bash").read_text()
    return {array: set(re.sub(r"#.*", "", names).split())
            for array, names in re.findall(r"packages_(\w+)=\(([^)]*)\)", text)}


def section(title):
    return re.split(r"^## ", PAGE.split(f"## {title}\n")[1], flags=re.M)[0]


def in_making():
    """The packages in the table of what its making needs."""
    cells = [line.split("|")[2] for line in section(
        "What its making needs").splitlines() if line.startswith("|")]
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


class Program(unittest.TestCase):
    def setUp(self):
        if not BILL:
            self.skipTest("this tree has no bill of materials; CMake says why")
        found = json.loads(Path(BILL).read_text())["components"]
        self.used = {each["name"]: told["value"] for each in found
                     for told in each["properties"] if told["name"] == "mfo:use"}

    def test_has_nothing_that_no_table_has(self):
        self.assertEqual(sorted(set(self.used) - set(IN_ROWS)), [])

    def test_has_all_that_the_tables_have(self):
        self.assertEqual(sorted(set(IN_ROWS) - set(self.used)), [])

    def test_loads_what_is_called_shared_and_nothing_else(self):
        for row in ROWS:
            loaded = "loaded" in [self.used[each] for each in row.packages]
            self.assertEqual(row.how, "shared" if loaded else "headers only",
                             row.library)


class Packages(unittest.TestCase):
    def setUp(self):
        os_release = Path("/etc/os-release")
        if not os_release.exists() or tool.distribution() != ("debian", "12"):
            self.skipTest("this is not Debian 12")

    def test_have_the_versions_of_the_tables(self):
        for row in ROWS:
            for each in tool.packages_named(row.packages):
                # Without epoch and Debian's revision; behind it no digit follows.
                upstream = re.sub(r"^\d+:|-[^-]*$", "", each.version)
                self.assertRegex(upstream, rf"^{re.escape(row.version)}(?!\d)",
                                 f"{each.name}, of {row.library}")

    def test_tell_of_the_licences_of_the_tables(self):
        for row in ROWS:
            said = "\n".join(Path(f"/usr/share/doc/{each}/copyright").read_text()
                             for each in row.packages)
            for licence in re.split(" AND | OR ", row.licence):
                self.assertRegex(said, SAID[licence], row.library)


class Page(unittest.TestCase):
    def test_has_each_library_once(self):
        self.assertEqual(sorted(IN_ROWS), sorted(set(IN_ROWS)))
        self.assertTrue(all(all(row) for row in ROWS))

    def test_has_all_that_dev_installs(self):
        known = set(IN_ROWS) | in_making()
        missing = {array: names - known for array, names in names_by_dev().items()}
        self.assertEqual({array: names for array, names in missing.items() if names},
                         {})

    def test_has_no_tool_that_dev_does_not_install(self):
        installed = set().union(*names_by_dev().values())
        self.assertEqual(sorted(in_making() - installed), [])

    def test_has_all_that_npm_brings(self):
        for folder in ("interop", "console"):
            brought = json.loads((ROOT / f"tests/{folder}/package.json").read_text())
            for name in brought["devDependencies"]:
                self.assertIn(f"`{name}`", section("What its making needs"), folder)
            self.assertNotIn("dependencies", brought)


if __name__ == "__main__":
    unittest.main()
