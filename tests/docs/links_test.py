#!/usr/bin/env python3
"""tools/check_links finds what is broken, and nothing else."""

import importlib.machinery
import importlib.util
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

TOOL = Path(__file__).resolve().parents[2] / "tools/check_links"


def load():
    loader = importlib.machinery.SourceFileLoader("check_links", str(TOOL))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


tool = load()


def targets(text):
    return [link for _, link, _ in tool.links(text)]


def complaints(files):
    """What is said of a repository that has these files, but for the last line."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        subprocess.run(["git", "init", "-q", root], check=True)
        out = io.StringIO()
        tool.check(root, out=out)
        return out.getvalue().splitlines()[:-1]


class ALink(unittest.TestCase):
    def test_is_found_wherever_markdown_has_one(self):
        self.assertEqual(targets("[a](b.md) ![c](d.svg 'title') [e](<f g.md>)"),
                         ["b.md", "d.svg", "f g.md"])
        self.assertEqual(targets("[![a](b.svg)](c.md)"), ["b.svg", "c.md"])
        self.assertEqual(targets("[two\nlines](a.md)"), ["a.md"])
        self.assertEqual(targets("[a](b_(c).md)"), ["b_(c).md"])
        self.assertEqual(targets("<img src=\"a.svg\"> <a href='b.md'>"),
                         ["a.svg", "b.md"])
        self.assertEqual(targets("- [a](b.md)\n\n    [c](d.md)"), ["b.md", "d.md"])

    def test_is_none_in_code_and_comments(self):
        self.assertEqual(targets("`[a](b.md)` and ``[`](c.md)``"), [])
        self.assertEqual(targets("```yaml\n[a](b.md)\n```\n~~~\n[c](d.md)\n~~~"), [])
        self.assertEqual(targets("- x\n\n  ```\n  [a](b.md)\n  ```"), [])
        self.assertEqual(targets("text\n\n    [a](b.md)\n\n    [c](d.md)\n"), [])
        self.assertEqual(targets("<!-- [a](b.md)\n-->"), [])

    def test_is_told_of_with_its_line(self):
        self.assertEqual([line for line, _, _ in tool.links(
            "one\n```\ncode\n```\n[a](b)\n\n[c\nd](e)")], [5, 8])

    def test_may_be_defined_elsewhere(self):
        self.assertEqual(targets("[a][b] [c][]\n\n[b]: x.md\n[C]: y.md"),
                         ["x.md", "y.md"])
        self.assertEqual(complaints({"a.md": "\n[a][b]"}),
                         ["a.md:2: [a][b], no such definition"])


class AnAnchor(unittest.TestCase):
    def test_is_githubs(self):
        self.assertEqual(
            tool.anchors("# `servers.NAME.tls`\n## What is *not*?\n## A & b\n"
                         "Under it\n--------\n### [link](a.md) – end ###\n"
                         "## Größe: snake_case"),
            {"serversnametls", "what-is-not", "a--b", "under-it", "link--end",
             "größe-snake_case"})

    def test_is_counted_where_headings_are_the_same(self):
        self.assertEqual(tool.anchors("# a\n# a\n# a"), {"a", "a-1", "a-2"})

    def test_is_none_of_a_comment_of_a_script(self):
        self.assertEqual(tool.anchors("```sh\n# a\n```\n\n    # b\n"), set())

    def test_may_be_set_by_hand(self):
        self.assertIn("here", tool.anchors('<a id="here"></a>'))


class TheCheck(unittest.TestCase):
    def test_is_content_with_what_is_there(self):
        self.assertEqual(complaints({
            "a.md": "# One\n[b](docs/b.md#two) [self](#one) [docs](docs) [c](/x.hpp#L2)"
                    " [out](https://example.com/none) [mail](mailto:a@example.com)",
            "docs/b.md": "# Two\n[up](../a.md#one) [q](../a.md?x=1) [s](a%20b.svg)",
            "docs/README.md": "[folder](..#three)", "README.md": "# Three",
            "docs/a b.svg": "", "x.hpp": "one\ntwo"}), [])

    def test_tells_what_is_wrong(self):
        self.assertEqual(complaints({
            "a.md": "[1](none.md)\n[2](b.md#none)\n[3](#none)\n[4](../a.md)\n"
                    "[5](B.md)\n[6](x.hpp#L9)\n[7](x.hpp#there)\n![8](none.svg)\n"
                    "[9](ignored.md)",
            "b.md": "# There", "x.hpp": "one", ".gitignore": "ignored.md",
            "ignored.md": ""}), [
                "a.md:1: none.md, no such file",
                "a.md:2: b.md#none, no such heading in b.md",
                "a.md:3: #none, no such heading in a.md",
                "a.md:4: ../a.md, leads out of the repository",
                "a.md:5: B.md, no such file",
                "a.md:6: x.hpp#L9, no such line",
                "a.md:7: x.hpp#there, an anchor in what is no Markdown",
                "a.md:8: none.svg, no such file",
                "a.md:9: ignored.md, is not in git"])

    def test_ends_with_1_when_something_is_broken(self):
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "tools").mkdir()
            copy = Path(root) / "tools/check_links"
            copy.write_text(TOOL.read_text())
            (Path(root) / "a.md").write_text("[a](none.md)")
            subprocess.run(["git", "init", "-q", root], check=True)
            ended = subprocess.run([sys.executable, copy], capture_output=True,
                                   text=True, check=False)
        self.assertEqual(ended.stdout, "a.md:1: none.md, no such file\n"
                                       "1 links in 1 files, 1 broken\n")
        self.assertEqual(ended.returncode, 1)


if __name__ == "__main__":
    unittest.main()
