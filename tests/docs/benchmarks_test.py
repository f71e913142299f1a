#!/usr/bin/env python3
"""bench/report_figures makes tables and charts of what bench/forward measured."""

import importlib.machinery
import importlib.util
import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "bench/report_figures"
sys.path.insert(0, str(TOOL.parent))


def load():
    loader = importlib.machinery.SourceFileLoader("report_figures", str(TOOL))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


tool = load()
figures = tool.figures


def rounds(*cpu):
    return [{"cpu": each, "rate": 1e6 / each} for each in cpu]


def scenario(rows, **more):
    rows = figures.with_ratios(rows, "nginx")
    return {"name": "plain", "title": "The plain forward", "left_out": "",
            "failure": "", "targets": [],
            "ways": [{"name": name, "system": name, "rounds": each,
                      "median": figures.medians(each)}
                     for name, each in rows.items()], **more}


def run(*scenarios):
    return {"machine": {"date": "2026-01-02", "kernel": "6", "cpu": "a <CPU>",
                        "cores": 2, "versions": {"nginx": "nginx 1"}},
            "options": {"rounds": 3, "seconds": 4}, "scenarios": list(scenarios)}


ROWS = {"node": rounds(30, 40, 50), "nginx": rounds(10, 40, 25)}


class Ratios(unittest.TestCase):
    def test_are_those_of_the_same_round(self):
        self.assertEqual(figures.ratio(ROWS, "node", "nginx"), 2.0)

    def test_are_not_there_without_the_other(self):
        self.assertIsNone(figures.ratio({"node": rounds(1)}, "node", "nginx"))
        kept = figures.with_ratios({"node": rounds(1)}, "nginx")
        self.assertNotIn("ratio", kept["node"][0])


class Targets(unittest.TestCase):
    def held(self, *what, **more):
        return figures.Target("x", *what, **more).held

    def test_hold_up_to_their_bound(self):
        self.assertTrue(self.held(1.3, "×", 1.3))
        self.assertFalse(self.held(1.31, "×", 1.3))
        self.assertTrue(self.held(1.8, "×", 1.7, at_least=True))
        self.assertFalse(self.held(1.6, "×", 1.7, at_least=True))

    def test_say_why_they_cannot_be_told(self):
        target = figures.Target("x", 1.1, "×", 1.7, True, "2 cores")
        self.assertIsNone(target.held)
        self.assertEqual(figures.row_of(target.as_json()),
                         ["x", "1.10 ×", "≥ 1.7 ×", "– (2 cores)"])

    def test_may_have_no_bound(self):
        target = figures.Target("x", 123.4, "µs", None)
        self.assertIsNone(target.held)
        self.assertEqual(figures.row_of(target.as_json()),
                         ["x", "123 µs", "", ""])


class Page(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.page = self.folder / "page.md"
        self.page.write_text(f"before\n{tool.BEGIN}\nold\n{tool.END}\nafter\n")

    def report(self, told):
        file = self.folder / "figures.json"
        file.write_text(json.dumps(told))
        return subprocess.run(
            [sys.executable, "-B", TOOL, file, "--page", self.page,
             "--pictures", self.folder], capture_output=True, text=True)

    def test_gets_tables_between_the_comments(self):
        self.assertEqual(self.report(run(scenario(ROWS))).returncode, 0)
        text = self.page.read_text()
        self.assertTrue(text.startswith(f"before\n{tool.BEGIN}\n"))
        self.assertTrue(text.endswith(f"{tool.END}\nafter\n"))
        self.assertNotIn("old", text)
        self.assertIn("| node | 40.0 | 2.00 |", text)
        self.assertIn("(pictures/bench-peers.svg)", text)

    def test_stays_the_same_the_second_time(self):
        self.report(run(scenario(ROWS)))
        once = self.page.read_text()
        self.report(run(scenario(ROWS)))
        self.assertEqual(self.page.read_text(), once)

    def test_gets_charts_that_stand_alone(self):
        self.report(run(scenario(ROWS)))
        text = (self.folder / "bench-peers.svg").read_text()
        xml.etree.ElementTree.fromstring(text)
        self.assertIn("prefers-color-scheme: dark", text)
        for foreign in ("<script", "href", "url(", "@import"):
            self.assertNotIn(foreign, text)

    def test_does_not_get_what_failed(self):
        done = self.report(run(scenario(ROWS, failure="1 accepted, 2 arrived")))
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 accepted, 2 arrived", done.stderr)
        self.assertIn("old", self.page.read_text())

    def test_is_the_one_in_docs(self):
        text = tool.PAGE.read_text()
        self.assertEqual(text.count(tool.BEGIN), 1)
        self.assertEqual(text.count(tool.END), 1)


if __name__ == "__main__":
    unittest.main()
