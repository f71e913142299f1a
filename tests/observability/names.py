"""Which metrics there are, and which a query asks for."""

import re

from stand import ROOT

# What Prometheus makes of its own.
BUILT_IN = {"up", "ALERTS"}

REFERENCE = ROOT / "docs/reference/metrics.md"


def _rows(what):
    return re.findall(what, REFERENCE.read_text(), re.MULTILINE)


def metrics():
    """Those of metrics.md, which a test of telemetry holds to the code."""
    known = set()
    for name, kind in _rows(r"^\| `(\w+)` \| (counter|gauge|histogram) \|"):
        known |= ({f"{name}_{part}" for part in ("bucket", "sum", "count")}
                  if kind == "histogram" else {name})
    return known


def reasons():
    """Of refusals and dead letters."""
    return set(_rows(r"^\| `(\w+)` \| \d{3} \|"))


def without_texts(query):
    return re.sub(r'"[^"]*"', '""', query)


def asked_for(query):
    """The metrics of a query: words that are no function, keyword or label."""
    bare = re.sub(r"\{[^}]*\}", "{}", without_texts(query))
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "",
                  bare)
    bare = re.sub(r"\[[^\]]*\]|\boffset\s+\w+", "", bare)
    words = re.findall(r"\b[A-Za-z_]\w*\b(?!\s*\()", bare)
    return {word for word in words
            if word not in {"and", "or", "unless", "by", "on", "group_left"}}
