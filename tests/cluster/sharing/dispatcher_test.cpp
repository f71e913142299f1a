#include "cluster/sharing/dispatcher.hpp"

#include "tests/cluster/sharing/work_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::work_node;
using test::work_nodes;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using where = placement::place;

core::outcome after(unsigned attempts) {
  core::outcome how;
  how.attempts = attempts;
  return how;
}

/// Two nodes, of which `a` has more to do than it wants.
struct two_nodes : testing::Test {
  two_nodes() {
    all.settle();
    keep_busy("a");
  }

  void keep_busy(const std::string& name) {
    all.loads[name] = {
        .queue_depth = 50, .in_flight = 100, .max_in_flight = 100};
    all.tell_loads();
  }

  placement place(const std::string& id) {
    return a.work.place(all.event(id), {.needed = role::runner}, all.now);
  }

  work_nodes all;
  work_node& a = all.add("a");
  work_node& b = all.add("b");
};

TEST_F(two_nodes, keep_work_where_it_came_in_while_there_is_little) {
  all.loads["a"] = {.queue_depth = 15, .max_in_flight = 100};
  all.tell_loads();
  EXPECT_EQ(place("1").where, where::here);
  EXPECT_EQ(a.work.away(), 0u);
}

TEST_F(two_nodes, give_work_to_the_one_that_has_less) {
  const auto placed = place("1");
  EXPECT_EQ(placed.where, where::peer);
  EXPECT_EQ(placed.peer, "b");
  EXPECT_EQ(a.moves[placement_reason::local_overloaded], 1);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(1));
  EXPECT_EQ(b.runs.front().event->id, "1");
  EXPECT_THAT(a.answers, IsEmpty());
  b.finish_one(after(3));
  all.settle();
  ASSERT_THAT(a.answers["1"], SizeIs(1));
  EXPECT_EQ(a.answers["1"].front().attempts, 3u);
  EXPECT_EQ(a.work.away(), 0u);
  EXPECT_EQ(b.work.running(), 0u);
}

TEST_F(two_nodes, send_what_comes_at_once_in_one_message) {
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(place(std::to_string(i)).where, where::peer);
  all.messages = 0;
  ASSERT_TRUE(all.deliver_one());
  EXPECT_EQ(all.messages, 1u);
  EXPECT_THAT(b.runs, SizeIs(60));
  all.settle();
  for (int i = 0; i < 60; ++i)
    b.finish_one();
  all.messages = 0;
  all.settle();
  EXPECT_THAT(a.answers, SizeIs(60));
  EXPECT_LE(all.messages, 3u);
}

TEST_F(two_nodes, send_no_more_than_was_granted) {
  // Else a would run some when b has as much to do.
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  const auto place_at_b = [&](const std::string& id) {
    return a.work.place(all.event(id), {.require = {{"only", "b"}}}, all.now)
        .peer;
  };
  std::size_t away = 0;
  while (place_at_b(std::to_string(away)) == "b") {
    ++away;
    all.settle();
    ASSERT_LE(away, work_window.events);
  }
  EXPECT_EQ(away, work_window.events);
  EXPECT_THAT(b.runs, SizeIs(work_window.events));
  while (!b.runs.empty())
    b.finish_one();
  all.settle();
  EXPECT_EQ(place_at_b("more"), "b");
  EXPECT_THAT(a.faults, IsEmpty());
  EXPECT_THAT(b.faults, IsEmpty());
}

TEST_F(two_nodes, take_work_back_from_a_peer_that_is_lost) {
  place("1");
  place("2");
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(2));
  all.unlink(a, b);
  EXPECT_THAT(a.came_back, SizeIs(2));
  EXPECT_EQ(a.work.away(), 0u);
}

TEST_F(two_nodes, take_work_back_from_a_peer_that_drains) {
  place("1");
  all.loads["b"].draining = true;
  all.tell_loads();
  all.settle();
  EXPECT_THAT(b.runs, IsEmpty());
  EXPECT_THAT(a.came_back, SizeIs(1));
}

TEST_F(two_nodes, take_work_back_from_a_peer_that_stops_before_its_end) {
  place("1");
  all.settle();
  b.finish_one(core::refused(core::errc::draining));
  all.settle();
  EXPECT_THAT(a.answers, IsEmpty());
  EXPECT_THAT(a.came_back, SizeIs(1));
}

TEST_F(two_nodes, take_work_back_that_the_peer_cannot_run) {
  b.knows_the_endpoint = false;
  place("1");
  all.settle();
  EXPECT_THAT(b.runs, IsEmpty());
  EXPECT_THAT(a.came_back, SizeIs(1));
  EXPECT_THAT(b.faults, IsEmpty());
}

TEST_F(two_nodes, take_work_back_from_a_peer_that_does_not_say_it_has_it) {
  place("1");
  all.now += 1s;
  a.work.sweep(all.now);
  EXPECT_THAT(a.came_back, IsEmpty());
  all.now += 2s;
  a.work.sweep(all.now);
  EXPECT_THAT(a.came_back, SizeIs(1));
}

TEST_F(two_nodes, answer_for_an_event_whose_time_is_up) {
  place("1");
  all.settle();
  all.now += 1min;
  a.work.sweep(all.now);
  ASSERT_THAT(a.answers["1"], SizeIs(1));
  EXPECT_EQ(a.answers["1"].front().error, core::errc::upstream_timeout);
  b.finish_one(); // too late
  all.settle();
  EXPECT_THAT(a.answers["1"], SizeIs(1));
}

TEST_F(two_nodes, say_when_nobody_can_run_an_event) {
  EXPECT_EQ(
      a.work.place(all.event("1"), {.require = {{"team", "crm"}}}, all.now)
          .where,
      where::nowhere);
}

TEST_F(two_nodes, let_an_event_wait_for_the_node_that_could_run_it) {
  all.unlink(a, b);
  const placement_request by_b{.require = {{"only", "b"}}};
  EXPECT_EQ(a.work.place(all.event("1"), by_b, all.now).where, where::nowhere);
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  EXPECT_EQ(a.work.place(all.event("2"), by_b, all.now).where, where::peer);
  EXPECT_EQ(a.work.waiting(), 1u);
  all.link(a, b);
  all.tell_loads();
  all.settle();
  a.work.sweep(all.now);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(1));
  EXPECT_EQ(a.work.waiting(), 0u);
}

TEST_F(two_nodes, do_not_run_again_what_had_ended_when_the_link_was_lost) {
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  a.work.place(all.event("1"), {.require = {{"only", "b"}}}, all.now);
  all.settle();
  b.finish_one(after(1));
  b.work.flush("a", all.now); // and that is lost with the link
  all.unlink(a, b);
  EXPECT_EQ(a.work.waiting(), 1u);
  all.link(a, b);
  all.settle();
  EXPECT_EQ(a.work.waiting(), 0u);
  ASSERT_THAT(a.answers["1"], SizeIs(1));
  EXPECT_EQ(a.answers["1"].front().attempts, 1u);
  EXPECT_THAT(b.runs, IsEmpty());
}

TEST_F(two_nodes, let_no_event_wait_for_longer_than_it_may) {
  all.unlink(a, b);
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  a.work.place(all.event("1"), {.require = {{"only", "b"}}}, all.now);
  all.now += 3s;
  a.work.sweep(all.now);
  ASSERT_THAT(a.answers["1"], SizeIs(1));
  EXPECT_EQ(a.answers["1"].front().error, core::errc::no_eligible_node);
}

TEST_F(two_nodes, give_new_events_away_while_they_drain) {
  a.work.drain();
  EXPECT_EQ(place("1").where, where::peer);
}

TEST_F(two_nodes, run_what_nobody_else_takes_also_while_they_drain) {
  all.loads["a"].draining = true;
  all.loads["b"].draining = true;
  all.tell_loads();
  EXPECT_EQ(place("1").where, where::here);
}

TEST_F(two_nodes, run_what_comes_back_also_while_they_drain) {
  place("1");
  all.loads["a"].draining = true;
  all.tell_loads();
  all.unlink(a, b);
  EXPECT_THAT(a.came_back, SizeIs(1));
}

TEST_F(two_nodes, close_the_link_to_one_that_talks_nonsense) {
  a.work.come("b", "nonsense", all.now);
  ASSERT_THAT(a.faults, SizeIs(1));
  EXPECT_THAT(a.faults.front(), testing::StartsWith("b: a work message "));
}

TEST_F(two_nodes, keep_an_event_that_is_too_large_to_be_moved) {
  const auto large = all.event("1");
  std::const_pointer_cast<core::event>(large)->envelope.resize(largest_moved);
  EXPECT_EQ(a.work.place(large, {.needed = role::runner}, all.now).where,
            where::here);
}

TEST_F(two_nodes, have_nothing_to_say_when_nothing_happens) {
  place("1");
  all.settle();
  b.finish_one();
  all.settle();
  all.messages = 0;
  for (int i = 0; i < 100; ++i) {
    all.now += 100ms;
    a.work.sweep(all.now);
    b.work.sweep(all.now);
    all.settle();
  }
  EXPECT_LE(all.messages, 2u);
}

} // namespace

} // namespace mfo::cluster
