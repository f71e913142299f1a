#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

class bounds : public running_server {
protected:
  void SetUp() override {}
};

TEST_F(bounds, refuse_a_body_that_is_announced_too_large) {
  run({.max_body = 100});
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Content-Length: 101\r\n\r\n");
  const auto got = client.read();
  EXPECT_EQ(got.status, 413);
  EXPECT_EQ(nlohmann::json::parse(got.body)["error"]["status"], 413);
}

TEST_F(bounds, refuse_a_chunked_body_that_grows_too_large) {
  run({.max_body = 4});
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Transfer-Encoding: chunked\r\n\r\n3\r\n123\r\n3\r\n456\r\n");
  EXPECT_EQ(client.read().status, 413);
}

TEST_F(bounds, take_a_body_as_large_as_allowed) {
  run();
  const auto body = '"' + std::string(8 * 1024 * 1024 - 2, 'x') + '"';
  EXPECT_EQ(ask("POST", "/api/events", body).status, 202);
  EXPECT_EQ(ask("POST", "/api/events", body + " ").status, 413);
  EXPECT_EQ(one->count(), 1u);
}

TEST_F(bounds, refuse_a_head_that_is_too_large) {
  run({.max_header = 1024});
  EXPECT_EQ(
      ask("GET", "/info", {}, {{"X-Long", std::string(2000, 'x')}}).status,
      431);
}

TEST_F(bounds, refuse_what_is_not_http) {
  run();
  raw_client client(one->port());
  client.write("what is this?\r\n\r\n");
  EXPECT_EQ(client.read().status, 400);
}

TEST_F(bounds, let_an_expectation_continue) {
  run();
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.write("{}");
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(bounds, drop_the_oldest_event_and_count_it) {
  run({.max_events = 3});
  for (const auto* id : {"1", "2", "3", "4", "5"})
    ask("POST", "/api/events", nlohmann::json{{"id", id}}.dump());
  EXPECT_EQ(ask("GET", "/__control/events/count").body,
            R"({"count":3,"dropped":2})");
  EXPECT_EQ(ask_json("GET", "/__control/ids"),
            (nlohmann::json::array({"3", "4", "5"})));
  EXPECT_EQ(ask_json("GET", "/__control/ids?since=4"),
            (nlohmann::json::array({"5"})));
}

TEST_F(bounds, close_connections_beyond_their_number) {
  run({.max_connections = 1});
  raw_client first(one->port());
  EXPECT_EQ(first.ask("GET", "/info").status, 200);
  raw_client second(one->port());
  EXPECT_EQ(second.ask("GET", "/info").status, 0);
  EXPECT_EQ(first.ask("GET", "/info").status, 200);
}

} // namespace
} // namespace mfo::devserver
