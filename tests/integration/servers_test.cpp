#include "tests/integration/fixture.hpp"

namespace mfo::integration {
namespace {

using testing::HasSubstr;

/// One node between two servers.
class servers : public running_node {
protected:
  void start_with_two(const std::string& second_options = {}) {
    ASSERT_TRUE(second.start());
    start_with("servers:\n"
               "  other: {url: \"" +
               second.url() + "\"" + second_options +
               "}\n"
               "endpoints:\n"
               "  - {id: one, path: /webhook, signature: {secret: "
               "\"${WEBHOOK_SECRET}\"}}\n"
               "  - {id: two, path: /two, signature: {secret: "
               "\"${WEBHOOK_SECRET}\"}, server: other}\n");
  }

  answer post_to_second(std::string_view body) {
    return devserver::ask(port, "POST", "/two", body, signed_fields(body));
  }

  devserver::server second;
};

TEST_F(servers, get_the_events_of_their_endpoints) {
  start_with_two();
  EXPECT_EQ(post("1").status, 202);
  EXPECT_EQ(post_to_second("2").status, 202);
  ASSERT_EQ(server->count(), 1u);
  ASSERT_EQ(second.count(), 1u);
  EXPECT_EQ(payload_of(second.events().front()), "2");
}

TEST_F(servers, that_hang_take_no_room_of_the_others) {
  start_with_two(", max_in_flight: 1, max_waiting: 2");
  ASSERT_TRUE(second.set_faults(R"({"silent":true})"));
  std::vector<std::unique_ptr<raw_client>> hanging;
  for (int i = 0; i < 3; ++i) {
    hanging.push_back(std::make_unique<raw_client>(port));
    hanging.back()->write(signed_request("1", "/two"));
  }
  ASSERT_TRUE(comes_to_hold(3));
  expect_problem(post_to_second("4"), 503, "saturated");
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  second.stop(); // ends the silence
  for (const auto& each : hanging)
    EXPECT_GE(each->read().status, 500);
}

TEST_F(servers, have_circuits_of_their_own) {
  start_with_two(", breaker: {consecutive_failures: 1}");
  ASSERT_TRUE(second.set_faults(R"({"statuses":[500],"repeat":true})"));
  expect_problem(post_to_second("1"), 503, "circuit_open");
  EXPECT_EQ(post("1").status, 202);
  const auto exposition = metrics();
  EXPECT_EQ(sum_of(exposition, "mfo_upstream_circuit_state", "other"), 2);
  EXPECT_EQ(sum_of(exposition, "mfo_upstream_circuit_state", "default"), 0);
  EXPECT_THAT(ask_admin("GET", "/health").body, HasSubstr("circuit open"));
}

TEST_F(servers, may_ask_for_a_login) {
  serve({.login = devserver::credentials{"me", "pw"}});
  server_options = "auth: {type: jwt_login, username: me, password: pw}";
  start();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_EQ(server->count(), 3u);
  EXPECT_EQ(sum_of(metrics(), "mfo_events_delivered_total"), 3);
}

TEST_F(servers, may_want_cloud_events) {
  server_options = "format: cloudevents";
  start();
  const auto got = post(R"({"a":1})");
  EXPECT_EQ(got.status, 202);
  ASSERT_EQ(server->count(), 1u);
  const auto event = nlohmann::json::parse(server->events().front()->body);
  EXPECT_EQ(event["specversion"], "1.0");
  EXPECT_EQ(event["id"], event_id(got));
  EXPECT_EQ(event["data"]["a"], 1);
}

} // namespace
} // namespace mfo::integration
