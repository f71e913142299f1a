#!/usr/bin/env python3
"""Every query of the dashboard gives data, asked of a real Prometheus that scrapes
real nodes."""

import json
import math
import re
import shutil
import sys
import time
import unittest
import urllib.parse

from dashboard import dashboard, targets
from stand import JOB, NODES, Stand, await_true, get

PATIENCE = 40  # s, until each query has given data

# As Grafana fills its variables in, when all is chosen and 1 s is the interval.
VARIABLES = {"$__rate_interval": "4s", "$job": ".+", "$instance": ".+"}


def filled_in(query):
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    if "$" in query:
        raise ValueError(f"who fills that in? {query}")
    return query


class Prometheus:
    def __init__(self, url):
        self._url = url
        self._began = time.time()

    def ask(self, path, **query):
        answer = json.loads(get(f"{self._url}/api/v1/{path}?"
                                f"{urllib.parse.urlencode(query)}"))
        return answer["data"]

    def up(self):
        return sum(each["value"][1] == "1"
                   for each in self.ask("query", query="up")["result"])

    def has_data(self, target):
        """Whether a series has a number, now for a table, else at any time."""
        query = filled_in(target["expr"])
        if target["instant"]:
            found = self.ask("query", query=query)["result"]
            samples = [each["value"] for each in found]
        else:
            found = self.ask("query_range", query=query, start=self._began,
                             end=time.time(), step=1)["result"]
            samples = [sample for each in found for sample in each["values"]]
        return any(not math.isnan(float(value)) for _, value in samples)


class TheDashboard(unittest.TestCase):
    def test_shows_data_of_nodes_that_run(self):
        with Stand() as stand:
            prometheus = Prometheus(stand.start_prometheus())
            await_true("both nodes to be scraped",
                       lambda: prometheus.up() == len(NODES))
            self._await_data(prometheus)
            self._check_variables(prometheus)

    def _await_data(self, prometheus):
        missing = list(targets())
        asked = len(missing)

        def all_there():
            missing[:] = [each for each in missing if not prometheus.has_data(each[1])]
            return not missing
        try:
            await_true("every query to give data", all_there, PATIENCE)
        except TimeoutError:
            self.fail("\n".join(["no data:", *(f"{title}: {target['expr']}"
                                               for title, target in missing)]))
        print(f"{asked} queries gave data")

    def _check_variables(self, prometheus):
        """What people choose from: label_values(METRIC, LABEL)."""
        found = {}
        for each in dashboard()["templating"]["list"]:
            if each["type"] == "query":
                metric, label = re.fullmatch(r"label_values\((.+), (\w+)\)",
                                             each["definition"]).groups()
                found[each["name"]] = prometheus.ask(
                    f"label/{label}/values", **{"match[]": filled_in(metric)})
        self.assertEqual(found["job"], [JOB])
        self.assertEqual(len(found["instance"]), len(NODES))


if __name__ == "__main__":
    if not shutil.which("prometheus"):
        print("skipped: there is no prometheus; Debian's package has it")
        sys.exit(77)
    unittest.main(verbosity=2)
