// `mfo-node doctor` beside real nodes of a cluster.

#include "tests/integration/cluster/cluster_fixture.hpp"

#include <fmt/format.h>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class a_doctor_of_a_cluster : public a_cluster {
protected:
  /// What the check finds with the configuration of that node.
  std::vector<json> examine(const member& node) const {
    const auto got = run_at(
        node, {"doctor", "--only", "cluster", "--json", "--timeout", "10"});
    const auto said = json::parse(got.out, nullptr, false);
    if (!said.is_object()) {
      ADD_FAILURE() << got.out << got.err;
      return {};
    }
    EXPECT_EQ(got.status, said["failed"] > 0 ? 1 : 0) << got.out;
    return said["findings"].get<std::vector<json>>();
  }

  /// Writes the configuration of a node that is not started.
  member& add_only(const member_plan& plan) {
    auto& node = add(plan);
    write(node);
    return node;
  }

  /// The finding that has these words; null: there is none.
  static json that_tells(const std::vector<json>& all,
                         const std::string& words) {
    for (const auto& each : all)
      if (each["text"].get<std::string>().find(words) != std::string::npos)
        return each;
    ADD_FAILURE() << "nothing of " << words << " in " << json(all).dump(1);
    return json{{"verdict", ""}};
  }
};

TEST_F(a_doctor_of_a_cluster, finds_peers_good_and_is_nobodys_member) {
  start({{.name = "node-a"}, {.name = "node-b"}});
  auto& third = add_only({.name = "node-c"});
  const auto found = examine(third);
  EXPECT_EQ(that_tells(found, "node-a at 127.0.0.1")["verdict"], "ok");
  EXPECT_EQ(that_tells(found, "node-b at 127.0.0.1")["verdict"], "ok");
  EXPECT_EQ((*this)["node-a"].sees("node-c"), "");
  EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
}

TEST_F(a_doctor_of_a_cluster, does_not_disturb_the_node_that_runs) {
  start({{.name = "node-a"}, {.name = "node-b"}});
  const auto found = examine((*this)["node-b"]);
  EXPECT_EQ(that_tells(found, "node-a at")["verdict"], "ok");
  EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
  EXPECT_TRUE((*this)["node-b"].has_kept("node-a"));
  EXPECT_EQ((*this)["node-a"].post("/completed", "1").status, 202);
}

TEST_F(a_doctor_of_a_cluster, finds_a_peer_that_is_down) {
  add({.name = "node-a"});
  auto& second = add_only({.name = "node-b"});
  const auto found = examine(second);
  EXPECT_EQ(that_tells(found, "cannot connect")["verdict"], "failed");
}

TEST_F(a_doctor_of_a_cluster, finds_a_node_of_another_cluster) {
  start({{.name = "node-a"}});
  auto& second = add_only({.name = "node-b", .cluster = "market"});
  const auto found = examine(second);
  EXPECT_EQ(that_tells(found, "is of cluster \"market\"")["verdict"], "failed");
}

TEST_F(a_doctor_of_a_cluster, finds_certificates_of_another_authority) {
  start({{.name = "node-a"}});
  for (const auto& words :
       {std::vector<std::string>{"cluster", "init-ca", "--folder",
                                 folder / "other"},
        {"cluster", "issue", "node-b", "--folder", folder / "other"}})
    ASSERT_EQ(run(words).status, 0);
  auto& second = add_only({.name = "node-b", .certificates = folder / "other"});
  const auto found = examine(second);
  const auto about = that_tells(found, (*this)["node-a"].address());
  EXPECT_EQ(about["verdict"], "failed");
  EXPECT_THAT(about["remedy"].get<std::string>(),
              HasSubstr("of one authority"));
}

} // namespace
} // namespace mfo::integration
