// A cluster in which each node has its own role: who runs taskflows has no way
// to the server, nor its token.

#include "tests/integration/fixture.hpp"

#include <array>
#include <csignal>
#include <future>
#include <map>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view flow = R"(
workflow_name: w
global_configs: {secrets: {hook: {env: WEBHOOK_SECRET}}}
triggers:
- id: hook
  type: webhook
  config: {http_path: /webhook, secret_ref: hook, signature: {scheme: hmac}}
  target_taskflow: main
taskflows:
- taskflow_id: main
  tasks:
  - {id: keep, type: mfo_api_memory_store, config: {key: last, value: INPUT.name}}
  - {id: done, type: forward_event, depends_on: keep, config: {type: name.kept, payload: {name: INPUT.name}}}
)";

class nodes_with_roles : public testing::Test {
protected:
  void SetUp() override {
    folder.write("flow.yaml", flow);
    devserver::options settings;
    settings.token = "the-servers-token";
    server = std::make_unique<devserver::server>(std::move(settings));
    ASSERT_TRUE(server->start());
  }

  void TearDown() override {
    for (auto& [name, node] : nodes_)
      if (!node.program->wait(std::chrono::milliseconds{0})) {
        node.program->signal(SIGTERM);
        EXPECT_EQ(node.program->wait(), 0) << name;
      }
    for (auto& [name, node] : nodes_)
      if (HasFailure())
        std::cerr << name << ":\n"
                  << node.program->output() << node.program->errors();
  }

  void start_connector(const std::string& name) {
    start(name, "connector", server->url(),
          ", auth: {type: bearer, token: the-servers-token}");
  }

  /// It cannot reach the server, and has no token for it.
  void start_runner() {
    start("runner", "intake, runner", "http://127.0.0.1:1", {});
  }

  /// The runner can have these called, by what it sees.
  void await_links(const std::vector<std::string>& names) {
    ASSERT_TRUE(wait_until([&] {
      const auto members =
          json::parse(ask("runner", "/api/v1/cluster"))["members"];
      std::size_t linked = 0;
      for (const auto& each : members)
        for (const auto& name : names)
          linked += each["name"] == name && each["linked"] == true ? 1 : 0;
      return linked == names.size();
    }));
  }

  answer post(std::string_view body) {
    return devserver::ask(nodes_.at("runner").port, "POST", "/webhook", body,
                          signed_fields(body));
  }

  std::string ask(const std::string& name, const std::string& target) {
    return devserver::ask(nodes_.at(name).admin_port, "GET", target, {},
                          {{"Host", "localhost"}})
        .body;
  }

  /// Of the runner, by what became of them.
  double calls(const std::string& result) {
    return sum_of(ask("runner", "/metrics"), "mfo_cluster_calls_total",
                  "result=\"" + result + "\"");
  }

  child_process& program(const std::string& name) {
    return *nodes_.at(name).program;
  }

  std::vector<std::string> types() const {
    std::vector<std::string> found;
    for (const auto& each : server->events())
      found.push_back(json::parse(each->body).value("type", ""));
    return found;
  }

  support::temporary_folder folder;
  std::unique_ptr<devserver::server> server;

private:
  struct one_node {
    std::unique_ptr<child_process> program;
    std::uint16_t port = 0;
    std::uint16_t admin_port = 0;
  };

  static std::uint16_t port_in(const json& line, const char* which) {
    const auto text = line[which].get<std::string>();
    return static_cast<std::uint16_t>(
        std::stoul(text.substr(text.rfind(':') + 1)));
  }

  void start(const std::string& name, std::string_view roles,
             const std::string& url, std::string_view auth) {
    const auto own = nodes_.size();
    ASSERT_LT(own, ports_.size());
    std::string text{"listen: 127.0.0.1:0\nadmin_listen: 127.0.0.1:0\n"};
    text.append("node_name: ").append(name);
    text.append("\nservers: {default: {url: \"").append(url);
    text.append("\"").append(auth).append(
        "}}\nworkflows: [flow.yaml]\ncluster:\n  name: shop\n");
    text.append("  tls: off\n  heartbeat: 100ms\n  dead_after: 2s\n");
    text.append("  roles: [").append(roles).append("]\n");
    text.append("  listen: 127.0.0.1:");
    text.append(std::to_string(ports_[own].number())).append("\n  seeds: [");
    for (const auto& each : ports_)
      text.append("\"127.0.0.1:").append(std::to_string(each.number())) +=
          "\",";
    text.back() = ']';
    text.append("\n");
    const auto path = folder.write(name + ".yaml", text);
    auto& node = nodes_[name];
    node.program = std::make_unique<child_process>(
        std::vector<std::string>{binary, "run", "--config", path},
        child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}});
    const auto ready = node.program->wait_for_line("\"node ready\"");
    ASSERT_TRUE(ready) << node.program->output() << node.program->errors();
    const auto line = json::parse(*ready);
    node.port = port_in(line, "listen");
    node.admin_port = port_in(line, "admin");
  }

  std::array<support::reserved_port, 3> ports_;
  std::map<std::string, one_node> nodes_;
};

} // namespace

TEST_F(nodes_with_roles, run_taskflows_whose_calls_a_connector_makes) {
  start_connector("connector");
  start_runner();
  await_links({"connector"});
  const auto got = post(R"({"name":"ann"})");
  EXPECT_EQ(got.status, 202) << got.body;
  EXPECT_THAT(types(), testing::ElementsAre("name.kept"));
  EXPECT_EQ(payload_of(server->events()[0]), R"({"name":"ann"})");
  EXPECT_TRUE(wait_until([&] { return calls("handed") == 2; }));
  // It has nothing to say of the server.
  EXPECT_THAT(ask("runner", "/metrics"),
              Not(HasSubstr("mfo_upstream_circuit_state{")));
  EXPECT_THAT(ask("runner", "/health"), Not(HasSubstr("server default")));
}

TEST_F(nodes_with_roles, lose_no_call_to_a_connector_that_is_killed) {
  start_connector("first");
  start_connector("second");
  start_runner();
  await_links({"first", "second"});
  ASSERT_TRUE(server->set_faults(
      R"({"path": "/api/memory", "silent": true, "count": 1})"));
  auto got =
      std::async(std::launch::async, [&] { return post(R"({"name":"ann"})"); });
  std::string busy;
  ASSERT_TRUE(wait_until([&] {
    for (const auto* name : {"first", "second"})
      if (sum_of(ask(name, "/metrics"), "mfo_upstream_calls_in_flight") == 1)
        busy = name;
    return !busy.empty();
  }));
  program(busy).signal(SIGKILL);
  EXPECT_EQ(program(busy).wait(), -SIGKILL);
  const auto answer = got.get();
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_THAT(types(), testing::ElementsAre("name.kept"));
  EXPECT_TRUE(wait_until([&] { return calls("moved") == 1; }));
}

TEST_F(nodes_with_roles, say_that_there_is_no_connector) {
  start_runner();
  const auto got = post(R"({"name":"ann"})");
  expect_problem(got, 502, "taskflow_errored");
  EXPECT_THAT(ask("runner", "/api/v1/runs"), HasSubstr("no_eligible_node"));
  start_connector("connector");
  await_links({"connector"});
  EXPECT_EQ(post(R"({"name":"bob"})").status, 202);
}

TEST_F(nodes_with_roles, finish_calls_before_a_connector_stops) {
  start_connector("connector");
  start_runner();
  await_links({"connector"});
  ASSERT_TRUE(server->set_faults(
      R"({"path": "/api/memory", "latency_ms": 500, "count": 1})"));
  auto got =
      std::async(std::launch::async, [&] { return post(R"({"name":"ann"})"); });
  ASSERT_TRUE(wait_until([&] {
    return sum_of(ask("connector", "/metrics"),
                  "mfo_upstream_calls_in_flight") == 1;
  }));
  program("connector").signal(SIGTERM);
  EXPECT_EQ(program("connector").wait(), 0);
  // What it had was done; the next call finds nobody.
  expect_problem(got.get(), 502, "taskflow_errored");
  const auto run = json::parse(ask("runner", "/api/v1/runs"))["runs"][0];
  EXPECT_EQ(run["error"]["code"], "no_eligible_node") << run;
  EXPECT_EQ(run["error"]["task"], "done") << run;
}

} // namespace mfo::integration
