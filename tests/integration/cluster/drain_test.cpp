#include "tests/integration/cluster/cluster_fixture.hpp"

#include <csignal>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

/// A node that is about to go says so first.
class a_cluster_of_two : public a_cluster {
protected:
  void start_two() {
    start({{.name = "node-a"}, {.name = "node-b"}});
  }

  member& stays() {
    return members.front();
  }
  member& goes() {
    return members.back();
  }

  /// At the node that goes, whatever else is there.
  void put_one_in_flight() {
    set_faults(R"({"latency_ms":2000})");
    at_work.post(goes(), "/completed", 1);
    ASSERT_TRUE(
        wait_until([&] { return goes().sum("mfo_events_in_flight") == 1; }));
  }

  crowd at_work;
};

TEST_F(a_cluster_of_two, drains_a_node_when_another_is_asked_to) {
  start_two();
  put_one_in_flight();
  const auto drained = run_at(stays(), {"drain", "node-b", "--wait"});
  EXPECT_EQ(drained.status, 0) << drained.err;
  EXPECT_EQ(drained.out, "node-b has drained\n");
  EXPECT_THAT(at_work.ids(), SizeIs(1));
  EXPECT_TRUE(wait_until([&] {
    return goes().sum("mfo_cluster_events_of_peers") +
               goes().sum("mfo_events_in_flight") ==
           0;
  }));
  EXPECT_TRUE(goes().runs());
  EXPECT_EQ(goes().ask_admin("GET", "/health/live").status, 200);
  EXPECT_EQ(goes().ask_admin("GET", "/health/ready").status, 503);
  expect_problem(goes().post("/completed", "2"), 503, "draining");
  EXPECT_EQ(stays().table()["node-b"]["draining"], true);
  EXPECT_THAT(run_at(stays(), {"status"}).out, HasSubstr("alive, draining"));
  EXPECT_TRUE(stays().is_ready());
  server->clear_faults();
  const auto taken = goes().sum("mfo_cluster_events_taken_total");
  EXPECT_EQ(stays().post("/completed", "3").status, 202);
  EXPECT_EQ(goes().sum("mfo_cluster_events_taken_total"), taken);
}

TEST_F(a_cluster_of_two, drains_a_node_when_asked_to_by_http) {
  start_two();
  const auto asked = stays().ask_admin("POST", "/api/v1/cluster/node-b/drain");
  EXPECT_EQ(asked.status, 202);
  EXPECT_EQ(json::parse(asked.body),
            json({{"node", "node-b"}, {"draining", true}}));
  EXPECT_TRUE(wait_until([&] { return !goes().is_ready(); }));
  EXPECT_TRUE(wait_until(
      [&] { return stays().table()["node-b"]["draining"] == true; }));
  EXPECT_THAT(goes().logged("drain asked for"), SizeIs(1));
  const auto as_program = run_at(stays(), {"drain", "node-b", "--json"});
  EXPECT_EQ(as_program.status, 0) << as_program.err;
  EXPECT_EQ(json::parse(as_program.out)["draining"], true);
}

TEST_F(a_cluster_of_two, has_nobody_of_another_name_to_drain) {
  start_two();
  EXPECT_EQ(stays().ask_admin("POST", "/api/v1/cluster/nobody/drain").status,
            404);
  const auto asked = stays().ask_admin("GET", "/api/v1/cluster/node-b/drain");
  EXPECT_EQ(asked.status, 405);
  EXPECT_EQ(asked.header("allow"), "POST");
  const auto drained = run_at(stays(), {"drain", "nobody"});
  EXPECT_EQ(drained.status, 1);
  EXPECT_THAT(drained.err, HasSubstr("There is no such member"));
  EXPECT_TRUE(goes().is_ready());
}

TEST_F(a_cluster_of_two, hears_of_a_stop_before_anything_ends) {
  start_two();
  put_one_in_flight();
  goes().signal(SIGTERM);
  ASSERT_TRUE(wait_until([&] { return !goes().is_ready(); }));
  EXPECT_TRUE(wait_until(
      [&] { return stays().table()["node-b"]["draining"] == true; }));
  EXPECT_EQ(stays().sees("node-b"), "alive") << "there is work left to do";
  expect_problem(goes().post("/completed", "2"), 503, "draining");
  EXPECT_THAT(at_work.ids(), SizeIs(1));
  server->clear_faults();
  EXPECT_EQ(goes().process().wait(), 0);
  EXPECT_TRUE(wait_until([&] { return stays().sees("node-b") == "left"; }));
  const auto changes = stays().logged("member changed");
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.back()["node"], "node-b");
  EXPECT_EQ(changes.back()["to"], "left");
  EXPECT_EQ(stays().post("/completed", "3").status, 202);
}

TEST_F(a_cluster_of_two, goes_on_with_what_a_stopping_node_has_not_done) {
  start(
      {{.name = "node-a"}, {.name = "node-b", .more = "drain_timeout: 1s\n"}});
  set_faults(R"({"silent":true})");
  at_work.post(goes(), "/received", 5);
  at_work.post(goes(), "/replicated", 5);
  const auto ids = at_work.ids();
  ASSERT_THAT(ids, SizeIs(10));
  EXPECT_EQ(goes().stop(), 0) << "nothing is lost, so nothing is amiss";
  EXPECT_THAT(goes().logged("event handed over"), SizeIs(10));
  server->clear_faults();
  EXPECT_TRUE(wait_until([&] { return has_all(ids); }));
}

TEST_F(a_cluster_of_two, is_left_by_none_before_others_have_its_copies) {
  start({{.name = "node-a"},
         {.name = "node-b", .more = "drain_timeout: 1s\n"},
         {.name = "node-c", .more = "drain_timeout: 1s\n"}});
  set_faults(R"({"silent":true})");
  at_work.post((*this)["node-a"], "/replicated", 1);
  const auto ids = at_work.ids();
  ASSERT_THAT(ids, SizeIs(1));
  const auto holds = [this](std::string_view name) {
    return (*this)[name].sum("mfo_cluster_copies_held") == 1;
  };
  // It is told a moment later.
  ASSERT_TRUE(wait_until([&] { return holds("node-b") || holds("node-c"); }));
  const bool first = holds("node-b");
  auto& holder = (*this)[first ? "node-b" : "node-c"];
  auto& other = (*this)[first ? "node-c" : "node-b"];
  EXPECT_EQ(holder.stop(), 0);
  EXPECT_TRUE(wait_until([&] { return holds(other.name()); }));
  (*this)["node-a"].kill();
  server->clear_faults();
  EXPECT_TRUE(wait_until([&] { return has_all(ids); }));
}

} // namespace
} // namespace mfo::integration
