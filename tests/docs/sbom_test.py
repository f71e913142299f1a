#!/usr/bin/env python3
"""The bill of materials that the build wrote is CycloneDX 1.5, and true of the
program; tools/sbom makes the same one again."""

import copy
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

try:
    import jsonschema
except ImportError:
    print("skipped: there is no jsonschema for Python; Debian's python3-jsonschema "
          "has it")
    sys.exit(77)

TOOL = Path(__file__).resolve().parents[2] / "tools/sbom"
BUILD = Path(os.environ["MFO_BUILD"])
BILL = os.environ.get("MFO_SBOM")
PROGRAM = BUILD / "mfo-node"


def load():
    loader = importlib.machinery.SourceFileLoader("sbom", str(TOOL))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


tool = load()


def exactly(**members):
    """An object with these members and no others; those named `…_` may be missing."""
    return {"type": "object", "additionalProperties": False,
            "required": [each for each in members if not each.endswith("_")],
            "properties": {each.rstrip("_"): kind for each, kind in members.items()}}


def list_of(kind):
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": kind}


# What of CycloneDX's own schema (bom-1.5.schema.json) is made use of.
TEXT = {"type": "string", "minLength": 1}
LICENCES = {**list_of(exactly(expression=TEXT)), "maxItems": 1}
PURL = {"type": "string", "pattern":
        r"^pkg:deb/[a-z]+/[a-z0-9.%B-]+@[^?@/+]+\?arch=\w+&distro=[a-z]+-[\d.]*"
        r"(&upstream=[^&@/+]+)?$"}
SCHEMA = exactly(**{
    "$schema": {"const": "http://cyclonedx.org/schema/bom-1.5.schema.json"},
    "bomFormat": {"const": "CycloneDX"},
    "specVersion": {"const": "1.5"},
    "serialNumber": {"type": "string", "pattern":
                     "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "version": {"const": 1},
    "metadata": exactly(
        timestamp_={"type": "string", "pattern":
                    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        lifecycles=list_of(exactly(phase={"const": "build"})),
        component=exactly(**{
            "type": {"const": "application"}, "bom-ref": TEXT, "name": TEXT,
            "version": TEXT, "licenses": LICENCES,
            "hashes": list_of(exactly(
                alg={"const": "SHA-256"},
                content={"type": "string", "pattern": "^[0-9a-f]{64}$"}))})),
    "components": list_of(exactly(**{
        "type": {"const": "library"}, "bom-ref": TEXT, "name": TEXT, "version": TEXT,
        "description": TEXT, "scope": {"const": "required"}, "licenses": LICENCES,
        "purl": PURL, "properties": list_of(exactly(name=TEXT, value=TEXT))})),
    "dependencies": list_of(exactly(
        ref=TEXT, dependsOn={"type": "array", "uniqueItems": True, "items": TEXT})),
})


def flaws(told):
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}"
            for each in jsonschema.Draft7Validator(SCHEMA).iter_errors(told)]


def run(*arguments, epoch=None):
    """What tools/sbom writes, or what it says where it does not."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch or ""}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "bill"
        done = subprocess.run([TOOL, *arguments, "--output", output],
                              capture_output=True, text=True, env=environment)
        return output.read_text() if done.returncode == 0 else done.stderr


class Bill(unittest.TestCase):
    def setUp(self):
        if not BILL:
            self.skipTest("this tree has no bill of materials; CMake says why")
        self.told = json.loads(Path(BILL).read_text())

    def test_is_cyclonedx(self):
        self.assertEqual(flaws(self.told), [])

    def test_would_be_found_not_to_be(self):
        told = copy.deepcopy(self.told)
        told["components"][0]["licenses"] = []
        told["components"][1]["purl"] = "libfmt9"
        told["specVersion"] = "1"
        self.assertEqual(len(flaws(told)), 3)

    def test_has_each_library_that_the_program_asks_for(self):
        libraries = {told["value"] for each in self.told["components"]
                     for told in each["properties"] if told["name"] == "mfo:library"}
        needed = tool.needed_by(PROGRAM)
        self.assertIn("libcaf_core.so.0.17.6", needed)
        self.assertEqual(sorted(set(needed) - libraries), [])

    def test_has_libraries_of_headers_only_too(self):
        names = {each["name"] for each in self.told["components"]}
        self.assertLessEqual({"librestinio-dev", "nlohmann-json3-dev"}, names)

    def test_leads_from_the_program_to_everything(self):
        asks = {each["ref"]: each["dependsOn"] for each in self.told["dependencies"]}
        reached, ahead = set(), [self.told["metadata"]["component"]["bom-ref"]]
        while ahead:
            each = ahead.pop()
            if each not in reached:
                reached.add(each)
                ahead += asks[each]
        self.assertEqual(reached, set(asks))
        self.assertEqual(len(asks), 1 + len(self.told["components"]))

    def test_is_of_this_very_program(self):
        self.assertEqual(
            self.told["metadata"]["component"]["hashes"][0]["content"],
            hashlib.sha256(PROGRAM.read_bytes()).hexdigest())

    def test_is_the_same_when_it_is_made_again(self):
        version = self.told["metadata"]["component"]["version"]
        again = run(PROGRAM, "--tree", BUILD, "--version", version,
                    "--ninja", os.environ["MFO_NINJA"])
        as_built = run(PROGRAM, "--like", BILL)
        if "timestamp" not in self.told["metadata"]:
            self.assertEqual(as_built, Path(BILL).read_text())
        self.assertEqual(
            [line for line in again.splitlines() if "urn:uuid" not in line],
            [line for line in as_built.splitlines()
             if "urn:uuid" not in line and "timestamp" not in line])

    def test_of_an_installed_copy_has_that_copys_hash_and_else_is_the_same(self):
        with tempfile.NamedTemporaryFile() as stripped:
            stripped.write(b"less of it")
            stripped.flush()
            told = json.loads(run(stripped.name, "--like", BILL))
        self.assertEqual(flaws(told), [])
        self.assertNotEqual(told["serialNumber"], self.told["serialNumber"])
        self.assertEqual(
            told["metadata"]["component"]["hashes"][0]["content"],
            hashlib.sha256(b"less of it").hexdigest())
        for part in ("components", "dependencies"):
            self.assertEqual(told[part], self.told[part])

    def test_has_no_time_but_that_of_the_sources(self):
        told = json.loads(run(PROGRAM, "--like", BILL, epoch="1"))
        self.assertEqual(told["metadata"]["timestamp"], "1970-01-01T00:00:01Z")
        self.assertEqual(flaws(told), [])


class Tool(unittest.TestCase):
    def test_says_that_a_tree_has_no_such_program(self):
        with tempfile.TemporaryDirectory() as tree:
            told = run("/bin/true", "--tree", tree, "--version", "1")
        self.assertTrue(told.startswith("sbom: "), told)

    def test_writes_names_and_versions_as_package_urls_want_them(self):
        package = tool.Package("libstdc++-12-dev", "1:12.2~rc1+b1-3", "amd64",
                               "gcc-12", "1:12.2~rc1-3")
        told = tool.purl(package)
        self.assertIn("/libstdc%2B%2B-12-dev@1:12.2~rc1%2Bb1-3?arch=amd64&", told)
        self.assertTrue(told.endswith("&upstream=gcc-12%401:12.2~rc1-3"), told)
        self.assertRegex(told, PURL["pattern"])

    def test_reads_only_the_tables_of_libraries(self):
        self.assertEqual(
            [row.packages for row in tool.table_rows(
                "| library | Debian packages | version | licence | how | why |\n"
                "| --- | --- | --- | --- | --- | --- |\n"
                "| fmt | `libfmt9` `libfmt-dev` | 9 | MIT | shared | texts |\n"
                "| for | Debian packages |\n| building | `g++` |\n")],
            [["libfmt9", "libfmt-dev"]])


if __name__ == "__main__":
    unittest.main()
