"""What is made of figures: medians of rounds, ratios, and whether a target was
reached."""

import dataclasses
import statistics

# Of a round: name, what it is called in a table, decimals.
COLUMNS = (
    ("cpu", "CPU, µs", 1),
    ("ratio", "÷ nginx", 2),
    ("rate", "events/s", 0),
    ("p50", "p50, ms", 2),
    ("p99", "p99, ms", 2),
    ("p999", "p99.9, ms", 2),
    ("rss", "RSS, MiB", 1),
    ("idle", "RSS idle, MiB", 1),
    ("busy", "at 64 connections, MiB", 1),
    ("crowd", "10,000 idle connections, MiB", 1),
    ("start", "start to ready, ms", 1),
)


def with_ratios(rows, reference):
    """`rows`: name → rounds, each a map of figures. Each round of each row gets
    its ratio to the reference's CPU in the same round."""
    base = rows.get(reference)
    if not base:
        return rows
    return {name: [{**each, "ratio": each["cpu"] / other["cpu"]}
                   if other.get("cpu") else each
                   for each, other in zip(rounds, base)]
            for name, rounds in rows.items()}


def medians(rounds):
    """Of each figure that all rounds have."""
    names = [name for name in rounds[0]
             if all(name in each for each in rounds)]
    return {name: statistics.median(each[name] for each in rounds)
            for name in names}


def ratio(rows, one, other, figure="cpu"):
    """The median of the ratios of the rounds; None if one was not measured."""
    if one not in rows or other not in rows:
        return None
    return statistics.median(
        a[figure] / b[figure] if b[figure] else float("inf")
        for a, b in zip(rows[one], rows[other]))


@dataclasses.dataclass(frozen=True)
class Target:
    """A figure beside what it should be, if anything is said of that. `held` is
    None where this machine cannot tell, too, and `why` says why."""
    figure: str
    value: float
    unit: str
    bound: float | None
    at_least: bool = False
    why: str = ""

    @property
    def held(self):
        if self.why or self.bound is None:
            return None
        return (self.value >= self.bound if self.at_least
                else self.value <= self.bound)

    def as_json(self):
        return {"figure": self.figure, "value": self.value, "unit": self.unit,
                "bound": self.bound, "at_least": self.at_least,
                "held": self.held, "why": self.why}


def with_unit(value, unit):
    """3.14159, "MiB" → "3.14 MiB"; ratios are "3.14 ×"."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def row_of(target):
    """As a line of a table; `target` as in JSON."""
    measured = [target["figure"], with_unit(target["value"], target["unit"])]
    if target["bound"] is None:
        return [*measured, "", ""]
    sign = "≥" if target["at_least"] else "≤"
    held = {True: "held", False: "**missed**"}.get(
        target["held"], f"– ({target['why']})")
    return [*measured, f"{sign} {target['bound']:g} {target['unit']}", held]


def table(head, rows):
    """Of Markdown, as a text without a last line break."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, each)) + " |" for each in lines)


def table_of(ways):
    """`ways`: as in JSON, of one scenario."""
    shown = [column for column in COLUMNS
             if any(column[0] in way["median"] for way in ways)]
    rows = [[way["name"], *(
        f"{way['median'][name]:.{decimals}f}" if name in way["median"] else "–"
        for name, _, decimals in shown)] for way in ways]
    return table(["system", *(title for _, title, _ in shown)], rows)
