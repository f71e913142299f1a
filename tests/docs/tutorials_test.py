#!/usr/bin/env python3
"""The configurations of docs/tutorials are good ones, and do what their pages say.

    tutorials_test.py MFO_NODE

A configuration is a block of YAML that names a server: `mfo-node check` reads it, with
the variables that the page sets by its lines `export …`. A block with `cases` is what
`mfo-node test` runs on it.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(each for each in (ROOT / "docs/tutorials").glob("*.md")
               if each.name != "README.md")
NODE = ""

BLOCK = re.compile(r"^```ya?ml\n(.*?)^```", re.M | re.S)
EXPORT = re.compile(r"^ +(export \w+=.*)$", re.M)


def blocks(text, with_key):
    """Each (line, block) of YAML that has one of these keys at its top."""
    for each in BLOCK.finditer(text):
        if re.search(rf"^({with_key}):", each[1], re.M):
            yield text.count("\n", 0, each.start(1)) + 1, each[1]


def configurations(text):
    return list(blocks(text, "server_url|servers"))


def complaint(files, exports, *command):
    """What mfo-node says of these files, or nothing if they are good."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        # With no variable that the page does not set, but for where programs and
        # libraries are.
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH")
                if name in os.environ}
        ended = subprocess.run(
            ["sh", "-ec", "\n".join([*exports, 'exec "$0" "$@"']), NODE, *command],
            cwd=folder, env=kept, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
    return ended.stdout if ended.returncode else ""


def check(configuration, exports):
    return complaint({"node.yaml": configuration}, exports,
                     "check", "--config", "node.yaml")


class TheTutorials(unittest.TestCase):
    def test_are_there_and_listed_in_the_readme_of_their_folder(self):
        readme = (ROOT / "docs/tutorials/README.md").read_text()
        self.assertGreaterEqual(len(PAGES), 9)
        for page in PAGES:
            self.assertIn(f"({page.name})", readme)

    def test_have_a_configuration_each_that_is_good(self):
        for page in PAGES:
            text = page.read_text()
            self.assertTrue(configurations(text), f"{page.name} has no configuration")
            exports = EXPORT.findall(text)
            self.assertTrue(exports, f"{page.name} sets no secret")
            for line, block in configurations(text):
                # Of several ways to set a variable each is good.
                for last in exports:
                    with self.subTest(f"{page.relative_to(ROOT)}:{line}", export=last):
                        self.assertEqual(check(block, [*exports, last]), "")

    def test_have_cases_each_that_pass(self):
        for page in PAGES:
            text = page.read_text()
            cases = list(blocks(text, "cases"))
            self.assertTrue(cases, f"{page.name} has no cases")
            for line, block in cases:
                with self.subTest(f"{page.relative_to(ROOT)}:{line}"):
                    files = {"node.yaml": configurations(text)[0][1],
                             "cases.yaml": block}
                    self.assertEqual(complaint(files, [], "test", "cases.yaml"), "")

    def test_would_be_found_out(self):
        page = PAGES[0].read_text()
        block, exports = configurations(page)[0][1], EXPORT.findall(page)
        self.assertIn("unknown key", check(block + "lissten: :80\n", exports))
        self.assertIn("is not set", check(block, []))
        cases = next(blocks(page, "cases"))[1].replace("status: 202", "status: 418")
        self.assertIn("418", complaint({"node.yaml": block, "cases.yaml": cases}, [],
                                       "test", "cases.yaml"))


if __name__ == "__main__":
    NODE = os.path.abspath(sys.argv.pop(1))
    unittest.main()
