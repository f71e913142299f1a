#include "tests/integration/fixture.hpp"
#include "tests/support/otlp_receiver.hpp"

#include <csignal>
#include <set>

namespace mfo::integration {
namespace {

using nlohmann::json;
using test::otlp_receiver;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr auto senders_trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr auto sender_span = "00f067aa0ba902b7";

std::string traceparent(bool sampled) {
  return std::string{"00-"} + senders_trace + "-" + sender_span +
         (sampled ? "-01" : "-00");
}

/// A node whose spans go to a collector, or to nobody.
class tracing : public running_node {
protected:
  static std::string to(const std::string& url, std::string_view more = {}) {
    return "tracing: {url: \"" + url + "\", interval: 50ms" +
           std::string{more} + "}\n";
  }

  /// The only span of that name, once it has come.
  json span(const std::string& name) {
    EXPECT_TRUE(wait_until([&] { return !collector.spans(name).empty(); }))
        << name;
    const auto found = collector.spans(name);
    EXPECT_THAT(found, SizeIs(1)) << name;
    return found.empty() ? json::object() : found.front();
  }

  /// What the server got as a header of its only call.
  std::string at_server(std::string_view field) const {
    EXPECT_EQ(server->count(), 1u);
    return std::string{server->events().front()->headers.find(field)};
  }

  double spans(std::string_view result) {
    return sum_of(metrics(), "mfo_trace_spans_total",
                  "result=\"" + std::string{result} + '"');
  }

  otlp_receiver collector;
};

TEST_F(tracing, tells_of_an_event_from_its_sender_to_the_server) {
  start("node_name: node-7\n" + to(collector.url(), ", service_name: hooks"));
  EXPECT_EQ(post("1", {{"traceparent", traceparent(true)},
                       {"tracestate", "congo=t61rcWkgMzE"}})
                .status,
            202);
  const auto receive = span("receive webhook");
  const auto call = span("call event");
  const auto verify = span("verify");
  const auto route = span("route");
  for (const auto& each : {receive, call, verify, route}) {
    EXPECT_EQ(each["traceId"], senders_trace);
    EXPECT_EQ(each["resource"]["service.name"], "hooks");
    EXPECT_EQ(each["resource"]["mfo.node"], "node-7");
    EXPECT_EQ(each["status"], json::object());
  }
  EXPECT_EQ(receive["parentSpanId"], sender_span);
  EXPECT_EQ(receive["kind"], 2);
  EXPECT_EQ(receive["attributes"]["http.route"], "/webhook");
  EXPECT_EQ(receive["attributes"]["http.response.status_code"], "202");
  for (const auto& each : {call, verify, route})
    EXPECT_EQ(each["parentSpanId"], receive["spanId"]);
  EXPECT_EQ(call["kind"], 3);
  EXPECT_EQ(call["attributes"]["server.address"], "127.0.0.1");
  EXPECT_EQ(call["attributes"]["http.response.status_code"], "202");
  // And the server's own span is to be the call's child.
  EXPECT_EQ(at_server("traceparent"), std::string{"00-"} + senders_trace + "-" +
                                          call["spanId"].get<std::string>() +
                                          "-01");
  EXPECT_EQ(at_server("tracestate"), "congo=t61rcWkgMzE");
}

TEST_F(tracing, leaves_it_to_the_sender_of_a_trace) {
  start(to(collector.url(), ", sample_ratio: 1"));
  post("1", {{"traceparent", traceparent(false)}});
  EXPECT_THAT(at_server("traceparent"),
              testing::AllOf(StartsWith(std::string{"00-"} + senders_trace),
                             testing::EndsWith("-00")));
  // What comes behind it has been exported: it has not.
  post("2");
  span("receive webhook");
  EXPECT_THAT(collector.spans(),
              testing::Each(testing::ResultOf(
                  [](const json& each) { return each["traceId"]; },
                  testing::Ne(json(senders_trace)))));
}

TEST_F(tracing, begins_as_many_traces_as_it_is_told) {
  start(to(collector.url(), ", sample_ratio: 0"));
  for (int i = 0; i < 5; ++i)
    post(std::to_string(i));
  post("6", {{"traceparent", traceparent(true)}});
  span("receive webhook");
  EXPECT_TRUE(wait_until([&] { return collector.spans().size() == 4; }));
}

TEST_F(tracing, passes_a_trace_on_without_a_collector) {
  start("tracing: {sample_ratio: 1}\n");
  post("1", {{"traceparent", traceparent(true)}, {"tracestate", "a=1"}});
  EXPECT_THAT(at_server("traceparent"),
              testing::AllOf(StartsWith(std::string{"00-"} + senders_trace),
                             testing::EndsWith("-01")));
  EXPECT_EQ(at_server("tracestate"), "a=1");
  EXPECT_EQ(spans("exported") + spans("dropped"), 0);
}

TEST_F(tracing, says_why_an_event_was_refused) {
  start(to(collector.url()));
  expect_problem(devserver::ask(port, "POST", "/webhook", "1",
                                {{"Content-Type", "application/json"},
                                 {"X-Signature", "00"},
                                 {"traceparent", traceparent(true)}}),
                 401, "bad_signature");
  EXPECT_EQ(span("verify")["status"],
            json({{"code", 2}, {"message", "bad_signature"}}));
  const auto receive = span("receive webhook");
  EXPECT_EQ(receive["status"], json::object());
  EXPECT_EQ(receive["attributes"]["mfo.event.reason"], "bad_signature");
  EXPECT_EQ(receive["attributes"]["http.response.status_code"], "401");
}

TEST_F(tracing, has_a_span_for_each_try_at_the_server) {
  start("retries: {default: {delay: 10ms}}\n" + to(collector.url()));
  set_faults(R"({"statuses":[503,200]})");
  EXPECT_EQ(post("1", {{"traceparent", traceparent(true)}}).status, 202);
  ASSERT_TRUE(
      wait_until([&] { return collector.spans("call event").size() == 2; }));
  const auto calls = collector.spans("call event");
  EXPECT_EQ(calls[0]["attributes"]["http.response.status_code"], "503");
  EXPECT_EQ(calls[0]["status"]["code"], 2);
  EXPECT_EQ(calls[1]["attributes"]["http.request.resend_count"], "1");
  EXPECT_EQ(calls[1]["status"], json::object());
  EXPECT_NE(calls[0]["spanId"], calls[1]["spanId"]);
}

TEST_F(tracing, tells_of_a_taskflow_and_its_calls) {
  folder.write("flow.yaml", R"(
workflow_name: w
global_configs: {secrets: {hook: {env: WEBHOOK_SECRET}}}
triggers:
  - id: hook
    type: webhook
    config: {http_path: /flow, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
taskflows:
- taskflow_id: main
  tasks:
    - {id: shout, type: mfo_api_tool_execute, config: {tool_id: upper, arguments: {text: INPUT.name}}}
)");
  start("workflows: [flow.yaml]\n" + to(collector.url()));
  const std::string body{R"({"name":"ann"})"};
  auto fields = signed_fields(body);
  fields.emplace_back("traceparent", traceparent(true));
  EXPECT_EQ(devserver::ask(port, "POST", "/flow", body, fields).status, 202);
  const auto receive = span("receive w/hook");
  const auto run = span("run w/main");
  const auto task = span("task mfo_api_tool_execute");
  const auto call = span("call tool");
  EXPECT_EQ(run["parentSpanId"], receive["spanId"]);
  EXPECT_EQ(task["parentSpanId"], run["spanId"]);
  EXPECT_EQ(call["parentSpanId"], task["spanId"]);
  EXPECT_EQ(call["traceId"], senders_trace);
  EXPECT_EQ(task["attributes"]["mfo.task.path"], "shout");
}

TEST_F(tracing, delivers_events_all_the_same_without_the_collector) {
  const support::reserved_port nobody;
  start(to("http://127.0.0.1:" + std::to_string(nobody.number()) + "/",
           ", sample_ratio: 1, max_queue: 8, max_batch: 4"));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_EQ(server->count(), 20u);
  // 4 spans an event: no more than the queue and a batch are kept.
  EXPECT_TRUE(wait_until([&] { return spans("dropped") >= 80 - 8 - 4; }));
  EXPECT_EQ(spans("exported"), 0);
  EXPECT_TRUE(node->wait_for_line("dependency down"));
  const auto health = json::parse(ask_admin("GET", "/health").body);
  EXPECT_THAT(health["dependencies"],
              testing::Contains(testing::ResultOf(
                  [](const json& each) {
                    return each["kind"] == "collector" && !each["up"];
                  },
                  testing::IsTrue())));
}

TEST_F(tracing, ends_with_the_spans_that_are_left) {
  start("tracing: {url: \"" + collector.url() + "\", interval: 10m}\n");
  post("1", {{"traceparent", traceparent(true)}});
  EXPECT_THAT(collector.posts(), IsEmpty());
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  std::set<std::string> names;
  for (const auto& each : collector.spans())
    names.insert(each["name"].get<std::string>());
  EXPECT_THAT(names, UnorderedElementsAre("receive webhook", "verify", "route",
                                          "call event"));
}

TEST_F(tracing, tells_nobody_once_no_collector_is_named) {
  start(to(collector.url()));
  post("1", {{"traceparent", traceparent(true)}});
  span("receive webhook");
  configure("webhook_path: /webhook\nwebhook_secret: ${WEBHOOK_SECRET}\n");
  EXPECT_EQ(ask_admin("POST", "/api/v1/reload").status, 200);
  EXPECT_EQ(post("2", {{"traceparent", traceparent(true)}}).status, 202);
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  EXPECT_THAT(collector.spans("receive webhook"), SizeIs(1));
}

TEST_F(tracing, goes_elsewhere_after_a_reload) {
  start("tracing: {sample_ratio: 0}\n");
  post("1", {{"traceparent", traceparent(true)}});
  configure("webhook_path: /webhook\nwebhook_secret: ${WEBHOOK_SECRET}\n" +
            to(collector.url()));
  EXPECT_EQ(ask_admin("POST", "/api/v1/reload").status, 200);
  post("2", {{"traceparent", traceparent(true)}});
  span("receive webhook");
}

} // namespace
} // namespace mfo::integration
