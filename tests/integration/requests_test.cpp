#include "tests/integration/fixture.hpp"

#include "tests/payload/deflated.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

/// What a body may be, and what the server gets of it.
class a_request : public running_node {
protected:
  void start_endpoint(const std::string& keys) {
    start_with("endpoints:\n"
               "  - id: hook\n"
               "    path: /hook\n"
               "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n" +
               keys);
  }

  answer post_as(const std::string& type, const std::string& body,
                 const field_list& more = {}) {
    field_list fields{{"Content-Type", type},
                      {"X-Signature", support::hex_hmac_sha256(secret, body)}};
    fields.insert(fields.end(), more.begin(), more.end());
    return devserver::ask(port, "POST", "/hook", body, fields);
  }

  /// The event that the server got last.
  json last() {
    const auto all = server->events();
    return all.empty() ? json{} : json::parse(all.back()->body);
  }
};

const std::string event{
    R"({"specversion":"1.0","id":"7","source":"/shop","type":"shop.sold",)"
    R"("comext":42,"data":{"b":1.0}})"};

TEST_F(a_request, may_be_a_form) {
  start_endpoint("");
  EXPECT_EQ(post_as("application/x-www-form-urlencoded", "a=1&b=x+y").status,
            202);
  EXPECT_EQ(last()["payload"], json({{"a", "1"}, {"b", "x y"}}));
  EXPECT_EQ(post_as("application/x-www-form-urlencoded",
                    "payload=%7B%22action%22%3A%22opened%22%7D")
                .status,
            202);
  EXPECT_EQ(last()["payload"], json({{"action", "opened"}}));
}

TEST_F(a_request, may_be_compressed_and_is_verified_as_it_came) {
  start_endpoint("");
  namespace zip = payload::test;
  EXPECT_EQ(post_as("application/json", zip::deflated(R"({"a":1})", zip::gzip),
                    {{"Content-Encoding", "gzip"}})
                .status,
            202);
  EXPECT_EQ(last()["payload"], json({{"a", 1}}));
  expect_problem(
      post_as("application/json", R"({"a":1})", {{"Content-Encoding", "gzip"}}),
      400, "malformed_body");
  expect_problem(post_as("application/json",
                         zip::deflated(std::string(2'000'000, ' '), zip::gzip),
                         {{"Content-Encoding", "gzip"}}),
                 413, "payload_too_large");
  expect_problem(
      post_as("application/json", "{}", {{"Content-Encoding", "br"}}), 415,
      "unsupported_media_type");
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(a_request, may_not_be_too_complex) {
  start_endpoint("limits: {max_json_depth: 4, max_json_tokens: 20}\n");
  EXPECT_EQ(post_as("application/json", "[[[[]]]]").status, 202);
  expect_problem(post_as("application/json", "[[[[[]]]]]"), 400, "too_complex");
  expect_problem(post_as("application/json", "[1,2,3,4,5,6,7,8,9,10]"), 400,
                 "too_complex");
  expect_problem(post_as("application/json", "[1"), 400, "malformed_json");
}

TEST_F(a_request, may_be_a_cloud_event_in_structured_mode) {
  start_endpoint("");
  const auto first = post_as("application/cloudevents+json", event);
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(last()["type"], "shop.sold");
  EXPECT_EQ(last()["source"], "/shop");
  EXPECT_EQ(last()["payload"], json({{"b", 1.0}}));
  EXPECT_EQ(last()["metadata"]["cloud_event"]["comext"], 42);
  EXPECT_EQ(last()["id"], event_id(first)) << "the answer names the event";
  const auto again = post_as("application/cloudevents+json", event);
  EXPECT_EQ(again.status, 200) << "source and id tell it";
  EXPECT_THAT(again.body, HasSubstr("duplicate"));
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(a_request, may_be_a_cloud_event_in_binary_mode) {
  start_endpoint("");
  const auto got = post_as("application/json", R"({"b":1.0})",
                           {{"ce-specversion", "1.0"},
                            {"ce-id", "8"},
                            {"ce-source", "/caf%C3%A9"},
                            {"ce-type", "shop.sold"}});
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(last()["source"], "/caf\xc3\xa9");
  EXPECT_EQ(last()["type"], "shop.sold");
  expect_problem(post_as("application/json", "{}", {{"ce-specversion", "1.0"}}),
                 400, "malformed_body");
}

TEST_F(a_request,
       may_be_nothing_but_a_cloud_event_where_the_rest_is_not_taken) {
  start_endpoint("    formats: [cloudevents]\n");
  EXPECT_EQ(post_as("application/json", R"({"b":1.0})",
                    {{"ce-specversion", "1.0"},
                     {"ce-id", "9"},
                     {"ce-source", "/shop"},
                     {"ce-type", "shop.sold"}})
                .status,
            202);
  EXPECT_EQ(post_as("application/cloudevents+json", event).status, 202);
  expect_problem(post_as("application/json", "{}"), 415,
                 "unsupported_media_type");
  expect_problem(post_as("application/x-www-form-urlencoded", "a=1",
                         {{"ce-specversion", "1.0"}}),
                 415, "unsupported_media_type");
}

TEST_F(a_request, may_hold_a_batch_where_that_is_allowed) {
  start_endpoint("    formats: [cloudevents, cloudevents-batch]\n");
  const auto other = [](std::string text) {
    return text.replace(text.find("\"7\""), 3, "\"8\"");
  }(event);
  const auto batch = "[" + event + "," + other + "]";
  EXPECT_EQ(post_as("application/cloudevents-batch+json", batch).status, 202);
  EXPECT_EQ(server->count(), 2u);
  const auto third = [](std::string text) {
    return text.replace(text.find("\"7\""), 3, "\"9\"");
  }(event);
  EXPECT_EQ(post_as("application/cloudevents-batch+json",
                    "[" + third + "," + third + "]")
                .status,
            202)
      << "an event that is there twice is one";
  EXPECT_EQ(server->count(), 3u);
  expect_problem(
      post_as("application/cloudevents-batch+json", "[" + event + ",{}]"), 400,
      "malformed_body");
  EXPECT_EQ(sum_of(metrics(), "mfo_events_received_total", ""), 4.0)
      << "three events of two batches, and a batch that was none";
}

TEST_F(a_request, may_not_hold_a_batch_anywhere_else) {
  start_endpoint("");
  expect_problem(
      post_as("application/cloudevents-batch+json", "[" + event + "]"), 415,
      "unsupported_media_type");
  expect_problem(post_as("application/cloudevents+avro", event), 415,
                 "unsupported_media_type");
}

TEST_F(a_request, tells_the_type_in_a_header_or_in_its_payload) {
  start_with("endpoints:\n"
             "  - id: github\n"
             "    path: /hook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    event_type: {header: X-GitHub-Event, prefix: github., "
             "default: github.unknown}\n"
             "  - id: other\n"
             "    path: /other\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    event_type: {field: /type}\n");
  post_as("application/json", "{}", {{"X-GitHub-Event", "push"}});
  EXPECT_EQ(last()["type"], "github.push");
  post_as("application/json", "{}", {{"X-GitHub-Event", "a b"}});
  EXPECT_EQ(last()["type"], "github.unknown");
  const std::string body{R"({"type":"order.sold"})"};
  devserver::ask(port, "POST", "/other", body,
                 {{"Content-Type", "application/json"},
                  {"X-Signature", support::hex_hmac_sha256(secret, body)}});
  EXPECT_EQ(last()["type"], "order.sold");
  EXPECT_THAT(server->events().back()->body, HasSubstr(body)) << "as it stands";
}

TEST_F(a_request, by_options_is_a_handshake_where_senders_are_listed) {
  start_endpoint("    cloudevents: {allowed_origins: [events.example.com], "
                 "allowed_rate: 60}\n");
  const auto ask = [&](const std::string& origin) {
    return devserver::ask(
        port, "OPTIONS", "/hook", "",
        {{"WebHook-Request-Origin", origin}, {"WebHook-Request-Rate", "120"}});
  };
  const auto granted = ask("events.example.com");
  EXPECT_EQ(granted.status, 200);
  EXPECT_EQ(granted.header("webhook-allowed-origin"), "events.example.com");
  EXPECT_EQ(granted.header("webhook-allowed-rate"), "60");
  EXPECT_EQ(granted.header("allow"), "POST");
  expect_problem(ask("evil.example.com"), 403, "origin_not_allowed");
}

TEST_F(a_request, by_options_is_not_allowed_anywhere_else) {
  start_endpoint("");
  const auto got = devserver::ask(port, "OPTIONS", "/hook", "",
                                  {{"WebHook-Request-Origin", "a"}});
  expect_problem(got, 405, "method_not_allowed");
  EXPECT_EQ(got.header("allow"), "POST");
}

} // namespace
} // namespace mfo::integration
