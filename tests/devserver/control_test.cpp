#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class control : public running_server {
protected:
  void send(int from, int to) {
    raw_client client(one->port());
    for (int i = from; i < to; ++i)
      client.ask("POST", "/api/events", json{{"id", std::to_string(i)}}.dump());
  }
};

TEST_F(control, shows_an_empty_log_as_an_empty_array) {
  EXPECT_EQ(ask_json("GET", "/__control/events"), json::array());
  EXPECT_EQ(ask_json("GET", "/__control/ids"), json::array());
}

TEST_F(control, counts_events) {
  send(0, 3);
  EXPECT_EQ(ask("GET", "/__control/events/count").body,
            R"({"count":3,"dropped":0})");
}

TEST_F(control, shows_a_stretch_of_the_log) {
  send(0, 10);
  EXPECT_EQ(ask_json("GET", "/__control/ids?since=7"),
            (json::array({"7", "8", "9"})));
  EXPECT_EQ(ask_json("GET", "/__control/ids?since=2&limit=2"),
            (json::array({"2", "3"})));
  EXPECT_EQ(ask_json("GET", "/__control/events?limit=1")[0]["body"]["id"], "0");
  EXPECT_EQ(ask_json("GET", "/__control/ids?since=10"), json::array());
  EXPECT_EQ(ask("GET", "/__control/ids?since=x").status, 400);
}

TEST_F(control, shows_a_log_larger_than_a_piece) {
  const std::string text(50'000, 'x');
  for (int i = 0; i < 10; ++i)
    ask("POST", "/api/events", json{{"n", i}, {"text", text}}.dump());
  const auto shown = ask_json("GET", "/__control/events");
  ASSERT_EQ(shown.size(), 10u);
  EXPECT_EQ(shown[9]["body"]["n"], 9);
}

TEST_F(control, closes_after_a_list_for_an_http_1_0_client) {
  send(0, 2);
  raw_client client(one->port());
  client.write("GET /__control/ids HTTP/1.0\r\n\r\n");
  const auto text = client.read_all();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(json::parse(text.substr(text.find("\r\n\r\n"))).size(), 2u);
}

TEST_F(control, forgets_events) {
  send(0, 2);
  ask("POST", "/api/events", "no JSON");
  EXPECT_EQ(ask_json("DELETE", "/__control/events")["cleared"], 2);
  EXPECT_EQ(one->count(), 0u);
  EXPECT_TRUE(one->rejected().empty());
}

TEST_F(control, lists_rejected_events_apart) {
  ask("POST", "/api/events", "no JSON", {{"Idempotency-Key", "k"}});
  const auto rejected = ask_json("GET", "/__control/rejected");
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_EQ(rejected[0]["id"], "k");
  EXPECT_EQ(rejected[0]["status"], 400);
  EXPECT_EQ(rejected[0]["headers"]["idempotency-key"], "k");
  EXPECT_EQ(one->count(), 0u);
}

TEST_F(control, shows_and_removes_faults) {
  ask("POST", "/__control/faults",
      R"({"statuses":[503],"path":"/api/events"})");
  send(0, 2);
  ask("GET", "/info");
  auto shown = ask_json("GET", "/__control/faults")["faults"];
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0]["hits"], 2);
  EXPECT_EQ(shown[0]["statuses"], json::array({503}));
  EXPECT_EQ(ask_json("DELETE", "/__control/faults")["faults"], json::array());
}

TEST_F(control, refuses_a_fault_with_an_unknown_key) {
  const auto got = ask("POST", "/__control/faults", R"({"statusses":[503]})");
  EXPECT_EQ(got.status, 400);
  EXPECT_THAT(got.body, HasSubstr("statusses"));
  EXPECT_THAT(got.body, HasSubstr("retry_after"));
}

TEST_F(control, is_never_faulted) {
  set_faults(R"({"path":"/","statuses":[500],"repeat":true})");
  EXPECT_EQ(ask("GET", "/info").status, 500);
  EXPECT_EQ(ask("GET", "/__control/events/count").status, 200);
  EXPECT_EQ(ask("GET", "/__control/nothing").status, 404);
}

} // namespace
} // namespace mfo::devserver
