#include "tests/devserver/fixture.hpp"

#include <chrono>

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class faults : public running_server {
protected:
  answer send() {
    return ask("POST", "/api/events", R"({"id":"1"})");
  }
};

TEST_F(faults, give_statuses_in_turn_and_then_none) {
  set_faults(R"({"statuses":[503,429,200],"retry_after":"2"})");
  const auto first = send();
  EXPECT_EQ(first.status, 503);
  EXPECT_EQ(first.header("Retry-After"), "2");
  EXPECT_EQ(json::parse(first.body)["error"]["status"], 503);
  EXPECT_EQ(send().status, 429);
  const auto third = send();
  EXPECT_EQ(third.status, 200);
  EXPECT_EQ(third.header("Retry-After"), "");
  EXPECT_EQ(send().status, 202);
  EXPECT_EQ(one->count(), 2u);
  EXPECT_EQ(one->rejected().size(), 2u);
}

TEST_F(faults, repeat_their_statuses) {
  set_faults(R"({"statuses":[500,202],"repeat":true})");
  for (const int status : {500, 202, 500, 202})
    EXPECT_EQ(send().status, status);
}

TEST_F(faults, apply_to_a_path_and_a_number_of_requests) {
  set_faults(R"({"path":"/api/events","statuses":[503],"repeat":true,
                 "count":2})");
  EXPECT_EQ(ask("GET", "/info").status, 200);
  EXPECT_EQ(send().status, 503);
  EXPECT_EQ(send().status, 503);
  EXPECT_EQ(send().status, 202);
}

TEST_F(faults, come_one_after_the_other) {
  set_faults(R"([{"statuses":[503],"count":1},
                 {"path":"/info","statuses":[410],"repeat":true}])");
  EXPECT_EQ(send().status, 503);
  EXPECT_EQ(ask("GET", "/info").status, 410);
  EXPECT_EQ(send().status, 202);
}

TEST_F(faults, answer_without_a_body_where_the_status_has_none) {
  set_faults(R"({"statuses":[204]})");
  raw_client client(one->port());
  EXPECT_EQ(client.ask("POST", "/api/events", "{}").status, 204);
  EXPECT_EQ(client.ask("GET", "/info").status, 200);
}

TEST_F(faults, delay_an_answer) {
  set_faults(R"({"latency_ms":{"min":50,"max":60}})");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(send().status, 202);
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            std::chrono::milliseconds(50));
}

TEST_F(faults, drop_a_connection_unread) {
  set_faults(R"({"drop":"on_accept","count":1})");
  raw_client client(one->port());
  EXPECT_EQ(client.ask("POST", "/api/events", "{}").status, 0);
  EXPECT_TRUE(client.reset());
  EXPECT_EQ(one->count(), 0u);
  EXPECT_EQ(send().status, 202);
}

TEST_F(faults, let_control_through_while_they_drop_connections) {
  set_faults(R"({"drop":"on_accept"})");
  EXPECT_EQ(send().status, 0);
  EXPECT_EQ(ask_json("GET", "/__control/faults")["faults"][0]["hits"], 1);
  EXPECT_EQ(ask("DELETE", "/__control/faults").status, 200);
  EXPECT_EQ(send().status, 202);
}

TEST_F(faults, lose_the_reply_of_an_event_that_was_taken) {
  set_faults(R"({"drop":"before_reply","count":1})");
  const auto got = send();
  EXPECT_EQ(got.status, 0);
  EXPECT_TRUE(got.closed);
  EXPECT_EQ(one->count(), 1u);
}

TEST_F(faults, close_after_the_head) {
  set_faults(R"({"drop":"after_headers","count":1})");
  const auto got = send();
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body, "");
  EXPECT_FALSE(got.whole);
  EXPECT_TRUE(got.closed);
  EXPECT_EQ(one->count(), 1u);
}

TEST_F(faults, close_in_the_middle_of_the_body) {
  set_faults(R"({"drop":"mid_body","count":1})");
  const auto got = send();
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body.size(), std::stoul(got.header("Content-Length")) / 2);
  EXPECT_TRUE(got.closed);
  EXPECT_EQ(one->count(), 1u);
}

TEST_F(faults, close_in_the_middle_of_a_stream) {
  set_faults(R"({"drop":"mid_body","count":1})");
  const auto got =
      ask("POST", "/api/chat/stream",
          R"({"messages":[{"role":"user","content":"hello world"}]})");
  EXPECT_EQ(got.status, 200);
  EXPECT_FALSE(got.whole);
  EXPECT_TRUE(got.closed);
  EXPECT_THAT(got.body, Not(HasSubstr("[DONE]")));
}

TEST_F(faults, write_a_whole_reply_in_small_pieces) {
  set_faults(R"({"reply_bytes_per_write":1})");
  const auto got = send();
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body, R"({"id":"1","status":"accepted"})");
}

TEST_F(faults, announce_more_than_comes) {
  set_faults(R"({"wrong_content_length":5,"count":1})");
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
               "Content-Length: 2\r\n\r\n{}");
  const auto got = client.read();
  EXPECT_FALSE(got.whole);
  EXPECT_EQ(got.body.size() + 5, std::stoul(got.header("Content-Length")));
}

TEST_F(faults, announce_less_than_comes) {
  set_faults(R"({"wrong_content_length":-3,"count":1})");
  raw_client client(one->port());
  const auto got = client.ask("POST", "/api/events", R"({"id":"1"})");
  EXPECT_EQ(got.body, R"({"id":"1","status":"accepte)");
}

TEST_F(faults, answer_with_a_body_of_any_size) {
  set_faults(R"({"body_bytes":3000000,"count":1})");
  const auto got = send();
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body.size(), 3'000'000u);
  EXPECT_TRUE(json::accept(got.body));
}

TEST_F(faults, are_silent) {
  set_faults(R"({"silent":true,"count":1})");
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Content-Length: 10\r\n\r\n{\"id\":\"1\"}");
  EXPECT_EQ(client.read_all(100), "");
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(one->count(), 0u);
  ASSERT_EQ(one->rejected().size(), 1u);
  EXPECT_EQ(one->rejected().front()->status, 0);
}

} // namespace
} // namespace mfo::devserver
