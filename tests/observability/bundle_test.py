#!/usr/bin/env python3
"""The parts of deploy/observability fit each other, the reference and the runbook."""

import re
import sys
import unittest

try:
    import yaml
except ImportError:
    print("skipped: there is no yaml for Python; Debian's python3-yaml has it")
    sys.exit(77)

from dashboard import make_dashboard, panels, targets
from names import BUILT_IN, asked_for, metrics, reasons
from stand import BUNDLE, DEPLOY, ROOT

RULES = BUNDLE / "prometheus"
RUNBOOK = ROOT / "docs/runbook.md"
BASE = "https://mfo.example.com/docs/runbook.md"


def read(file):
    return yaml.safe_load(file.read_text())


def alerts():
    return [rule for file in sorted((RULES / "alerts").glob("*.yml"))
            for group in read(file)["groups"] for rule in group["rules"]]


def tried(fires):
    """The alerts that a test wants to fire, or wants to be silent."""
    return {each["alertname"] for file in (RULES / "tests").glob("*.yml")
            for test in read(file)["tests"] for each in test["alert_rule_test"]
            if bool(each.get("exp_alerts")) == fires}


class TheDashboard(unittest.TestCase):
    def test_is_made_of_its_table(self):
        self.assertEqual(make_dashboard.FILE.read_text(), make_dashboard.text(),
                         "run deploy/observability/grafana/make_dashboard.py")

    def test_has_its_rows_and_every_panel_a_place_of_its_own(self):
        self.assertEqual([each["title"] for each in panels() if each["type"] == "row"],
                         ["Overview", "Events", "Server calls", "Taskflows",
                          "Dead letters", "Cluster", "Process"])
        self.assertEqual(len({each["id"] for each in panels()}), len(panels()))
        taken = set()
        for each in panels():
            at = each["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                     for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(taken & cells, each["title"])
            self.assertLessEqual(at["x"] + at["w"], 24, each["title"])
            taken |= cells

    def test_asks_for_metrics_that_there_are(self):
        known = metrics() | BUILT_IN
        for title, target in targets():
            self.assertLessEqual(asked_for(target["expr"]), known, title)


class TheBundle(unittest.TestCase):
    def test_alerts_go_by_metrics_that_there_are(self):
        known = metrics() | BUILT_IN
        for alert in alerts():
            self.assertTrue(asked_for(alert["expr"]), alert["alert"])
            self.assertLessEqual(asked_for(alert["expr"]), known, alert["alert"])

    def test_queries_name_reasons_that_there_are(self):
        of_refusals = r'mfo_events_(?:refused|dead_lettered)_total\{[^}]*reason=~?"([^"]+)"'
        texts = [*(alert["expr"] for alert in alerts()),
                 *(target["expr"] for _, target in targets())]
        found = [pattern for text in texts for pattern in re.findall(of_refusals, text)]
        self.assertTrue(found)
        for pattern in found:
            for word in re.sub(r"\(.*\)", "", pattern).split("|"):
                self.assertTrue(any(re.fullmatch(word, each) for each in reasons()),
                                word)

    def test_each_alert_is_seen_to_fire_and_to_be_silent(self):
        names = {alert["alert"] for alert in alerts()}
        self.assertEqual(tried(fires=True), names)
        self.assertEqual(tried(fires=False), names)

    def test_each_alert_has_a_place_in_the_runbook(self):
        headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text(), re.MULTILINE)
        self.assertEqual(sorted(headings), sorted(alert["alert"] for alert in alerts()))
        for alert in alerts():
            self.assertEqual(alert["annotations"]["runbook_url"],
                             f"{BASE}#{alert['alert'].lower()}")
            self.assertIn(alert["labels"]["severity"], ("critical", "warning", "info"))

    def test_the_runbook_says_what_it_means_where_to_look_and_what_to_do(self):
        parts = re.split(r"^### (\w+)$", RUNBOOK.read_text(), flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2]):
            for word in ("**Means.**", "**Look.**", "**Do.**"):
                self.assertIn(word, text, name)

    def test_the_runbook_names_panels_that_there_are(self):
        text = " ".join(RUNBOOK.read_text().split())
        named = re.findall(r'"([A-Z][^"]+)"', text)
        self.assertTrue(named)
        for name in named:
            self.assertTrue(any(each["title"].startswith(name) for each in panels()),
                            name)

    def test_the_runbook_names_metrics_that_there_are(self):
        named = set(re.findall(r"\bmfo_\w+|\bprocess_\w+", RUNBOOK.read_text()))
        self.assertLessEqual(named, metrics())

    def test_compose_takes_its_alerts_from_here(self):
        compose = read(DEPLOY / "compose/docker-compose.yml")
        for name in ("prometheus", "prometheus-b"):
            self.assertIn("../observability/prometheus/alerts:/etc/mfo/alerts:ro",
                          compose["services"][name]["volumes"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
