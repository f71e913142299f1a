#include "tests/integration/fixture.hpp"
#include "tests/support/reserved_port.hpp"

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto callback_secret = "marker-of-the-callback-secret";

/// A node that its server tells of events, at an endpoint of its own. What is
/// told there goes back to the server, as events of another type.
class notifications : public running_node {
protected:
  /// The server signs what it tells with `secret`.
  void serve_with(const std::string& secret) {
    serve({.callback_secret = secret});
  }

  /// `more` is added to what is asked of the server.
  void start_subscribed(const std::string& more = {}) {
    listen = "127.0.0.1:" + std::to_string(its_port.number());
    start_with("endpoints:\n"
               "  - id: from-server\n"
               "    path: /told\n"
               "    signature: {secret: " +
               std::string{callback_secret} +
               "}\n"
               "    event_type: email.told\n"
               "notifications:\n"
               "  - event: email.processed\n"
               "    endpoint: from-server\n"
               "    callback_url: http://" +
               listen + "/told\n" + more);
  }

  bool comes_to_be_subscribed() {
    return wait_until(
        [&] { return sum_of(metrics(), "mfo_subscription_active") == 1; });
  }

  json subscriptions() {
    return json::parse(
        devserver::ask(server->port(), "GET", "/__control/subscriptions").body);
  }

  json callbacks() {
    return json::parse(
        devserver::ask(server->port(), "GET", "/__control/callbacks").body);
  }

  /// Something happens at the server.
  void happens(const std::string& id) {
    const auto event =
        json{{"id", id}, {"type", "email.processed"}, {"payload", {{"n", 1}}}};
    EXPECT_EQ(
        devserver::ask(server->port(), "POST", "/api/events", event.dump())
            .status,
        202);
  }

  /// What the server recorded of the type of the node's endpoint.
  std::vector<json> told() {
    std::vector<json> found;
    for (const auto& each : server->events())
      if (auto event = json::parse(each->body); event["type"] == "email.told")
        found.push_back(std::move(event));
    return found;
  }

  bool comes_to_be_told(std::size_t count) {
    return wait_until([&] { return told().size() == count; });
  }

  /// The node's, so that it is known before the node listens there.
  support::reserved_port its_port;
};

TEST_F(notifications, arrive_signed_and_are_delivered_as_events) {
  serve_with(callback_secret);
  start_subscribed();
  ASSERT_TRUE(comes_to_be_subscribed());
  const auto listed = subscriptions();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["event"], "email.processed");
  happens("e-1");
  ASSERT_TRUE(comes_to_be_told(1));
  const auto event = told()[0];
  EXPECT_EQ(event["payload"]["event"], "email.processed");
  EXPECT_EQ(event["payload"]["id"], "e-1");
  EXPECT_EQ(event["payload"]["data"]["n"], 1);
  EXPECT_TRUE(wait_until([&] { return callbacks()["sent"] == 1; }))
      << "answered 202";
  EXPECT_THAT(ask_admin("GET", "/health").body,
              HasSubstr("subscription at default to email.processed"));
}

TEST_F(notifications, with_a_wrong_signature_are_refused) {
  serve_with("another-secret");
  start_subscribed();
  ASSERT_TRUE(comes_to_be_subscribed());
  happens("e-1");
  ASSERT_TRUE(wait_until([&] { return callbacks()["failed"] == 1; }));
  EXPECT_TRUE(told().empty());
  EXPECT_THAT(metrics(),
              HasSubstr("mfo_events_refused_total{endpoint=\"from-server\","
                        "reason=\"bad_signature\"} 1"));
}

TEST_F(notifications, are_asked_for_when_a_server_comes_that_was_down) {
  server_options = "breaker: {enabled: false}, request_timeout: 1s";
  serve_with(callback_secret);
  server->stop();
  start_subscribed();
  ASSERT_TRUE(node->wait_for_line("not subscribed"));
  EXPECT_EQ(sum_of(metrics(), "mfo_subscription_active"), 0);
  serve_with(callback_secret);
  ASSERT_TRUE(comes_to_be_subscribed());
  happens("e-1");
  EXPECT_TRUE(comes_to_be_told(1));
}

TEST_F(notifications, are_asked_for_again_as_a_server_forgets) {
  serve_with(callback_secret);
  start_subscribed("    renew: 1s\n");
  ASSERT_TRUE(comes_to_be_subscribed());
  serve_with(callback_secret);
  ASSERT_TRUE(wait_until([&] { return subscriptions().size() == 1; }));
  happens("e-1");
  EXPECT_TRUE(comes_to_be_told(1));
}

TEST_F(notifications, that_are_renewed_come_once) {
  serve_with(callback_secret);
  start_subscribed("    renew: 1s\n");
  // Three calls: the first, and two that renew.
  ASSERT_TRUE(wait_until([&] {
    return sum_of(metrics(), "mfo_upstream_request_duration_seconds_count",
                  "subscribe") >= 3;
  }));
  EXPECT_EQ(subscriptions().size(), 1U);
  happens("e-1");
  ASSERT_TRUE(wait_until([&] { return callbacks()["waiting"] == 0; }));
  EXPECT_EQ(callbacks()["sent"], 1);
  EXPECT_EQ(told().size(), 1U);
}

} // namespace
} // namespace mfo::integration
