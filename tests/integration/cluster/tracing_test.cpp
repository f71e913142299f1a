// One trace, from a sender through two nodes to the server.

#include "tests/integration/cluster/cluster_fixture.hpp"
#include "tests/integration/cluster/greeting_flow.hpp"
#include "tests/support/otlp_receiver.hpp"

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::SizeIs;

constexpr auto trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr auto senders_span = "00f067aa0ba902b7";

class a_traced_cluster : public a_cluster {
protected:
  [[nodiscard]] std::string tracing() const {
    return "tracing: {url: \"" + collector.url() + "\", interval: 50ms}\n";
  }

  /// The only span of that name, once it has come.
  json span(const std::string& name) {
    EXPECT_TRUE(wait_until([&] { return !collector.spans(name).empty(); }))
        << name;
    const auto found = collector.spans(name);
    EXPECT_THAT(found, SizeIs(1)) << name;
    return found.empty() ? json::object() : found.front();
  }

  static const field_list& trace() {
    static const field_list fields{
        {"traceparent",
         std::string{"00-"} + trace_id + "-" + senders_span + "-01"},
        {"tracestate", "congo=t61rcWkgMzE"}};
    return fields;
  }

  void expect_at_server(const json& caller) {
    ASSERT_EQ(server->count(), 1u);
    const auto& headers = server->events().front()->headers;
    EXPECT_EQ(headers.find("traceparent"),
              std::string{"00-"} + trace_id + "-" +
                  caller["spanId"].get<std::string>() + "-01");
    EXPECT_EQ(headers.find("tracestate"), "congo=t61rcWkgMzE");
  }

  test::otlp_receiver collector;
};

TEST_F(a_traced_cluster, follows_an_event_from_node_to_node) {
  start({{.name = "node-a", .roles = "intake", .more = tracing()},
         {.name = "node-b", .roles = "runner, connector", .more = tracing()}});
  EXPECT_EQ((*this)["node-a"].post("/completed", "1", trace()).status, 202);
  const auto receive = span("receive completed");
  const auto run = span("run on node-b");
  const auto call = span("call event");
  for (const auto& each : {receive, run, call})
    EXPECT_EQ(each["traceId"], trace_id);
  EXPECT_EQ(receive["parentSpanId"], senders_span);
  EXPECT_EQ(run["parentSpanId"], receive["spanId"]);
  EXPECT_EQ(call["parentSpanId"], run["spanId"]);
  EXPECT_EQ(receive["resource"]["mfo.node"], "node-a");
  EXPECT_EQ(receive["attributes"]["mfo.placed_on"], "node-b");
  EXPECT_EQ(run["resource"]["mfo.node"], "node-b");
  EXPECT_EQ(call["resource"]["mfo.node"], "node-b");
  expect_at_server(call);
}

TEST_F(a_traced_cluster, follows_the_calls_of_one_node_that_another_makes) {
  folder.write("flow.yaml", greeting_flow);
  const auto more = "workflows: [flow.yaml]\n" + tracing();
  start({{.name = "node-a", .roles = "intake, runner", .more = more},
         {.name = "node-b", .roles = "connector", .more = more}});
  EXPECT_EQ(
      (*this)["node-a"].post("/flow", R"({"name":"ann"})", trace()).status,
      202);
  const auto receive = span("receive w/hook");
  const auto run = span("run w/main");
  const auto task = span("task mfo_api_tool_execute");
  const auto tool = span("call tool");
  const auto event = span("call event");
  EXPECT_EQ(run["parentSpanId"], receive["spanId"]);
  EXPECT_EQ(task["parentSpanId"], run["spanId"]);
  EXPECT_EQ(tool["parentSpanId"], task["spanId"]);
  EXPECT_EQ(event["parentSpanId"], receive["spanId"]);
  EXPECT_EQ(run["resource"]["mfo.node"], "node-a");
  EXPECT_EQ(tool["resource"]["mfo.node"], "node-b");
  EXPECT_EQ(event["resource"]["mfo.node"], "node-b");
  expect_at_server(event);
}

TEST_F(a_traced_cluster, follows_an_event_that_a_stopping_node_hands_over) {
  start({{.name = "node-a", .more = tracing()},
         {.name = "node-b", .more = tracing() + "drain_timeout: 1s\n"}});
  set_faults(R"({"silent":true})");
  auto& goes = (*this)["node-b"];
  const auto id = event_id(goes.post("/received", "1", trace()));
  EXPECT_EQ(goes.stop(), 0);
  server->clear_faults();
  const auto receive = span("receive received");
  EXPECT_EQ(receive["resource"]["mfo.node"], "node-b");
  EXPECT_EQ(receive["attributes"]["mfo.event.outcome"], "handed_over");
  ASSERT_TRUE(wait_until([&] { return has_all({id}); }));
  ASSERT_TRUE(
      wait_until([&] { return !collector.spans("run on node-a").empty(); }));
  for (const auto& each : collector.spans("run on node-a")) {
    EXPECT_EQ(each["traceId"], trace_id);
    EXPECT_EQ(each["parentSpanId"], receive["spanId"]);
  }
}

} // namespace
} // namespace mfo::integration
