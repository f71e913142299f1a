"""A round is held to all that the oracle knows."""

import pathlib
import tempfile
import types
import unittest

import torture_path  # noqa: F401

from oracle.arrivals import Past
from rounds import Round
from senders.attacks import ATTACKS
from senders.message import event_id_of
from senders.process import Line
from senders.steady import Way
from staging.programs import Metrics
from staging.records import Answer
from world.configuration import ENDPOINTS
from world.journal import Entry, Journal

WAY = Way("node-a", "received", "received")
T = 1_000_000  # ms


def sender(*lines):
    return types.SimpleNamespace(lines=lambda: list(lines))


class ARound(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "node-a.log").touch()
        self.node = types.SimpleNamespace(name="node-a")
        self.letters, self.arrivals = set(), {"e1": 1}
        self.past = Past()
        self.said = []
        self.world = types.SimpleNamespace(
            nodes=[self.node], journal=Journal(),
            stage=types.SimpleNamespace(folder=folder),
            sinks=types.SimpleNamespace(
                ids_of_letters=lambda world: self.letters))

    def a_round(self):
        return Round(self.world, 1, 1, [], 800, types.SimpleNamespace(
            more=lambda: self.arrivals), self.past, None, self.said.append)

    def faults(self, status=202, probes=(), hostile=(), roamers=(), entries=(),
               undecided=0, answers=1):
        this = self.a_round()
        verdict = this._judge(
            {WAY: [Answer(T, 10, status, "-", "e1")] * answers},
            {"node-a": sender(*probes)} if probes else {}, {},
            {"node-a": sender(*hostile)}, sender(*roamers), list(entries),
            undecided)
        return this._broken + verdict.faults

    def check(self, *words, **more):
        """There is one fault, and it says this."""
        found = self.faults(**more)
        self.assertEqual(len(found), 1, found)
        for each in words:
            self.assertIn(each, found[0])

    def test_in_which_all_is_well_has_no_faults(self):
        self.assertEqual(self.faults(), [])

    def test_has_nodes_that_end_as_they_may(self):
        self.check("node-a", "exit status 1", entries=[
            Entry(T, "ended", "node-a"), Entry(T, "gone", "node-a", 1)])

    def test_has_senders_that_are_answered_as_they_may_be(self):
        self.check("500", status=500)
        self.past = Past()
        self.check("nothing was sent", answers=0)

    def test_has_nodes_that_take_events_in_the_end(self):
        its = [Line("probe", "own", "e1", 202, endpoint=each.id)
               for each in ENDPOINTS]
        self.assertEqual(self.faults(probes=its), [])
        self.past = Past()
        self.check(ENDPOINTS[-1].id, probes=its[:-1])

    def test_has_probes_that_are_nowhere_if_they_are_lost(self):
        its = [Line("probe", "own", "e1" if each.id != "received" else "e2", 202,
                    endpoint=each.id) for each in ENDPOINTS]
        found = self.faults(probes=its)
        self.assertEqual(len(found), 2)  # of the probe, and of any event
        self.assertTrue(all("e2" in each for each in found))

    def test_has_events_that_are_known_where_they_are(self):
        event = event_id_of("completed", "own")
        its = [Line("node-a", "own", first=T, last=T, endpoint="completed"),
               Line("node-b", "own", event, 200, first=T + 9, last=T + 9,
                    endpoint="completed")]
        found = self.faults(roamers=its)
        self.assertEqual(len(found), 2)  # of who knows it, and of any event
        self.assertTrue(all(event in each for each in found))
        self.past, self.arrivals = Past(), {event: 1}
        self.assertEqual(self.faults(status=503, roamers=its), [])

    def test_has_events_that_come_twice_for_a_reason(self):
        self.arrivals = {"e1": 2}
        self.check("2 times at the server")
        self.past = Past()
        self.assertEqual(self.faults(undecided=1), [])
        self.assertEqual(self.said, ["1 deliveries were undecided"])

    def test_has_no_events_of_the_one_before(self):
        self.assertEqual(self.faults(), [])
        self.check("e1", "a round before")

    def test_has_no_events_that_the_one_before_refused(self):
        self.arrivals = {}
        self.assertEqual(self.faults(422), [])
        self.arrivals = {"e1": 1}
        self.check("e1", "a round before")

    def test_has_no_events_of_the_hostile_of_the_one_before(self):
        self.faults(hostile=[Line(next(iter(ATTACKS)), "own", "e2")])
        self.arrivals = {"e2": 1}
        self.check("e2", "a round before", status=503)

    def test_has_dead_letters_for_a_reason(self):
        self.letters = {"e2"}
        self.check("e2", "a dead letter for no reason")

    def test_keeps_what_nodes_have_in_flight(self):
        self.node.metrics = lambda: Metrics(
            b"mfo_events_received_total 7\nmfo_events_in_flight 7\n")
        this = self.a_round()
        this._scrape(self.node)
        [said] = self.world.journal.entries
        self.assertEqual((said.kind, said.who, said.value),
                         ("in flight", "node-a", 7))
        self.assertEqual(this._broken, [])


if __name__ == "__main__":
    unittest.main()
