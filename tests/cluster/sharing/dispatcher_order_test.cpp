// Events of one ordering key, on nodes that share work.

#include "cluster/rules/rendezvous.hpp"
#include "cluster/sharing/dispatcher.hpp"
#include "tests/cluster/sharing/work_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::work_node;
using test::work_nodes;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using where = placement::place;

struct nodes_in_order : testing::Test {
  nodes_in_order() {
    all.settle();
  }

  /// A key whose events are the node's to run; another one for another number.
  static std::string key_for(const std::string& node, int number = 0) {
    const std::vector<std::string> names{"a", "b"};
    for (int i = 0;; ++i) {
      auto key = std::to_string(number) + "/" + std::to_string(i);
      if (owner_of("orders\n" + key, names) == node)
        return key;
    }
  }

  placement place(work_node& at, const std::string& id,
                  const std::string& key) {
    return at.work.place(all.event(id, key), request, all.now);
  }

  /// The ids of what runs there, for whomever.
  static std::vector<std::string> running(const work_node& at) {
    std::vector<std::string> ids;
    for (const auto& each : at.runs)
      ids.push_back(each.event->id);
    for (const auto& each : at.came_back)
      ids.push_back(each->id);
    return ids;
  }

  void sweep_after(std::chrono::milliseconds time) {
    all.now += time;
    a.work.sweep(all.now);
    b.work.sweep(all.now);
    all.settle();
  }

  static std::optional<core::errc> error_of(work_node& at,
                                            const std::string& id) {
    EXPECT_THAT(at.answers[id], SizeIs(1)) << id;
    return at.answers[id].empty() ? std::nullopt : at.answers[id][0].error;
  }

  work_nodes all;
  work_node& a = all.add("a");
  work_node& b = all.add("b");
  placement_request request{.needed = role::runner};
};

using ids = std::vector<std::string>;

TEST_F(nodes_in_order, have_the_next_one_run_when_the_one_before_has_ended) {
  const auto key = key_for("b");
  for (const auto* id : {"1", "2", "3"})
    EXPECT_EQ(place(a, id, key).where, where::peer);
  EXPECT_EQ(a.moves[placement_reason::ordering_key], 1);
  EXPECT_EQ(a.work.in_line(), 2u);
  for (const auto* id : {"1", "2", "3"}) {
    all.settle();
    EXPECT_EQ(running(b), ids{id});
    b.finish_one();
  }
  all.settle();
  EXPECT_THAT(a.answers, SizeIs(3));
  EXPECT_EQ(a.work.in_line(), 0u);
  EXPECT_EQ(b.work.running(), 0u);
}

TEST_F(nodes_in_order, run_events_of_other_keys_meanwhile) {
  place(a, "1", key_for("b", 1));
  place(a, "2", key_for("b", 2));
  place(a, "3", key_for("a"));
  all.settle();
  EXPECT_EQ(running(b), (ids{"1", "2"}));
  EXPECT_EQ(running(a), ids{"3"});
  EXPECT_EQ(a.work.in_line(), 0u);
}

TEST_F(nodes_in_order, go_on_however_an_event_has_ended) {
  const auto key = key_for("a");
  place(a, "1", key);
  place(a, "2", key);
  a.finish_own(core::refused(core::errc::upstream_rejected));
  EXPECT_EQ(error_of(a, "1"), core::errc::upstream_rejected);
  EXPECT_EQ(running(a), ids{"2"});
}

TEST_F(nodes_in_order, run_one_at_a_time_whosever_they_are) {
  const auto key = key_for("b");
  place(b, "b1", key);
  place(a, "a1", key);
  place(a, "a2", key);
  place(b, "b2", key);
  all.settle();
  EXPECT_EQ(running(b), ids{"b1"});
  b.finish_own();
  EXPECT_EQ(running(b), ids{"a1"});
  b.finish_one();
  all.settle();
  EXPECT_EQ(running(b), ids{"b2"});
  b.finish_own();
  EXPECT_EQ(running(b), ids{"a2"});
  b.finish_one();
  all.settle();
  EXPECT_THAT(running(b), IsEmpty());
  EXPECT_EQ(a.work.in_line() + b.work.in_line(), 0u);
}

TEST_F(nodes_in_order, place_what_was_lost_before_anything_newer) {
  const auto key = key_for("b");
  place(a, "1", key);
  place(a, "2", key);
  all.settle();
  ASSERT_EQ(running(b), ids{"1"});
  all.unlink(a, b);
  all.tell_loads();
  sweep_after(100ms);
  place(a, "3", key);
  for (const auto* id : {"1", "2", "3"}) {
    EXPECT_EQ(running(a), ids{id});
    a.finish_own();
  }
}

TEST_F(nodes_in_order, do_not_run_later_what_they_had_not_begun_with) {
  const auto key = key_for("b");
  place(b, "b1", key);
  place(a, "a1", key);
  all.settle();
  all.unlink(a, b);
  EXPECT_EQ(running(a), ids{"a1"});
  b.finish_own();
  EXPECT_THAT(running(b), IsEmpty());
  EXPECT_EQ(b.work.running(), 0u);
}

TEST_F(nodes_in_order, wait_for_the_runner_to_have_room) {
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  request.require = {{"only", "b"}};
  for (std::size_t i = 0; i < work_window.events; ++i)
    place(a, "u" + std::to_string(i), "");
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(work_window.events));
  place(a, "1", "k");
  place(a, "2", "k");
  all.settle();
  EXPECT_EQ(a.work.waiting(), 1u);
  EXPECT_EQ(a.work.in_line(), 1u);
  while (b.runs.front().event->id != "1") {
    b.finish_one();
    all.settle();
    ASSERT_FALSE(b.runs.empty());
  }
  EXPECT_EQ(running(b), ids{"1"});
  b.finish_one();
  all.settle();
  EXPECT_EQ(running(b), ids{"2"});
}

TEST_F(nodes_in_order, refuse_one_more_than_may_wait) {
  const auto key = key_for("b");
  for (std::size_t i = 0; i <= 1'000; ++i)
    ASSERT_EQ(place(a, std::to_string(i), key).where, where::peer);
  const placement refused{.where = where::nowhere,
                          .reason = placement_reason::ordering_key};
  EXPECT_EQ(place(a, "more", key), refused);
  EXPECT_EQ(place(a, "other", key_for("b", 1)).where, where::peer);
}

TEST_F(nodes_in_order, give_up_what_waits_beyond_its_deadline) {
  const auto key = key_for("b");
  place(b, "b1", key); // of b, which takes its time
  place(a, "a1", key);
  place(a, "a2", key);
  all.settle();
  all.now += 4s;
  place(a, "a3", key);
  sweep_after(4s);
  EXPECT_EQ(error_of(a, "a1"), core::errc::upstream_timeout);
  EXPECT_EQ(error_of(a, "a2"), core::errc::upstream_timeout);
  b.finish_own();
  EXPECT_EQ(running(b), ids{"a3"});
}

TEST_F(nodes_in_order, wait_no_longer_for_what_is_not_heard_of_any_more) {
  const auto key = key_for("b");
  place(a, "a1", key);
  all.settle();
  place(b, "b1", key);
  ASSERT_EQ(running(b), ids{"a1"});
  all.now += 4s;
  place(a, "a2", key);
  sweep_after(5s);
  EXPECT_EQ(error_of(a, "a1"), core::errc::upstream_timeout);
  EXPECT_EQ(error_of(b, "b1"), core::errc::upstream_timeout);
  EXPECT_EQ(running(b), (ids{"a1", "a2"}));
  b.finish_one(); // too late
  EXPECT_EQ(running(b), ids{"a2"});
}

TEST_F(nodes_in_order, are_not_held_up_by_what_nobody_can_run) {
  request.require = {{"team", "crm"}};
  for (const auto* id : {"1", "2"})
    EXPECT_EQ(place(a, id, "k").where, where::nowhere);
  request.require = {};
  const auto key = key_for("a");
  request.needed = std::nullopt;
  EXPECT_EQ(place(a, "3", key).where, where::peer);
  EXPECT_EQ(running(a), ids{"3"});
}

TEST_F(nodes_in_order, answer_what_no_node_can_take_in_time) {
  all.unlink(a, b);
  all.labels["b"] = {{"only", "b"}};
  all.tell_loads();
  request.require = {{"only", "b"}};
  place(a, "1", "k");
  place(a, "2", "k");
  sweep_after(3s);
  EXPECT_EQ(error_of(a, "1"), core::errc::no_eligible_node);
  EXPECT_THAT(a.answers["2"], IsEmpty());
  all.link(a, b);
  all.tell_loads();
  sweep_after(100ms);
  EXPECT_EQ(running(b), ids{"2"});
}

TEST_F(nodes_in_order, run_them_here_when_all_drain) {
  for (auto& [name, load] : all.loads)
    load.draining = true;
  all.tell_loads();
  place(a, "1", "k");
  place(a, "2", "k");
  EXPECT_EQ(running(a), ids{"1"});
  a.finish_own();
  EXPECT_EQ(running(a), ids{"2"});
}

TEST_F(nodes_in_order, run_an_event_here_that_is_too_large_to_be_moved) {
  const auto key = key_for("b");
  const auto large = all.event("1", key);
  std::const_pointer_cast<core::event>(large)->envelope.resize(largest_moved);
  EXPECT_EQ(a.work.place(large, request, all.now).where, where::peer);
  EXPECT_EQ(running(a), ids{"1"});
  place(a, "2", key);
  a.finish_own();
  all.settle();
  EXPECT_EQ(running(b), ids{"2"});
}

TEST_F(nodes_in_order, place_again_what_the_runner_hands_back) {
  const auto key = key_for("b");
  b.knows_the_endpoint = false;
  place(a, "1", key);
  place(a, "2", key);
  all.settle();
  EXPECT_EQ(running(a), ids{"1"});
  b.knows_the_endpoint = true;
  a.finish_own();
  all.settle();
  EXPECT_EQ(running(b), ids{"2"});
}

} // namespace

} // namespace mfo::cluster
