#include "tests/integration/cluster/cluster_fixture.hpp"

#include <fstream>

namespace mfo::integration {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using namespace std::chrono_literals;

TEST_F(a_networked_cluster, works_on_both_sides_of_a_cut_and_heals) {
  start_three();
  const auto before = incarnations();
  auto& alone = (*this)["node-c"];
  network->cut("node-c");
  ASSERT_TRUE(wait_until([&] {
    return (*this)["node-a"].sees("node-c") == "dead" &&
           (*this)["node-b"].sees("node-c") == "dead" &&
           alone.sees("node-a") == "dead" && alone.sees("node-b") == "dead";
  }));
  for (const auto& each : members)
    EXPECT_EQ(each.post("/completed", "1").status, 202);
  EXPECT_EQ((*this)["node-a"].post("/replicated", "1").status, 202);
  expect_problem(alone.post("/replicated", "1"), 503, "too_few_copies");
  network->heal("node-c");
  expect_to_heal(before);
  EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
  EXPECT_EQ(alone.post("/replicated", "1").status, 202);
}

TEST_F(a_networked_cluster, ends_elsewhere_what_a_node_had_that_is_cut_off) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"},
         {.name = "node-c", .roles = "runner, connector"}});
  const auto before = incarnations();
  set_faults(R"({"latency_ms":1500})");
  crowd at_work;
  at_work.post((*this)["node-a"], "/completed", 20);
  ASSERT_TRUE(wait_until([this] {
    return (*this)["node-c"].sum("mfo_cluster_events_of_peers") > 0;
  }));
  network->cut("node-c");
  const auto ids = at_work.ids();
  EXPECT_THAT(ids, SizeIs(20));
  EXPECT_TRUE(has_all(ids));
  network->heal("node-c");
  expect_to_heal(before);
}

/// What is sent to one of them is lost, and nothing says so.
TEST_F(a_networked_cluster, is_not_held_up_by_a_black_hole) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"},
         {.name = "node-c", .roles = "runner, connector"}});
  const auto before = incarnations();
  auto& sender = (*this)["node-a"];
  network->swallow("node-c");
  crowd at_work;
  at_work.post(sender, "/completed", 20);
  EXPECT_THAT(at_work.ids(), SizeIs(20));
  ASSERT_TRUE(wait_until([&] { return sender.sees("node-c") == "dead"; }));
  // Once it is known, nobody waits for it.
  const auto since = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(sender.post("/completed", std::to_string(i)).status, 202);
  EXPECT_LT(std::chrono::steady_clock::now() - since, 10s);
  EXPECT_EQ(sender.sees("node-b"), "alive");
  EXPECT_TRUE(sender.has_kept("node-b"));
  EXPECT_TRUE((*this)["node-b"].has_kept("node-a"));
  network->swallow_no_more("node-c");
  expect_to_heal(before);
}

TEST_F(a_networked_cluster, works_by_way_of_a_slow_link_that_loses_much) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"}});
  const auto before = incarnations();
  network->make_poor("node-b");
  crowd at_work;
  at_work.post((*this)["node-a"], "/completed", 50);
  const auto ids = at_work.ids();
  EXPECT_THAT(ids, SizeIs(50));
  EXPECT_TRUE(has_all(ids));
  expect_to_heal(before);
}

/// The number of the process in its own namespace, which is the last one.
std::string own_pid(const member& node) {
  std::ifstream status{"/proc/" + std::to_string(node.pid()) + "/status"};
  std::string last;
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("NSpid:"))
      last = line.substr(line.rfind('\t') + 1);
  return last;
}

/// Of these two, and of the host, CAF would make the number of a node.
TEST_F(a_networked_cluster, tells_two_nodes_apart_with_one_mac_and_one_pid) {
  const std::vector<std::string> names{"node-a", "node-b"};
  for (const auto& name : names)
    add({.name = name});
  for (auto& each : members)
    launch(each, {"/usr/bin/unshare", "--pid", "--fork", "--kill-child"});
  for (auto& each : members)
    ASSERT_TRUE(each.becomes_ready());
  for (const auto& each : members) {
    EXPECT_EQ(own_pid(each), "1");
    EXPECT_THAT(network->of(each.name()).run("/sbin/ip link show dev peers"),
                HasSubstr(node_network::mac_address));
  }
  EXPECT_TRUE(becomes_whole());
  for (auto& each : members)
    EXPECT_EQ(each.post("/replicated", "1").status, 202);
}

} // namespace
} // namespace mfo::integration
