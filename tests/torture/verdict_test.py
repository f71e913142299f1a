"""The oracle sees what is lost, and excuses only what the docs do."""

import pathlib
import tempfile
import types
import unittest

import torture_path  # noqa: F401

from oracle.causes import Causes
from oracle.logs import told_lost
from oracle.verdict import judge
from senders.steady import Way
from staging.records import Answer
from world.journal import Entry

T = 1_000_000  # ms


def answer(event="e1", status=202, due=T, latency_ms=10):
    return Answer(due, latency_ms * 1000, status, "-", event)


def verdict(promise, its, arrivals=(), dead=(), told=(), entries=(),
            **causes):
    return judge({Way("node-a", promise, promise): its},
                 dict.fromkeys(arrivals, 1) if not isinstance(arrivals, dict)
                 else arrivals, set(dead), set(told), list(entries), Causes(**causes))


def killed(who="node-a", at=T + 1000):
    return Entry(at, "killed", who)


def in_flight(count, at):
    return Entry(at, "in flight", "node-a", count)


def ended(who="node-a", at=T + 1000):
    return Entry(at, "ended", who)


class AnEventThatWasAcknowledged(unittest.TestCase):
    def test_is_at_the_server(self):
        for promise in ("completed", "received", "replicated"):
            found = verdict(promise, [answer()], ["e1"])
            self.assertEqual(found.faults, [])
            self.assertEqual(found.tallies[promise].delivered, 1)

    def test_and_is_nowhere_is_lost(self):
        for promise in ("completed", "received", "replicated"):
            found = verdict(promise, [answer()])
            self.assertEqual(found.tallies[promise].lost, 1)
            self.assertIn("e1", found.faults[0])

    def test_may_be_a_dead_letter_unless_it_is_said_to_be_completed(self):
        self.assertEqual(verdict("received", [answer()], dead=["e1"],
                                 letters=True).faults, [])
        self.assertEqual(len(verdict("completed", [answer()], dead=["e1"],
                                     letters=True).faults), 1)

    def test_is_a_dead_letter_for_a_reason(self):
        found = verdict("received", [answer()], dead=["e1", "e2"])
        self.assertEqual(found.faults, [
            f"{event}: a dead letter for no reason" for event in ("e1", "e2")])

    def test_as_completed_is_never_excused(self):
        found = verdict("completed", [answer()], entries=[killed()])
        self.assertEqual(found.tallies["completed"].lost, 1)

    def test_as_received_may_be_lost_with_its_node(self):
        found = verdict("received", [answer()], entries=[killed()])
        self.assertEqual(found.faults, [])
        self.assertEqual(found.tallies["received"].excused, 1)

    def test_as_received_is_lost_with_its_node_if_that_can_have_had_it(self):
        its = [answer(f"e{number}", due=T + number) for number in range(10)]
        rest = [f"e{number}" for number in range(3, 10)]
        # Of what came before it said what it had, it had one; three came since.
        for scraped, lost in ((T + 7 + 10, 0), (T + 8 + 10, 1)):
            found = verdict("received", its, [], entries=[
                in_flight(1, at=scraped), killed()])
            self.assertEqual(found.tallies["received"].excused,
                             3 + 1 - lost, scraped)
        found = verdict("received", its, rest, entries=[
            in_flight(2, at=T + 500), killed()])
        self.assertEqual(found.tallies["received"].excused, 2)
        self.assertEqual(found.tallies["received"].lost, 1)

    def test_as_received_is_lost_with_the_node_that_had_it(self):
        """And not with one of its name that was started after that."""
        found = verdict("received", [answer()], entries=[
            ended(), Entry(T + 2000, "gone", "node-a"),
            in_flight(1, at=T + 3000), killed(at=T + 4000)])
        self.assertEqual(found.tallies["received"].lost, 1)

    def test_as_received_may_be_lost_with_a_node_that_had_no_time_to_end(self):
        found = verdict("received", [answer()], entries=[
            ended(), killed(at=T + 2000), Entry(T + 2100, "gone", "node-a", -9)])
        self.assertEqual(found.tallies["received"].excused, 1)

    def test_as_received_may_be_lost_with_a_node_that_ran_out(self):
        found = verdict("received", [answer()],
                        entries=[Entry(T + 1000, "ran out", "node-a")])
        self.assertEqual(found.tallies["received"].excused, 1)

    def test_as_received_may_not_be_lost_with_another_node(self):
        found = verdict("received", [answer()], entries=[killed("node-b")])
        self.assertEqual(found.tallies["received"].lost, 1)

    def test_as_received_by_a_node_that_was_killed_before_is_lost(self):
        found = verdict("received", [answer()], entries=[killed(at=T - 5000)])
        self.assertEqual(found.tallies["received"].lost, 1)

    def test_as_received_may_be_lost_where_it_was_handed_to(self):
        found = verdict("received", [answer()],
                        entries=[ended(), killed("node-b", T + 4000)])
        self.assertEqual(found.tallies["received"].excused, 1)

    def test_as_received_is_done_where_it_was_handed_to_after_a_while(self):
        for at, holds_up, lost in ((T - 1000, False, 1), (T + 30_000, False, 1),
                                   (T + 30_000, True, 0)):
            found = verdict("received", [answer()], holds_up=holds_up, entries=[
                killed("node-b", at), ended()])
            self.assertEqual(found.tallies["received"].lost, lost)

    def test_as_replicated_outlives_its_node(self):
        found = verdict("replicated", [answer()], entries=[killed()])
        self.assertEqual(found.tallies["replicated"].lost, 1)

    def test_as_replicated_may_be_lost_with_two_nodes_at_once(self):
        found = verdict("replicated", [answer()],
                        entries=[killed(), killed("node-b", T + 1100)])
        self.assertEqual(found.tallies["replicated"].excused, 1)

    def test_as_replicated_outlives_two_nodes_one_after_the_other(self):
        found = verdict("replicated", [answer()],
                        entries=[killed(), killed("node-b", T + 30_000)])
        self.assertEqual(found.tallies["replicated"].lost, 1)

    def test_may_be_told_as_lost_by_a_node_that_stops_alone(self):
        self.assertEqual(verdict("received", [answer()], told=["e1"],
                                 entries=[ended()], harms_sinks=True).faults,
                         [])
        self.assertEqual(len(verdict("received", [answer()], told=["e1"],
                                     harms_sinks=True).faults), 1)

    def test_may_be_of_a_node_that_has_not_ended_though_it_was_told_to(self):
        for gone, lost in ((T + 9000, 0), (T - 1, 1)):
            found = verdict("received", [answer()], told=["e1"], entries=[
                ended(at=T - 5000), Entry(gone, "gone", "node-a")],
                harms_sinks=True)
            self.assertEqual(found.tallies["received"].lost, lost)

    def test_may_not_be_told_as_lost_where_all_sinks_are_well(self):
        found = verdict("received", [answer()], told=["e1"], entries=[ended()])
        self.assertEqual(found.tallies["received"].lost, 1)


class AnEventThatWasRefused(unittest.TestCase):
    def test_for_good_is_not_at_the_server(self):
        found = verdict("completed", [answer(status=422)], ["e1"])
        self.assertEqual(len(found.faults), 1)

    def test_for_now_may_be_there(self):
        for status in (409, 429, 503, 504):
            self.assertEqual(
                verdict("completed", [answer(status=status)], ["e1"]).faults, [])


class AnEventThatCameAgain(unittest.TestCase):
    def test_needs_a_reason(self):
        self.assertEqual(verdict("received", [answer()], {"e1": 2},
                                 repeats=True).faults, [])
        found = verdict("received", [answer()], {"e1": 2})
        self.assertEqual(len(found.faults), 1)
        self.assertEqual(found.tallies["received"].repeated, 1)

    def test_may_as_well_be_a_dead_letter(self):
        both = {"arrivals": ["e1"], "dead": ["e1"], "letters": True}
        self.assertEqual(verdict("received", [answer()], **both,
                                 repeats=True).faults, [])
        self.assertEqual(len(verdict("received", [answer()], **both).faults), 1)


class ALog(unittest.TestCase):
    def test_tells_what_its_node_has_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "node-a.log")
            log.write_text(  # as actors/letter_desk.cpp has it
                '{"time":"2026-11-30T16:35:28.457Z","level":"error","message":'
                '"event lost","event_id":"e1","endpoint":"received","reason":'
                '"upstream_unreachable","detail":"the node stops"}\n'
                '{"time":"2026-11-30T16:35:28.458Z","level":"warn","message":'
                '"event refused","event_id":"e2","endpoint":"received"}\n')
            nodes = [types.SimpleNamespace(name="node-a")]
            self.assertEqual(told_lost(nodes, log.parent), {"e1"})


if __name__ == "__main__":
    unittest.main()
