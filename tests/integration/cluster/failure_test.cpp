#include "tests/integration/cluster/cluster_fixture.hpp"

#include <fmt/format.h>

#include <csignal>

namespace mfo::integration {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

/// One takes events in, two deliver them, until something happens to one.
class a_cluster_of_which_one_fails : public a_networked_cluster {
protected:
  void start_specialised() {
    start({{.name = "node-a", .roles = "intake"},
           {.name = "node-b", .roles = "runner, connector"},
           {.name = "node-c", .roles = "runner, connector"}});
  }

  /// Events of senders of node-a, which are with the others for a while.
  void put_some_at_work() {
    set_faults(R"({"latency_ms":1500})");
    at_work.post((*this)["node-a"], "/completed", 20);
    ASSERT_TRUE(wait_until(
        [this] { return victim().sum("mfo_cluster_events_of_peers") > 0; }));
  }

  /// What the senders are told: that all went well. It is true, too.
  void expect_all_to_end_well() {
    const auto ids = at_work.ids();
    EXPECT_THAT(ids, SizeIs(20));
    EXPECT_TRUE(has_all(ids));
    EXPECT_GT((*this)["node-a"].sum("mfo_cluster_events_moved_total",
                                    "reason=\"peer_lost\""),
              0);
  }

  member& victim() {
    return (*this)["node-b"];
  }

  crowd at_work;
};

TEST_F(a_cluster_of_which_one_fails, ends_elsewhere_what_a_killed_node_had) {
  start_specialised();
  put_some_at_work();
  if (HasFatalFailure())
    return;
  victim().kill();
  expect_all_to_end_well();
  EXPECT_TRUE(wait_until([this] {
    return (*this)["node-a"].sees("node-b") == "dead" &&
           (*this)["node-c"].sees("node-b") == "dead";
  }));
}

TEST_F(a_cluster_of_which_one_fails, ends_elsewhere_what_a_stopped_node_had) {
  start_specialised();
  const auto before = incarnations();
  put_some_at_work();
  if (HasFatalFailure())
    return;
  const auto resident = (*this)["node-a"].resident();
  victim().signal(SIGSTOP);
  expect_all_to_end_well();
  EXPECT_TRUE(wait_until(
      [this] { return (*this)["node-a"].sees("node-b") == "dead"; }));
  EXPECT_LT((*this)["node-a"].resident(), resident + (64u << 20));
  victim().signal(SIGCONT);
  expect_to_heal(before);
}

TEST_F(a_cluster_of_which_one_fails, knows_one_that_is_back_on_its_port) {
  start_specialised();
  const auto before = victim().incarnation();
  victim().kill();
  victim().launch_again();
  ASSERT_TRUE(victim().becomes_ready());
  EXPECT_TRUE(becomes_whole(10s));
  EXPECT_GT(victim().incarnation(), before);
  // It is given work, as before.
  EXPECT_TRUE(wait_until([this] {
    EXPECT_EQ((*this)["node-a"].post("/completed", "1").status, 202);
    return victim().sum("mfo_cluster_events_taken_total") > 0;
  }));
}

/// Whose sender saw no answer, and sends it again.
TEST_F(a_cluster_of_which_one_fails, takes_again_what_a_killed_node_alone_had) {
  start_three();
  set_faults(R"({"silent":true})");
  std::vector<std::string> ids;
  // So many that each node owns some.
  const auto post = [](const member& to, int number) {
    return to.post("/received", "1",
                   {{"X-Delivery", fmt::format("delivery-{}", number)}});
  };
  for (int i = 0; i < 12; ++i) {
    const auto got = post((*this)["node-a"], i);
    ASSERT_EQ(got.status, 202) << got.body;
    ids.push_back(event_id(got));
  }
  EXPECT_EQ(post((*this)["node-a"], 1).status, 200) << "it has it";
  expect_problem(post((*this)["node-b"], 1), 409, "in_progress");
  (*this)["node-a"].kill();
  server->clear_faults();
  for (int i = 0; i < 12; ++i) {
    answer again;
    EXPECT_TRUE(wait_until([&] {
      again = post((*this)["node-b"], i);
      return again.status != 409;
    }));
    EXPECT_EQ(again.status, 202) << again.body;
  }
  EXPECT_TRUE(wait_until([&] { return has_all(ids); }));
}

TEST_F(a_cluster_of_which_one_fails, delivers_what_a_killed_node_had_promised) {
  start_three();
  set_faults(R"({"silent":true})");
  const auto got = (*this)["node-a"].post("/replicated", "1");
  ASSERT_EQ(got.status, 202) << got.body;
  EXPECT_EQ(nlohmann::json::parse(got.body)["status"], "replicated");
  (*this)["node-a"].kill();
  server->clear_faults();
  const auto id = event_id(got);
  ASSERT_TRUE(wait_until([&] { return has_all({id}); }));
  EXPECT_EQ((*this)["node-b"].sum("mfo_cluster_take_overs_total") +
                (*this)["node-c"].sum("mfo_cluster_take_overs_total"),
            1);
  // Who took it over says whose it was.
  int tell_of_it = 0;
  std::string told;
  for (const auto* name : {"node-b", "node-c"}) {
    const auto asked = (*this)[name].ask_admin("GET", "/api/v1/events/" + id);
    told += asked.body + '\n';
    if (asked.status != 200)
      continue;
    const auto story = nlohmann::json::parse(asked.body);
    for (const auto& each : story["events"])
      tell_of_it += each.value("from", "") == "node-a" ? 1 : 0;
  }
  EXPECT_GE(tell_of_it, 1) << told;
}

} // namespace
} // namespace mfo::integration
