#include "tests/integration/cluster/cluster_fixture.hpp"

#include "telemetry/metric_table.hpp"

#include <fmt/format.h>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

TEST_F(a_cluster, shows_the_same_members_from_each_of_its_nodes) {
  start_three();
  for (const auto& asked : members) {
    const auto text = run_at(asked, {"status"});
    EXPECT_EQ(text.status, 0) << text.err;
    EXPECT_THAT(text.out, HasSubstr("cluster shop, as " + asked.name() +
                                    " sees it: 3 of 3 members alive\n"));
    const auto got = run_at(asked, {"status", "--format", "json"});
    EXPECT_EQ(got.status, 0) << got.err;
    const auto shown = json::parse(got.out);
    EXPECT_EQ(shown["cluster"], "shop");
    EXPECT_EQ(shown["node"], asked.name());
    ASSERT_EQ(shown["members"].size(), 3u) << shown;
    for (const auto& each : shown["members"]) {
      const auto& its = (*this)[each["name"].get<std::string>()];
      EXPECT_EQ(each["self"], its.name() == asked.name());
      EXPECT_EQ(each["state"], "alive");
      EXPECT_EQ(each["address"], its.address());
      EXPECT_EQ(each["incarnation"], its.incarnation());
      EXPECT_EQ(each["roles"], json({"intake", "runner", "connector"}));
      EXPECT_THAT(text.out,
                  ContainsRegex(its.name() + ".* alive .* " + its.address()));
    }
  }
}

TEST_F(a_cluster, shows_itself_to_those_who_ask_by_http) {
  start({{.name = "node-a", .more = "  labels: {region: eu}\n"},
         {.name = "node-b", .roles = "runner, connector"}});
  const auto got = members.back().ask_admin("GET", "/api/v1/cluster");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("content-type"), "application/json");
  const auto seen = members.back().table();
  EXPECT_EQ(seen["node-a"]["labels"], json({{"region", "eu"}}));
  EXPECT_EQ(seen["node-a"]["linked"], true);
  EXPECT_EQ(seen["node-b"]["roles"], json({"runner", "connector"}));
  EXPECT_EQ(members.back().ask_admin("POST", "/api/v1/cluster").status, 405);
  EXPECT_EQ(members.back().ask_admin("GET", "/api/v1/cluster/node-a").status,
            404);
}

TEST_F(a_cluster, tells_of_its_members_in_the_health_of_each) {
  start_three();
  auto& asked = (*this)["node-a"];
  const auto health = [&] {
    return json::parse(asked.ask_admin("GET", "/health").body);
  };
  // Numbers are told a moment after the members are known.
  const auto comes_to_say = [&](const std::string& detail) {
    return wait_until(
        [&] { return health()["checks"]["cluster"]["detail"] == detail; });
  };
  EXPECT_TRUE(comes_to_say("3 alive, 0 suspect, 0 dead, 0 left; links to 2"));
  EXPECT_EQ(health()["status"], "ok");
  (*this)["node-c"].kill();
  EXPECT_TRUE(comes_to_say("2 alive, 0 suspect, 1 dead, 0 left; links to 1"));
  const auto ill = health();
  EXPECT_EQ(ill["status"], "degraded");
  EXPECT_EQ(ill["checks"]["cluster"]["status"], "failing");
  EXPECT_TRUE(asked.is_ready());
}

TEST_F(a_cluster, has_each_node_tell_how_its_peers_are) {
  start_three();
  auto& asked = (*this)["node-a"];
  const auto peer = [&](std::string_view name) {
    const auto health = json::parse(asked.ask_admin("GET", "/health").body);
    for (const auto& each : health["dependencies"])
      if (each["kind"] == "peer" && each["name"] == name)
        return each;
    return json{};
  };
  EXPECT_EQ(peer("node-a"), json{}) << "no peer of itself";
  EXPECT_TRUE(
      wait_until([&] { return peer("node-b").contains("last_success"); }));
  const auto known = peer("node-b");
  EXPECT_EQ(known["up"], true);
  EXPECT_GT(known["latency_ms"].get<double>(), 0);
  EXPECT_GT(known["certificate_days_left"].get<double>(), 0);
  (*this)["node-b"].kill();
  EXPECT_TRUE(wait_until([&] { return peer("node-b")["up"] == false; }));
  EXPECT_EQ(peer("node-c")["up"], true);
}

/// A node that only takes events in, and two that deliver them.
TEST_F(a_cluster, has_a_sample_of_each_of_its_metrics) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b"},
         {.name = "node-c"}});
  auto& asked = (*this)["node-a"];
  EXPECT_EQ(asked.post("/completed", "1").status, 202);
  EXPECT_EQ(asked.post("/replicated", "2").status, 202);
  EXPECT_EQ((*this)["node-b"].post("/replicated", "3").status, 202);
  std::string page;
  ASSERT_TRUE(wait_until([&] { // some numbers are told a moment later
    page = asked.metrics();
    return sum_of(page, "mfo_cluster_replications_total", "begun") == 1 &&
           sum_of(page, "mfo_cluster_links") == 2;
  })) << page;
  int found = 0;
  for (const auto& each : telemetry::all_metrics) {
    const std::string name{each.name};
    if (!name.starts_with("mfo_cluster_"))
      continue;
    ++found;
    EXPECT_THAT(page, ContainsRegex("\n" + name + "[{ ]"));
  }
  EXPECT_GE(found, 19);
  EXPECT_EQ(sum_of(page, "mfo_cluster_members", "state=\"alive\""), 3);
  EXPECT_EQ(sum_of(page, "mfo_cluster_members"), 3);
  EXPECT_EQ(sum_of(page, "mfo_cluster_events_moved_total", "reason=\"role\""),
            2);
  EXPECT_EQ(sum_of(page, "mfo_cluster_events_moved_total"), 2);
  EXPECT_EQ(sum_of(page, "mfo_cluster_events_taken_total"), 0);
  EXPECT_GT(sum_of(page, "mfo_cluster_bytes_total", "sent"), 0);
  EXPECT_GT(sum_of(page, "mfo_cluster_bytes_total", "received"), 0);
  EXPECT_EQ(sum_of(page, "mfo_cluster_bad_messages_total"), 0);
  EXPECT_EQ(sum_of(page, "mfo_cluster_take_overs_total"), 0);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  EXPECT_GT(sum_of(page, "mfo_cluster_certificate_expiry_timestamp_seconds"),
            static_cast<double>(now.count()));
  // Node-b runs its own one by itself, or not.
  EXPECT_EQ((*this)["node-b"].sum("mfo_cluster_events_taken_total") +
                (*this)["node-c"].sum("mfo_cluster_events_taken_total"),
            2 + (*this)["node-b"].sum("mfo_cluster_events_moved_total"));
}

} // namespace
} // namespace mfo::integration
