#include "tests/integration/fixture.hpp"

namespace mfo::integration {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// What is sent comes out at the other end, and only that.
class forward : public running_node {};

TEST_F(forward, brings_a_signed_event_to_the_server) {
  start();
  const auto got = post(R"({"hello":"world"})");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.header("content-type"), "application/json");
  const auto body = nlohmann::json::parse(got.body);
  EXPECT_EQ(body["status"], "completed");
  ASSERT_EQ(server->count(), 1u);
  const auto event = server->events().front();
  EXPECT_EQ(event->id, body["event_id"]);
  EXPECT_EQ(payload_of(event), R"({"hello":"world"})");
}

TEST_F(forward, leaves_every_byte_of_the_payload_as_it_was) {
  start();
  const std::string bodies[] = {
      R"({"b":1,"a":2,"b":3})",
      R"([12345678901234567890,1.0,1e5,-0,0.10,1E+400])",
      R"({ "spaced" :	[ 1 , 2 ] , "end" : null } )",
      R"({"escapes":"\u00e9\/\ud83d\ude00\n","é":"é😀"})",
      R"({"payload":{"metadata":{"endpoint":"mine"}}})",
      "\n\r\n{\"x\":[]}\r\n",
      "\"just a string\"",
      "0",
      "[" + std::string(500'000, ' ') + "]",
  };
  for (const auto& body : bodies)
    EXPECT_EQ(post(body).status, 202) << body.substr(0, 80);
  const auto events = server->events();
  ASSERT_EQ(events.size(), std::size(bodies));
  for (std::size_t i = 0; i < events.size(); ++i)
    EXPECT_EQ(payload_of(events[i]), bodies[i]);
}

TEST_F(forward, takes_a_chunked_body) {
  start();
  const std::string body{R"({"in":"two chunks"})"};
  std::string text{"POST /webhook HTTP/1.1\r\nHost: test\r\n"
                   "Transfer-Encoding: chunked\r\n"};
  for (const auto& [name, value] : signed_fields(body))
    text.append(name).append(": ").append(value).append("\r\n");
  text.append("\r\n5\r\n").append(body, 0, 5).append("\r\ne\r\n");
  text.append(body, 5).append("\r\n0\r\n\r\n");
  raw_client sender{port};
  sender.write(text);
  EXPECT_EQ(sender.read().status, 202);
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(payload_of(server->events().front()), body);
}

TEST_F(forward, keeps_a_connection_for_many_events) {
  start();
  raw_client sender{port};
  for (int i = 0; i < 50; ++i) {
    const auto body = std::to_string(i);
    EXPECT_EQ(sender.ask("POST", "/webhook", body, signed_fields(body)).status,
              202);
  }
  ASSERT_EQ(server->count(), 50u);
  EXPECT_EQ(payload_of(server->events().back()), "49");
}

TEST_F(forward, answers_requests_that_come_all_at_once_in_their_order) {
  start();
  raw_client sender{port};
  sender.write(signed_request("1") + signed_request("{") + signed_request("3"));
  EXPECT_EQ(sender.read().status, 202);
  EXPECT_EQ(sender.read().status, 400);
  EXPECT_EQ(sender.read().status, 202);
  EXPECT_EQ(server->count(), 2u);
}

TEST_F(forward, asks_for_the_body_of_a_sender_that_waits_to_be_asked) {
  start();
  auto text = signed_request("[1]");
  text.insert(text.find("Content-Length"), "Expect: 100-continue\r\n");
  raw_client sender{port};
  sender.write(text.substr(0, text.size() - 3));
  EXPECT_EQ(sender.read().status, 100);
  sender.write("[1]");
  EXPECT_EQ(sender.read().status, 202);
}

TEST_F(forward, takes_events_of_many_senders_at_once) {
  start();
  std::vector<std::unique_ptr<raw_client>> senders;
  for (int i = 0; i < 100; ++i) {
    senders.push_back(std::make_unique<raw_client>(port));
    senders.back()->write(signed_request(std::to_string(i)));
  }
  for (const auto& each : senders)
    EXPECT_EQ(each->read().status, 202);
  EXPECT_EQ(server->count(), 100u);
}

TEST_F(forward, describes_the_event_in_its_envelope) {
  start_with("node_name: node-7\n"
             "endpoints:\n"
             "  - id: billing\n"
             "    path: /hooks/billing\n"
             "    event_type: billing.invoice.paid\n"
             "    delivery_id_header: X-Delivery\n"
             "    signature: {scheme: hmac, secret: \"${WEBHOOK_SECRET}\"}\n");
  auto fields = signed_fields("{}");
  fields.emplace_back("X-Delivery", "d-1");
  const auto got = devserver::ask(port, "POST", "/hooks/billing", "{}", fields);
  EXPECT_EQ(got.status, 202);
  ASSERT_EQ(server->count(), 1u);
  const auto envelope = nlohmann::json::parse(server->events().front()->body);
  EXPECT_EQ(envelope["id"], event_id(got));
  EXPECT_EQ(envelope["type"], "billing.invoice.paid");
  EXPECT_EQ(envelope["source"], "webhook/billing");
  EXPECT_THAT(envelope["timestamp"].get<std::string>(),
              testing::MatchesRegex("20..-..-..T..:..:...*Z"));
  EXPECT_EQ(envelope["metadata"]["endpoint"], "billing");
  EXPECT_EQ(envelope["metadata"]["node"], "node-7");
  EXPECT_EQ(envelope["metadata"]["delivery_id"], "d-1");
}

TEST_F(forward, names_the_event_in_the_idempotency_key) {
  start();
  const auto id = event_id(post("1"));
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(server->events().front()->headers.find("idempotency-key"), id);
}

TEST_F(forward, keeps_to_the_senders_trace) {
  start();
  const std::string trace{"4bf92f3577b34da6a3ce929d0e0e4736"};
  post("1", {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}});
  ASSERT_EQ(server->count(), 1u);
  EXPECT_THAT(
      std::string{server->events().front()->headers.find("traceparent")},
      HasSubstr(trace));
}

TEST_F(forward, sends_nothing_of_the_senders_credentials_on) {
  start();
  post("1", {{"Authorization", "Bearer of-the-sender"}, {"Cookie", "a=b"}});
  ASSERT_EQ(server->count(), 1u);
  const auto& headers = server->events().front()->headers;
  EXPECT_THAT(headers.find("authorization"), IsEmpty());
  EXPECT_THAT(headers.find("cookie"), IsEmpty());
  EXPECT_THAT(headers.find("x-signature"), IsEmpty());
}

TEST_F(forward, says_who_it_is_to_the_server) {
  serve({.token = "token-of-the-server"});
  start("server_token: token-of-the-server\n");
  EXPECT_EQ(post("1").status, 202);
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(server->events().front()->headers.find("authorization"),
            "Bearer token-of-the-server");
}

} // namespace
} // namespace mfo::integration
