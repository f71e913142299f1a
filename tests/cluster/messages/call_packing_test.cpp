#include "cluster/messages/call_packing.hpp"

#include "tests/cluster/messages/cuts.hpp"
#include "tests/cluster/messages/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::expect_no_part_of_it_to_do;
using test::sample_event;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::chrono::steady_clock::time_point call_now{100s};

/// Something in every part.
std::shared_ptr<actors::api_request> sample_request() {
  auto request = std::make_shared<actors::api_request>();
  request->call = {.what = api::operation::memory_set,
                   .method = "PUT",
                   .target = "/api/memory/a%20b?x=1",
                   .content_type = "application/json",
                   .accept = "text/event-stream",
                   .body = std::make_shared<const std::string>(R"({"a":1})"),
                   .repeatable = false};
  request->id = "01a2204a-2be6-7c02-bf96-345f0a5e3e6e-2";
  request->traceparent =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  request->tracestate = "congo=t61rcWkgMzE";
  request->deadline = call_now + 8s;
  return request;
}

std::shared_ptr<actors::api_result> sample_result() {
  auto result = std::make_shared<actors::api_result>();
  result->outcome =
      core::refused(core::errc::upstream_rejected, "the server answered 404");
  result->outcome.attempts = 3;
  result->reply.emplace();
  result->reply->status = 404;
  result->reply->headers = {{"Content-Type", "application/json"},
                            {"X-Thing", "a, b"}};
  result->reply->body = R"({"error":"not here"})";
  return result;
}

remote_call_ptr call_of(actors::api_request_ptr request) {
  return std::make_shared<const remote_call>(
      remote_call{.server = "crm", .what = std::move(request)});
}

remote_call_ptr call_of(core::event_ptr event) {
  return std::make_shared<const remote_call>(
      remote_call{.server = "crm", .what = std::move(event)});
}

calls_message everything_of_calls() {
  calls_message what;
  what.received = 40;
  what.heard = 1000;
  what.grant = credit_grant{.link = 0xffff'0000'1111'2222U,
                            .total = {.events = 2048, .bytes = 1 << 24}};
  what.handed_back = {{.key = 7, .why = call_refusal::unknown_server},
                      {.key = 8, .why = call_refusal::full}};
  what.cancelled = {9, 300};
  what.results = {{.number = 17, .key = 10, .result = sample_result()},
                  {.number = 18,
                   .key = 11,
                   .result = std::make_shared<const actors::api_result>()}};
  what.calls = {
      {.number = 41, .key = 12, .call = call_of(sample_request())},
      {.number = 42, .key = 13, .call = call_of(sample_event(call_now))}};
  return what;
}

tl::expected<calls_message, std::string> unpack_now(std::string_view bytes) {
  return unpack_calls(bytes, call_now);
}

TEST(a_message_of_calls, arrives_as_it_was_packed) {
  const auto sent = everything_of_calls();
  const auto bytes = pack_calls(sent, call_now);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(come->received, 40u);
  EXPECT_EQ(come->heard, 1000u);
  EXPECT_EQ(come->grant, sent.grant);
  EXPECT_EQ(come->handed_back, sent.handed_back);
  EXPECT_THAT(come->cancelled, ElementsAre(9u, 300u));
  ASSERT_EQ(come->results.size(), 2u);
  EXPECT_EQ(come->results[1].number, 18u);
  EXPECT_EQ(come->results[1].key, 11u);
  ASSERT_EQ(come->calls.size(), 2u);
  EXPECT_EQ(come->calls[0].number, 41u);
  EXPECT_EQ(come->calls[0].key, 12u);
  EXPECT_EQ(pack_calls(*come, call_now), bytes);
}

TEST(a_message_of_calls, has_a_request_as_it_is_to_be_made) {
  const auto bytes = pack_calls(everything_of_calls(), call_now);
  const auto come = unpack_calls(bytes, call_now + 1h);
  ASSERT_TRUE(come) << come.error();
  const auto& call = *come->calls[0].call;
  EXPECT_EQ(call.server, "crm");
  const auto& request = *std::get<actors::api_request_ptr>(call.what);
  const auto wanted = sample_request();
  EXPECT_EQ(request.call.what, api::operation::memory_set);
  EXPECT_EQ(request.call.method, "PUT");
  EXPECT_EQ(request.call.target, wanted->call.target);
  EXPECT_EQ(request.call.content_type, "application/json");
  EXPECT_EQ(request.call.accept, "text/event-stream");
  EXPECT_EQ(*request.call.body, R"({"a":1})");
  EXPECT_FALSE(request.call.repeatable);
  EXPECT_EQ(request.id, wanted->id);
  EXPECT_EQ(request.traceparent, wanted->traceparent);
  EXPECT_EQ(request.tracestate, wanted->tracestate);
  EXPECT_EQ(request.deadline, call_now + 1h + 8s);
  EXPECT_EQ(call.id(), wanted->id);
  EXPECT_EQ(call.deadline(), request.deadline);
  EXPECT_FALSE(call.repeatable());
}

TEST(a_message_of_calls, knows_no_body_from_an_empty_one) {
  auto with = sample_request();
  with->call.body = std::make_shared<const std::string>();
  auto without = sample_request();
  without->call.body = nullptr;
  const auto bytes =
      pack_calls({.calls = {{.number = 1, .key = 1, .call = call_of(with)},
                            {.number = 2, .key = 2, .call = call_of(without)}}},
                 call_now);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  const auto body = [&](std::size_t index) {
    return std::get<actors::api_request_ptr>(come->calls[index].call->what)
        ->call.body;
  };
  ASSERT_NE(body(0), nullptr);
  EXPECT_THAT(*body(0), IsEmpty());
  EXPECT_EQ(body(1), nullptr);
}

TEST(a_message_of_calls, has_what_a_connector_asks_of_an_event) {
  const auto event = sample_event(call_now);
  auto endpoint = std::make_shared<config::endpoint_settings>();
  endpoint->id = "orders";
  endpoint->event_type = "order.any";
  endpoint->ack = config::ack_mode::received;
  endpoint->lifetime = 90s;
  event->endpoint = endpoint;
  event->own_type.clear();
  const auto bytes = pack_calls(
      {.calls = {{.number = 1, .key = 1, .call = call_of(event)}}}, call_now);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  const auto& call = *come->calls[0].call;
  EXPECT_EQ(call.id(), event->id);
  EXPECT_TRUE(call.repeatable());
  const auto& got = *std::get<core::event_ptr>(call.what);
  EXPECT_EQ(got.type(), "order.any");
  EXPECT_EQ(got.source(), event->source());
  EXPECT_EQ(got.envelope, event->envelope);
  EXPECT_EQ(got.payload(), event->payload());
  EXPECT_EQ(got.traceparent, event->traceparent);
  EXPECT_EQ(got.tracestate, event->tracestate);
  EXPECT_EQ(got.deadline, call_now + 8s);
  EXPECT_EQ(got.endpoint->id, "orders");
  EXPECT_EQ(got.endpoint->server, "crm");
  EXPECT_EQ(got.endpoint->ack, config::ack_mode::received);
  EXPECT_EQ(got.endpoint->lifetime, 90s);
}

TEST(a_message_of_calls, has_a_reply_with_its_fields) {
  const auto bytes = pack_calls(everything_of_calls(), call_now);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  const auto& result = *come->results[0].result;
  EXPECT_EQ(result.outcome.error, core::errc::upstream_rejected);
  EXPECT_EQ(result.outcome.attempts, 3u);
  ASSERT_TRUE(result.reply);
  EXPECT_EQ(result.reply->status, 404);
  EXPECT_THAT(result.reply->headers,
              ElementsAre(Pair("Content-Type", "application/json"),
                          Pair("X-Thing", "a, b")));
  EXPECT_EQ(result.reply->body, R"({"error":"not here"})");
  EXPECT_TRUE(come->results[1].result->outcome.delivered());
  EXPECT_FALSE(come->results[1].result->reply);
}

TEST(a_message_of_calls, gives_no_time_to_a_call_whose_time_is_up) {
  const auto bytes = pack_calls(
      {.calls = {{.number = 1, .key = 1, .call = call_of(sample_request())}}},
      call_now + 1h);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(come->calls[0].call->deadline(), call_now);
}

TEST(a_message_of_calls, is_small_when_there_is_little_to_say) {
  const auto bytes = pack_calls({.received = 1, .heard = 2}, call_now);
  EXPECT_EQ(bytes.size(), 7u);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_FALSE(come->grant);
  EXPECT_THAT(come->calls, IsEmpty());
}

TEST(a_message_of_calls, is_whole_or_none) {
  expect_no_part_of_it_to_do(pack_calls(everything_of_calls(), call_now),
                             unpack_now);
}

TEST(a_message_of_calls, counts_calls_for_about_what_they_add_to_it) {
  const auto whole = everything_of_calls();
  for (const auto& each : whole.calls) {
    const auto added = pack_calls({.calls = {each}}, call_now).size() -
                       pack_calls(calls_message{}, call_now).size();
    EXPECT_GE(packed_size(*each.call), added);
    EXPECT_LE(packed_size(*each.call), added + 160);
  }
  const auto bytes = pack_calls(whole, call_now);
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  for (std::size_t i = 0; i < whole.calls.size(); ++i)
    EXPECT_EQ(packed_size(*come->calls[i].call),
              packed_size(*whole.calls[i].call));
}

TEST(a_message_of_calls, counts_results_for_about_what_they_add_to_it) {
  for (const auto& each : everything_of_calls().results) {
    const auto added = pack_calls({.results = {each}}, call_now).size() -
                       pack_calls(calls_message{}, call_now).size();
    EXPECT_GE(packed_size(*each.result), added);
    EXPECT_LE(packed_size(*each.result), added + 128);
  }
}

TEST(a_message_of_calls, takes_an_operation_that_it_does_not_know_for_a_word) {
  auto bytes = pack_calls(everything_of_calls(), call_now);
  const std::string known = "memory_set";
  bytes.replace(bytes.find(known), known.size(), "memory_mix");
  const auto come = unpack_now(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(
      std::get<actors::api_request_ptr>(come->calls[0].call->what)->call.what,
      api::operation::info);
}

/// As long as it may be: sent, and read.
void expect_to_be_read(const remote_call_ptr& call) {
  ASSERT_EQ(obstacle_to(*call), std::nullopt);
  const auto come = unpack_now(
      pack_calls({.calls = {{.number = 1, .key = 1, .call = call}}}, call_now));
  EXPECT_TRUE(come) << come.error();
}

void expect_not_to_be_read(const remote_call_ptr& call) {
  EXPECT_TRUE(obstacle_to(*call));
  EXPECT_FALSE(unpack_now(pack_calls(
      {.calls = {{.number = 1, .key = 1, .call = call}}}, call_now)));
}

TEST(a_call, is_sent_if_it_can_be_read_and_not_else) {
  const auto target = [](std::size_t size) {
    auto request = sample_request();
    request->call.target.assign(size, 'x');
    return call_of(request);
  };
  expect_to_be_read(target(64 * 1024));
  expect_not_to_be_read(target(64 * 1024 + 1));

  const auto id = [](std::size_t size) {
    auto request = sample_request();
    request->id.assign(size, 'x');
    return call_of(request);
  };
  expect_to_be_read(id(128));
  expect_not_to_be_read(id(129));

  const auto type = [](std::size_t size) {
    const auto event = sample_event(call_now);
    event->own_type.assign(size, 'x');
    return call_of(event);
  };
  expect_to_be_read(type(1024));
  expect_not_to_be_read(type(1025));

  const auto source = [](std::size_t size) {
    const auto event = sample_event(call_now);
    event->own_source.assign(size, 'x');
    return call_of(event);
  };
  expect_to_be_read(source(1024));
  expect_not_to_be_read(source(1025));

  const auto body = [](std::size_t size) {
    auto request = sample_request();
    request->call.body = std::make_shared<const std::string>(size, 'x');
    return call_of(request);
  };
  const auto around = packed_size(*body(0));
  expect_to_be_read(body(largest_call - around));
  expect_not_to_be_read(body(largest_call - around + 1));
  EXPECT_THAT(*obstacle_to(*body(largest_call)),
              HasSubstr("is too large to go from node to node"));
}

TEST(a_result, is_not_sent_if_it_is_too_large) {
  EXPECT_FALSE(obstacle_to(*sample_result()));
  auto large = sample_result();
  large->reply->body.assign(largest_call, 'x');
  EXPECT_THAT(*obstacle_to(*large),
              HasSubstr("is too large to go from node to node"));
  auto with_a_long_field = sample_result();
  with_a_long_field->reply->headers.add("X-A", std::string(64 * 1024 + 1, 'x'));
  EXPECT_EQ(obstacle_to(*with_a_long_field), "has a field that is too long");
  auto with_many_fields = sample_result();
  for (int i = 0; i < 257; ++i)
    with_many_fields->reply->headers.add("X-A", "");
  EXPECT_EQ(obstacle_to(*with_many_fields), "has too many fields");
}

} // namespace

} // namespace mfo::cluster
