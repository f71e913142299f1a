#include "tests/integration/cluster/cluster_fixture.hpp"

#include <string>

namespace mfo::integration {
namespace {

using testing::HasSubstr;

class a_reload_of_a_cluster : public a_cluster {
protected:
  /// Into its configuration, in the place of `before`.
  void put(std::string_view name, std::string_view before,
           std::string_view now) {
    const auto file = std::string{name} + ".yaml";
    auto text = read_file(folder / file);
    const auto at = text.find(before);
    ASSERT_NE(at, std::string::npos) << text;
    folder.write(file, text.replace(at, before.size(), now));
  }

  /// The same, and has the node take it.
  void reload(std::string_view name, std::string_view before,
              std::string_view now) {
    put(name, before, now);
    const auto got = (*this)[name].ask_admin("POST", "/api/v1/reload");
    ASSERT_EQ(got.status, 200) << got.body;
  }

  bool comes_to_one_generation(std::string_view name) {
    return wait_until([&] {
      return (*this)[name].sum("mfo_config_generations_in_use") == 1;
    });
  }
};

TEST_F(a_reload_of_a_cluster, has_events_of_a_new_endpoint_run_elsewhere) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"}});
  crowd before;
  set_faults(R"({"latency_ms":1000,"count":4})");
  before.post((*this)["node-a"], "/completed", 2);
  before.post((*this)["node-a"], "/replicated", 2);
  ASSERT_TRUE(wait_until([this] {
    return (*this)["node-b"].sum("mfo_upstream_calls_in_flight") == 4;
  }));
  for (const auto* name : {"node-b", "node-a"}) {
    reload(name, "path: /completed", "path: /done");
    reload(name, "max_in_flight: 64", "max_in_flight: 32");
  }
  crowd after;
  after.post((*this)["node-a"], "/done", 4);
  EXPECT_TRUE(has_all(after.ids()));
  EXPECT_TRUE(has_all(before.ids()));
  EXPECT_EQ((*this)["node-a"].post("/completed", "{}").status, 404);
  for (const auto* name : {"node-a", "node-b"})
    EXPECT_TRUE(comes_to_one_generation(name)) << name;
  EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
}

TEST_F(a_reload_of_a_cluster, does_not_change_who_a_node_is) {
  may_log_errors = true;
  start_three();
  put("node-a", "node_name: node-a", "node_name: node-x");
  put("node-a", "heartbeat: 200ms", "heartbeat: 300ms");
  const auto got = (*this)["node-a"].ask_admin("POST", "/api/v1/reload");
  EXPECT_EQ(got.status, 422) << got.body;
  EXPECT_THAT(got.body, HasSubstr("node_name: cannot change"));
  EXPECT_THAT(got.body, HasSubstr("cluster.heartbeat: cannot change"));
  EXPECT_TRUE(becomes_whole());
}

} // namespace
} // namespace mfo::integration
