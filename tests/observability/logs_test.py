#!/usr/bin/env python3
"""What the examples for Filebeat, Datadog and CloudWatch say of the log is so, in the
log of a real node."""

import collections
import datetime
import ipaddress
import json
import re
import sys
import unittest

try:
    import yaml
except ImportError:
    print("skipped: there is no yaml for Python; Debian's python3-yaml has it")
    sys.exit(77)

from stand import BUNDLE, Stand, await_true

LOGS = BUNDLE / "logs"
FILE = "/var/log/mfo-node/node.log"

# With what these say, all that the examples name has been said.
AWAITED = {"node ready", "event delivered", "event refused", "event dead-lettered",
           "run ended", "circuit open", "link up"}

FITS = {
    "keyword": lambda value: isinstance(value, str),
    "match_only_text": lambda value: isinstance(value, str),
    "ip": lambda value: bool(ipaddress.ip_address(value)),
    "long": lambda value: isinstance(value, int),
    "double": lambda value: isinstance(value, (int, float)),
}


def read(name):
    text = (LOGS / name).read_text()
    return json.loads(text) if name.endswith(".json") else yaml.safe_load(text)


def record():
    """The lines of both nodes, once all of that is among them."""
    def lines():
        found = [json.loads(line) for node in stand.nodes for line in node.log]
        return AWAITED <= {line["message"] for line in found} and found
    with Stand() as stand:
        return await_true("everything to be in the log", lines)


def leaves(mapping, path=()):
    """(path, type) of a mapping of Elasticsearch."""
    for name, what in mapping.items():
        if "properties" in what:
            yield from leaves(what["properties"], (*path, name))
        else:
            yield ".".join((*path, name)), what["type"]


class TheExamples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = record()
        cls.values = collections.defaultdict(list)
        for line in cls.lines:
            for name, value in line.items():
                cls.values[name].append(value)

    def check_fields(self, names):
        self.assertTrue(names)
        self.assertLessEqual(set(names), set(self.values))

    def processors(self, kind):
        return [each[kind] for each in read("elastic/filebeat.yml")["processors"]
                if kind in each]

    def test_a_field_has_one_type(self):
        """An index takes no other than the first."""
        for name, values in self.values.items():
            kinds = {"text" if isinstance(each, str) else "number" for each in values}
            self.assertEqual(len(kinds), 1, name)

    def test_filebeat_names_fields_that_there_are(self):
        text = (LOGS / "elastic/filebeat.yml").read_text()
        self.check_fields(re.findall(r"\bmfo\.(\w+)\b(?!\.)", text.replace(
            "logs-mfo.node-default", "")))

    def test_filebeat_reads_the_time(self):
        stamp, = self.processors("timestamp")
        shape = re.sub(r"\d", "0", stamp["test"][0])
        self.assertEqual({re.sub(r"\d", "0", each) for each in self.values["time"]},
                         {shape})

    def test_elasticsearch_gets_values_of_its_types(self):
        """As they are called after Filebeat has renamed them."""
        renamed, = self.processors("rename")
        told = {each["from"]: each["to"] for each in renamed["fields"]}
        template = read("elastic/index-template.json")["template"]["mappings"]
        types = dict(leaves(template["properties"]))
        known = {told.get(f"mfo.{name}", f"mfo.{name}"): values
                 for name, values in self.values.items()}
        for name in set(types) - {"@timestamp", "service.name"}:
            self.assertIn(name, known)
            for value in known[name]:
                self.assertTrue(FITS[types[name]](value), f"{name}: {value}")

    def test_datadog_names_fields_that_there_are(self):
        self.check_fields(name for each in read("datadog/pipeline.json")["processors"]
                          for name in each["sources"])

    def test_cloudwatch_reads_the_time(self):
        collected, = read("cloudwatch/agent.json")["logs"]["logs_collected"]["files"][
            "collect_list"]
        for each in self.values["time"]:
            datetime.datetime.strptime(each, f"{collected['timestamp_format']}Z")

    def test_cloudwatch_filters_lines_that_there_are(self):
        for each in read("cloudwatch/metric-filters.json"):
            self.check_fields(re.findall(r"\$\.(\w+)", json.dumps(each)))
            for name, value in re.findall(r'\$\.(\w+) = "([^"]+)"',
                                          each["filterPattern"]):
                if name != "level":
                    self.assertIn(value, self.values[name], each["filterName"])

    def test_all_read_the_file_that_the_node_writes(self):
        collected, = read("cloudwatch/agent.json")["logs"]["logs_collected"]["files"][
            "collect_list"]
        self.assertIn(f"append:{FILE}", (LOGS / "file.conf").read_text())
        self.assertIn(f"{FILE} {{", (LOGS / "logrotate").read_text())
        self.assertEqual(read("elastic/filebeat.yml")["filebeat.inputs"][0]["paths"],
                         [FILE])
        self.assertEqual(read("datadog/conf.yaml")["logs"][0]["path"], FILE)
        self.assertEqual(collected["file_path"], FILE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
