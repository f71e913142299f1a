#!/usr/bin/env python3
"""Writes mfo-node.json, which Grafana imports, from panels.py: a line for each
panel."""

import json
import pathlib

from panels import ROWS

FILE = pathlib.Path(__file__).resolve().with_name("mfo-node.json")
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24  # of Grafana's grid


def variable(name, label, query, **more):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE,
            "definition": query, "query": {"query": query, "refId": name},
            "refresh": 2, "sort": 1, "includeAll": True, "multi": True,
            "allValue": ".+", "current": {"selected": True, "text": ["All"],
                                          "value": ["$__all"]}, **more}


VARIABLES = [
    {"name": "datasource", "label": "Prometheus", "type": "datasource",
     "query": "prometheus", "current": {}, "hide": 0, "includeAll": False,
     "multi": False, "refresh": 1},
    variable("job", "Cluster", "label_values(mfo_build_info, job)"),
    variable("instance", "Node", 'label_values(mfo_build_info{job=~"$job"}, instance)'),
]

HEAD = {
    "uid": "mfo-node",
    "title": "MFO node",
    "tags": ["mfo"],
    "schemaVersion": 37,  # of Grafana 9; later ones bring it up to theirs
    "version": 1,
    "editable": True,
    "graphTooltip": 1,
    "refresh": "30s",
    "time": {"from": "now-1h", "to": "now"},
    "timezone": "",
    "links": [],
    "annotations": {"list": []},
    "templating": {"list": VARIABLES},
}


def targets(panel):
    instant = panel["kind"] == "table"
    for index, (query, legend) in enumerate(panel["queries"]):
        yield {
            "refId": chr(ord("A") + index),
            "datasource": SOURCE,
            "expr": query.replace("@", 'job=~"$job",instance=~"$instance"'),
            "legendFormat": legend or "__auto",
            "instant": instant,
            "range": not instant,
            **({"format": "table"} if instant else {}),
        }


def steps(red_from):
    green = {"color": "green", "value": None}
    return [green] if red_from is None else [green, {"color": "red", "value": red_from}]


def field_defaults(panel):
    defaults = {"unit": panel["unit"]}
    if panel["kind"] == "timeseries":
        if panel["low"] is not None:
            defaults["min"] = panel["low"]
        defaults["custom"] = {"fillOpacity": 10, "showPoints": "never"}
    if panel["kind"] == "stat":
        defaults["color"] = {"mode": "thresholds"}
        defaults["thresholds"] = {"mode": "absolute", "steps": steps(panel["red_from"])}
        if panel["words"]:
            defaults["mappings"] = [{"type": "value", "options": {
                str(value): {"text": text} for value, text in panel["words"].items()}}]
    return defaults


def options(panel):
    if panel["kind"] == "timeseries":
        return {"legend": {"displayMode": "table", "placement": "bottom",
                           "showLegend": True, "calcs": ["lastNotNull", "max"]},
                "tooltip": {"mode": "multi", "sort": "desc"}}
    if panel["kind"] == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                "colorMode": "value", "graphMode": "area"}
    return {"showHeader": True}


def only_columns(columns):
    """Of a table: the rest of the labels is left away."""
    return [{"id": "filterFieldsByName", "options": {"include": {"names": columns}}},
            {"id": "organize", "options": {
                "indexByName": {name: at for at, name in enumerate(columns)}}}]


def drawn(panel, number, x, y):
    width, height = panel["size"]
    return {
        "id": number,
        "type": panel["kind"],
        "title": panel["title"],
        **({"description": panel["about"]} if panel.get("about") else {}),
        "gridPos": {"x": x, "y": y, "w": width, "h": height},
        "datasource": SOURCE,
        "targets": list(targets(panel)),
        "fieldConfig": {"defaults": field_defaults(panel), "overrides": []},
        "options": options(panel),
        **({"transformations": only_columns(list(panel["columns"]))}
           if panel["kind"] == "table" else {}),
    }


def panels():
    """Rows from top to bottom, and in each its panels from left to right."""
    number = y = 0
    for title, row in ROWS:
        number += 1
        yield {"id": number, "type": "row", "title": title, "collapsed": False,
               "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}, "panels": []}
        y += 1
        x = height = 0
        for panel in row:
            if x + panel["size"][0] > WIDTH:
                x, y = 0, y + height
                height = 0
            number += 1
            yield drawn(panel, number, x, y)
            x += panel["size"][0]
            height = max(height, panel["size"][1])
        y += height


def text():
    head = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in HEAD.items()]
    lines = ",\n".join(json.dumps(panel) for panel in panels())
    return "{" + ",\n".join(head) + ',\n"panels": [\n' + lines + "\n]}\n"


if __name__ == "__main__":
    FILE.write_text(text())
