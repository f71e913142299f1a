"""What a scenario of bench/forward prints, and what it leaves in a file."""

from forward_ways import figures, systems
from staging.report import Report


class ForwardReport(Report):
    """Beside what any report has: the rounds of each way, and targets. A target
    that was missed breaks no bound."""

    def __init__(self, name, title, given):
        super().__init__(name)
        self.title = title
        self.rounds = given.rounds
        self.seconds = given.seconds
        self.systems = given.systems
        self.rows = {}  # name → rounds
        self.targets = []
        self._system_of = {}
        self._failure = ""

    def take(self, rows, system_of):
        """Rounds of ways, and the system of each."""
        self._system_of = system_of
        self.rows = figures.with_ratios(rows, systems.REFERENCE)

    def median(self, way, figure):
        """None if it was not measured."""
        return (figures.medians(self.rows[way])[figure] if way in self.rows
                else None)

    def target(self, figure, value, unit, bound, at_least=False, why=""):
        """A figure beside its bound, if there is one; see figures.Target. Nothing
        if the value is None: something of it was not measured."""
        if value is not None:
            self.targets.append(
                figures.Target(figure, value, unit, bound, at_least, why))

    def ratio(self, one, other, bound=None, figure="cpu", what="CPU per event"):
        """Of two ways that take turns; without a bound it is told alone."""
        self.target(f"{what}, {one} ÷ {other}",
                    figures.ratio(self.rows, one, other, figure), "×", bound)

    def check(self, what, value, bound, kept):
        super().check(what, value, bound, kept)
        if not kept:
            self._failure = f"{what}: {value}, expected {bound}"

    @property
    def missed(self):
        return sum(each.held is False for each in self.targets)

    @property
    def held(self):
        return sum(each.held is True for each in self.targets)

    def as_json(self):
        return {
            "name": self.name, "title": self.title,
            "left_out": self.left_out, "failure": self._failure,
            "ways": [{"name": name, "system": self._system_of[name],
                      "median": figures.medians(rounds), "rounds": rounds}
                     for name, rounds in self.rows.items()],
            "targets": [each.as_json() for each in self.targets],
        }

    def tables(self):
        told = self.as_json()
        if told["ways"]:
            print(figures.table_of(told["ways"]), end="\n\n")
        if told["targets"]:
            print(figures.table(["figure", "measured", "target", ""],
                                map(figures.row_of, told["targets"])),
                  end="\n\n")
