"""The dashboard that people import, and what makes it."""

import json
import sys

from stand import BUNDLE

sys.path.append(str(BUNDLE / "grafana"))

import make_dashboard


def dashboard():
    return json.loads(make_dashboard.FILE.read_text())


def panels():
    return dashboard()["panels"]


def targets():
    """(title of the panel, target), from top to bottom."""
    for panel in panels():
        for target in panel.get("targets", []):
            yield panel["title"], target
