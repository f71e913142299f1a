#include "cluster/hub/hub.hpp"

#include "tests/cluster/hub/hub_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::cluster::test {

namespace {

using support::wait_until;
using testing::Contains;
using testing::HasSubstr;

constexpr role_set intake_only{role::intake};
constexpr role_set connector_only{role::connector};

bool joined(const hub_node& one, const std::string& name) {
  return wait_until([&] { return one.is_linked_to(name); });
}

} // namespace

TEST(a_hub, finds_another_by_a_seed) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  EXPECT_TRUE(joined(a, "b"));
  EXPECT_TRUE(joined(b, "a"));
}

TEST(a_hub, finds_all_others_by_one_of_them) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  hub_node c{{.name = "c", .seeds = {a.address()}}};
  EXPECT_TRUE(joined(b, "c"));
  EXPECT_TRUE(joined(c, "b"));
}

TEST(a_hub, does_not_mind_itself_among_the_seeds) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  hub_node c{{.name = "c", .seeds = {a.address(), b.address()}}};
  EXPECT_TRUE(joined(a, "c"));
}

TEST(a_hub, is_refused_by_another_cluster_and_both_say_why) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}, .cluster = "bank"}};
  EXPECT_TRUE(wait_until([&] { return !a.log().empty() && !b.log().empty(); }));
  EXPECT_THAT(a.log(), Contains(HasSubstr("other-cluster")));
  EXPECT_THAT(b.log(), Contains(HasSubstr("other-cluster")));
}

TEST(a_hub, runs_an_event_here_where_nothing_speaks_against_it) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  EXPECT_TRUE(a.run("1").delivered());
  EXPECT_EQ(a.runner().runs, 1);
  EXPECT_EQ(b.runner().runs, 0);
}

TEST(a_hub, has_an_event_run_by_the_node_that_has_the_role) {
  hub_node a{{.name = "a", .roles = intake_only}};
  hub_node b{{.name = "b", .roles = connector_only, .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  const auto how = a.run("1");
  EXPECT_TRUE(how.delivered()) << how.detail;
  EXPECT_EQ(a.runner().runs, 0);
  EXPECT_EQ(b.runner().runs, 1);
}

TEST(a_hub, refuses_an_event_that_no_node_can_run) {
  hub_node a{{.name = "a", .roles = intake_only}};
  const auto how = a.run("1");
  EXPECT_EQ(how.error, core::errc::no_eligible_node);
}

TEST(a_hub, gives_events_away_when_much_waits_here) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  a.queued = 1'000;
  // As soon as b has said how much it takes.
  EXPECT_TRUE(wait_until([&] {
    EXPECT_TRUE(a.run("1").delivered());
    return b.runner().runs > 0;
  }));
  EXPECT_EQ(a.report().moves(placement_reason::local_overloaded), 1u);
}

TEST(a_hub, has_an_event_run_elsewhere_when_its_node_is_gone) {
  hub_node a{{.name = "a", .roles = intake_only}};
  auto b = std::make_unique<hub_node>(hub_node::options{
      .name = "b", .roles = connector_only, .seeds = {a.address()}});
  ASSERT_TRUE(joined(a, "b"));
  b->runner().holds = true;
  a.give("1");
  ASSERT_TRUE(wait_until([&] { return b->runner().runs == 1; }));
  hub_node c{{.name = "c", .roles = connector_only, .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "c"));
  b->stop();
  EXPECT_TRUE(wait_until([&] { return c.runner().runs == 1; }));
}

TEST(a_hub, sees_that_another_is_gone) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  b.stop();
  EXPECT_TRUE(wait_until([&] { return a.sees("b") == member_state::dead; }));
}

TEST(a_hub, says_good_bye_when_it_leaves) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  ASSERT_TRUE(joined(b, "a"));
  caf::anon_send(b.actor(), leave_atom::value);
  EXPECT_TRUE(wait_until([&] { return a.sees("b") == member_state::left; }));
  EXPECT_TRUE(wait_until([&] { return b.report().left.load(); }));
}

TEST(a_hub, gets_no_new_work_while_it_drains) {
  hub_node a{{.name = "a", .roles = intake_only}};
  hub_node b{{.name = "b", .roles = connector_only, .seeds = {a.address()}}};
  hub_node c{{.name = "c", .roles = connector_only, .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  ASSERT_TRUE(joined(a, "c"));
  caf::anon_send(b.actor(), drain_atom::value);
  ASSERT_TRUE(wait_until([&] { return a.sees_draining("b"); }));
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(a.run(std::to_string(i)).delivered());
  EXPECT_EQ(b.runner().runs, 0);
  EXPECT_EQ(c.runner().runs, 10);
}

TEST(a_hub, passes_on_that_a_member_is_asked_to_drain) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  caf::anon_send(a.actor(), drain_atom::value, std::string{"b"});
  EXPECT_TRUE(wait_until([&] { return b.drains_asked == 1; }));
  EXPECT_EQ(a.drains_asked, 0);
}

TEST(a_hub, welcomes_a_node_that_was_started_again) {
  hub_node a{{.name = "a"}};
  auto b = std::make_unique<hub_node>(
      hub_node::options{.name = "b", .seeds = {a.address()}});
  ASSERT_TRUE(joined(a, "b"));
  b->stop();
  ASSERT_TRUE(wait_until([&] { return !a.is_linked_to("b"); }));
  hub_node again{{.name = "b", .seeds = {a.address()}}};
  EXPECT_TRUE(joined(a, "b"));
}

TEST(a_hub, has_an_event_acknowledged_once_another_node_holds_it) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  a.replicates = true;
  a.runner().holds = true;
  a.give("1");
  EXPECT_TRUE(wait_until([&] { return a.acknowledged == 1; }));
  EXPECT_TRUE(wait_until([&] { return b.report().copies.held.load() == 1; }));
}

TEST(a_hub, lets_a_copy_go_when_the_event_has_ended) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  a.replicates = true;
  a.runner().holds = true;
  a.give("1");
  ASSERT_TRUE(wait_until([&] { return b.report().copies.held.load() == 1; }));
  caf::anon_send(a.actor(), settled_atom::value, std::string{"1"});
  EXPECT_TRUE(wait_until([&] { return b.report().copies.held.load() == 0; }));
}

TEST(a_hub, refuses_an_event_that_too_few_nodes_can_hold) {
  hub_node a{{.name = "a"}};
  a.replicates = true;
  EXPECT_EQ(a.run("1").error, core::errc::too_few_copies);
}

TEST(a_hub, takes_an_event_over_whose_node_is_gone) {
  auto a = std::make_unique<hub_node>(hub_node::options{.name = "a"});
  hub_node b{{.name = "b", .seeds = {a->address()}}};
  ASSERT_TRUE(joined(*a, "b"));
  a->replicates = true;
  a->runner().holds = true;
  a->give("1");
  ASSERT_TRUE(wait_until([&] { return a->acknowledged == 1; }));
  a->stop();
  EXPECT_TRUE(wait_until([&] { return b.taken_over == 1; }));
  EXPECT_TRUE(wait_until([&] { return b.runner().runs == 1; }));
  caf::anon_send(b.actor(), settled_atom::value, std::string{"1"});
  EXPECT_TRUE(wait_until([&] { return b.report().copies.held.load() == 0; }));
}

TEST(a_hub, hands_an_event_over_that_its_peer_runs_once_it_has_left) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  caf::anon_send(a.actor(), drain_atom::value);
  caf::anon_send(a.actor(), hand_over_atom::value,
                 core::event_ptr{a.event("1")});
  ASSERT_TRUE(wait_until([&] { return a.handed_over == 1; }));
  EXPECT_EQ(b.taken_over, 0) << "while the other is there";
  caf::anon_send(a.actor(), leave_atom::value);
  EXPECT_TRUE(wait_until([&] { return b.runner().runs == 1; }));
  caf::anon_send(b.actor(), settled_atom::value, std::string{"1"});
  EXPECT_TRUE(wait_until([&] { return b.report().copies.held.load() == 0; }));
}

/// `a` has an event, which `b` holds a copy of.
struct a_hub_whose_peer_holds_an_event : testing::Test {
  void SetUp() override {
    ASSERT_TRUE(joined(a, "b"));
    a.replicates = true;
    a.runner().holds = true;
    event = a.give("1");
    ASSERT_TRUE(wait_until([&] { return a.acknowledged == 1; }));
  }

  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  core::event_ptr event{};
};

TEST_F(a_hub_whose_peer_holds_an_event, leaves_it_to_the_peer) {
  caf::anon_send(a.actor(), hand_over_atom::value, event);
  EXPECT_TRUE(wait_until([&] { return a.handed_over == 1; }));
}

TEST_F(a_hub_whose_peer_holds_an_event,
       does_not_leave_it_to_one_that_stops_as_well) {
  caf::anon_send(b.actor(), drain_atom::value);
  ASSERT_TRUE(wait_until([&] { return a.sees_draining("b"); }));
  caf::anon_send(a.actor(), hand_over_atom::value, event);
  EXPECT_TRUE(wait_until([&] { return a.kept == 1; }));
}

TEST_F(a_hub_whose_peer_holds_an_event, lets_copies_go_before_both_leave) {
  for (const auto* id : {"2", "3"})
    a.give(id);
  ASSERT_TRUE(wait_until([&] { return a.acknowledged == 3; }));
  caf::anon_send(b.actor(), drain_atom::value);
  ASSERT_TRUE(wait_until([&] { return a.sees_draining("b"); }));
  for (const auto* id : {"1", "2", "3"})
    caf::anon_send(a.actor(), settled_atom::value, std::string{id});
  caf::anon_send(a.actor(), leave_atom::value);
  ASSERT_TRUE(wait_until([&] { return b.sees("a") == member_state::left; }));
  EXPECT_TRUE(wait_until([&] { return b.report().copies.held.load() == 0; }));
  EXPECT_EQ(b.taken_over, 0);
}

TEST_F(a_hub_whose_peer_holds_an_event,
       has_told_of_it_once_that_takes_no_more) {
  caf::anon_send(b.actor(), drain_atom::value);
  ASSERT_TRUE(wait_until([&] { return b.report().draining.load(); }));
  EXPECT_EQ(b.report().copies.held, 1u);
}

TEST(a_hub, keeps_an_event_that_nobody_takes) {
  hub_node a{{.name = "a"}};
  caf::anon_send(a.actor(), hand_over_atom::value,
                 core::event_ptr{a.event("1")});
  EXPECT_TRUE(wait_until([&] { return a.kept == 1; }));
}

TEST(a_hub, knows_a_delivery_again_that_another_node_took) {
  hub_node a{{.name = "a", .dedup = true}};
  hub_node b{{.name = "b", .seeds = {a.address()}, .dedup = true}};
  ASSERT_TRUE(joined(a, "b"));
  ASSERT_TRUE(joined(b, "a"));
  // Some are owned by the one, some by the other.
  for (const auto* id : {"1", "2", "3", "4", "5", "6"}) {
    a.runner().runs = 0;
    const auto first = a.give(id);
    ASSERT_TRUE(wait_until([&] { return a.runner().runs == 1; }));
    EXPECT_EQ(b.run(id).error, core::errc::in_progress) << id;
    caf::anon_send(a.actor(), settle_atom::value, first,
                   core::delivery_end::taken);
    EXPECT_TRUE(wait_until([&] {
      return b.run(id).error == core::errc::duplicate;
    })) << id;
  }
}

TEST(a_hub, lets_a_delivery_come_again_that_failed) {
  hub_node a{{.name = "a", .dedup = true}};
  hub_node b{{.name = "b", .seeds = {a.address()}, .dedup = true}};
  ASSERT_TRUE(joined(a, "b"));
  ASSERT_TRUE(joined(b, "a"));
  const auto first = a.give("1");
  ASSERT_TRUE(wait_until([&] { return a.runner().runs == 1; }));
  caf::anon_send(a.actor(), settle_atom::value, first,
                 core::delivery_end::failed);
  EXPECT_TRUE(wait_until([&] { return b.run("1").delivered(); }));
}

TEST(a_hub, fires_a_tick_of_a_schedule_on_one_node) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(joined(a, "b"));
  ASSERT_TRUE(joined(b, "a"));
  const std::chrono::milliseconds at{std::chrono::hours{24 * 365 * 50}};
  for (int i = 0; i < 10; ++i)
    for (auto* node : {&a, &b})
      caf::anon_send(node->actor(), due_atom::value,
                     "nightly/" + std::to_string(i), at);
  EXPECT_TRUE(wait_until([&] { return a.fired + b.fired == 10; }));
  EXPECT_GT(a.fired, 0);
  EXPECT_GT(b.fired, 0);
}

} // namespace mfo::cluster::test
