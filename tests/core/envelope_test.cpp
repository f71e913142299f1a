#include "core/envelope.hpp"

#include "core/event_id.hpp"
#include "core/json_check.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct an_event : testing::Test {
  an_event() {
    settings.id = "orders";
    settings.event_type = "order.received";
    settings.lifetime = 3s;
    origin.node_name = "node-1";
    origin.depths = std::make_shared<stage_depths>();
    origin.random = [this] {
      return ++random_calls;
    };
  }

  event_ptr make(const request_view& request) {
    return make_event(
        request, std::make_shared<const config::endpoint_settings>(settings),
        origin, now);
  }

  config::endpoint_settings settings;
  event_origin origin;
  std::uint64_t random_calls = 0;
  instant now{1'763'970'828'001ms, std::chrono::steady_clock::time_point{1h}};
};

TEST_F(an_event, has_the_envelope_that_the_contract_shows) {
  const auto ev = make({.payload = R"({"a":1})",
                        .delivery_id = "d-1",
                        .content_type = "application/json"});
  EXPECT_EQ(ev->envelope,
            R"({"id":")" + ev->id +
                R"(","type":"order.received","source":"webhook/orders",)"
                R"("timestamp":"2025-11-24T07:53:48.001Z","payload":{"a":1},)"
                R"("metadata":{"endpoint":"orders","node":"node-1",)"
                R"("delivery_id":"d-1","content_type":"application/json"}})");
}

TEST_F(an_event, leaves_out_what_the_sender_did_not_say) {
  const auto ev = make({.payload = "1"});
  EXPECT_EQ(json::parse(ev->envelope)["metadata"],
            json({{"endpoint", "orders"}, {"node", "node-1"}}));
}

TEST_F(an_event, has_the_payload_byte_for_byte) {
  for (const std::string payload :
       {R"( {"b":1.0, "a":12345678901234567890,"a":"\u00e9\/\uD800"} )",
        "1e400", "[1,\n2]", "", "no json", "\xff\xfe"}) {
    const auto ev = make({.payload = payload});
    EXPECT_EQ(ev->payload(), payload);
    EXPECT_EQ(ev->envelope.substr(ev->payload_offset, payload.size()), payload);
    EXPECT_EQ(ev->envelope.substr(0, ev->payload_offset)
                  .substr(ev->payload_offset - 10),
              "\"payload\":");
    EXPECT_TRUE(ev->envelope.substr(ev->payload_offset + payload.size())
                    .starts_with(",\"metadata\":{"));
  }
}

TEST_F(an_event, can_be_read_beyond_its_payload_by_the_json_check) {
  for (const std::size_t size : {0, 1, 2, 63, 64, 65, 1'000, 4'096, 100'000}) {
    const auto ev = make({.payload = std::string(size, '1')});
    EXPECT_GE(ev->envelope.capacity(),
              ev->payload_offset + ev->payload_size + json_padding)
        << size;
  }
}

TEST_F(an_event, gives_its_envelope_away_without_a_copy) {
  const auto ev = make({.payload = "1"});
  const auto body = body_of(ev);
  EXPECT_EQ(body.get(), &ev->envelope);
  EXPECT_EQ(ev.use_count(), 2);
}

TEST_F(an_event, escapes_whatever_a_sender_puts_in_a_header) {
  const std::string nasty{"\"},{\\\r\n\x01\xff\x7f"};
  const auto ev =
      make({.payload = "1", .delivery_id = nasty, .content_type = nasty});
  const auto metadata = json::parse(ev->envelope)["metadata"];
  EXPECT_EQ(metadata["delivery_id"], "\"},{\\\r\n\x01\xEF\xBF\xBD\x7f");
}

TEST_F(an_event, knows_its_senders_id_of_the_delivery) {
  EXPECT_EQ(delivery_id_of(*make({.payload = "1", .delivery_id = "d-1"})),
            "d-1");
  EXPECT_EQ(delivery_id_of(*make({.payload = "1"})), "");
  const auto odd = make({.payload = R"({"x":",\"delivery_id\":\"y\""})",
                         .delivery_id = R"(a"b\c)",
                         .content_type = R"(,"delivery_id":"no")"});
  EXPECT_EQ(delivery_id_of(*odd), R"(a"b\c)");
}

TEST_F(an_event, may_have_a_type_of_its_own) {
  const auto ev = make({.payload = "1", .type = "github.push"});
  EXPECT_EQ(json::parse(ev->envelope)["type"], "github.push");
  EXPECT_EQ(ev->type(), "github.push");
  EXPECT_EQ(make({.payload = "1"})->type(), "order.received");
}

TEST_F(an_event, keeps_its_ordering_key_unless_its_payload_has_another) {
  const auto ev = make({.payload = "1", .ordering_key = "k"});
  EXPECT_EQ(ev->ordering_key, "k");
  EXPECT_EQ(refine(*ev, {.payload = "1"})->ordering_key, "k");
  EXPECT_EQ(refine(*ev, {.payload = "1", .ordering_key = "l"})->ordering_key,
            "l");
  EXPECT_EQ(derive(*ev, {.payload = "1", .name = "n"})->ordering_key, "");
  const std::string longer(1'000, 'k');
  EXPECT_EQ(make({.payload = "1", .ordering_key = longer})->ordering_key.size(),
            71u);
}

TEST_F(an_event, cuts_long_labels) {
  const std::string longer(10'000, 'x');
  settings.event_type = longer;
  const auto ev =
      make({.payload = "1", .delivery_id = longer, .content_type = longer});
  const auto read = json::parse(ev->envelope);
  const std::string cut(256, 'x');
  EXPECT_EQ(read["type"], cut);
  EXPECT_EQ(read["metadata"]["delivery_id"], cut);
  EXPECT_EQ(read["metadata"]["content_type"], cut);
}

TEST_F(an_event, is_json_when_a_label_is_cut_within_a_character) {
  const auto label = std::string(255, 'x') + "\xc3\xa9";
  const auto ev = make({.payload = "1", .delivery_id = label});
  EXPECT_TRUE(json::accept(ev->envelope));
}

TEST_F(an_event, has_an_id_of_its_time_when_the_sender_names_none) {
  const auto first = make({.payload = "1"});
  const auto second = make({.payload = "1"});
  EXPECT_EQ(first->id, uuid_v7(now.unix_time, 1, 2));
  EXPECT_NE(first->id, second->id);
}

TEST_F(an_event, has_the_same_id_when_the_sender_repeats_a_delivery) {
  const auto first = make({.payload = "1", .delivery_id = "d-1"});
  now.unix_time += 1h;
  const auto again = make({.payload = "2", .delivery_id = "d-1"});
  EXPECT_EQ(first->id, again->id);
  EXPECT_EQ(first->id, delivery_uuid("orders", "d-1"));
}

TEST_F(an_event, has_another_id_at_another_endpoint) {
  const auto first = make({.payload = "1", .delivery_id = "d-1"});
  settings.id = "invoices";
  EXPECT_NE(first->id, make({.payload = "1", .delivery_id = "d-1"})->id);
}

TEST_F(an_event, tells_long_delivery_ids_apart_that_it_shows_cut) {
  const std::string longer(300, 'x');
  EXPECT_NE(make({.payload = "1", .delivery_id = longer + "1"})->id,
            make({.payload = "1", .delivery_id = longer + "2"})->id);
}

TEST_F(an_event, has_the_id_that_an_answer_without_an_event_would_have) {
  EXPECT_EQ(make_event_id("orders", "d-1", now, origin.random),
            make({.payload = "1", .delivery_id = "d-1"})->id);
  EXPECT_EQ(random_calls, 3u) << "of the event's trace alone";
  EXPECT_EQ(make_event_id("orders", "", now, origin.random),
            uuid_v7(now.unix_time, 4, 5));
}

TEST_F(an_event, must_be_answered_within_its_endpoints_time) {
  const auto ev = make({.payload = "1"});
  EXPECT_EQ(ev->received_at, now.steady);
  EXPECT_EQ(ev->deadline, now.steady + 3s);
}

TEST_F(an_event, continues_the_senders_trace) {
  const auto ev =
      make({.payload = "1",
            .traceparent =
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"});
  EXPECT_TRUE(ev->traceparent.view().starts_with(
      "00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  EXPECT_EQ(ev->traceparent.view().find("00f067aa0ba902b7"), std::string::npos);
}

TEST_F(an_event, knows_whose_child_it_is_in_the_trace) {
  const auto ev = make(
      {.payload = "1",
       .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       .tracestate = "congo=t61rcWkgMzE"});
  EXPECT_EQ(ev->parent_span, 0x00f067aa0ba902b7U);
  EXPECT_EQ(ev->tracestate, "congo=t61rcWkgMzE");
  const auto first = make({.payload = "1", .tracestate = "congo=t61rcWkgMzE"});
  EXPECT_EQ(first->parent_span, 0U);
  EXPECT_EQ(first->tracestate, "");
}

TEST_F(an_event, begins_a_trace_that_is_sampled_as_its_origin_says) {
  EXPECT_TRUE(make({.payload = "1"})->traceparent.view().ends_with("-00"));
  origin.sample_ratio = 1;
  EXPECT_TRUE(make({.payload = "1"})->traceparent.view().ends_with("-01"));
}

TEST_F(an_event, tells_a_cloud_event_of_its_trace) {
  const auto ev = make(
      {.payload = "1",
       .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       .tracestate = "a=1,b=2"});
  const auto cloud = json::parse(to_cloud_event(*ev));
  EXPECT_EQ(cloud["traceparent"], std::string{ev->traceparent});
  EXPECT_EQ(cloud["tracestate"], "a=1,b=2");
  EXPECT_FALSE(json::parse(to_cloud_event(*make({.payload = "1"})))
                   .contains("tracestate"));
}

TEST_F(an_event, begins_in_the_intake_and_keeps_the_signature) {
  header_fields fields;
  fields.add("X-Signature", "sha256=00");
  const auto ev = make({.payload = "1", .fields = fields});
  EXPECT_EQ(ev->fields.find("x-signature"), "sha256=00");
  EXPECT_FALSE(ev->proven);
  EXPECT_EQ(ev->where.where(), stage::intake);
  EXPECT_EQ(origin.depths->depth(stage::intake), 1);
  EXPECT_EQ(ev->endpoint->id, "orders");
}

TEST_F(an_event, leaves_its_stage_when_it_is_gone) {
  make({.payload = "1"});
  EXPECT_EQ(origin.depths->depth(stage::intake), 0);
}

struct a_refined_event : an_event {
  static json read(const event_ptr& ev) {
    return json::parse(ev->envelope);
  }
};

TEST_F(a_refined_event, is_the_received_one_with_another_payload) {
  const auto received = make({.payload = "a=1",
                              .delivery_id = "d-1",
                              .content_type = "application/x"});
  const auto ev = refine(*received, {.payload = R"({"a":"1"})"});
  EXPECT_TRUE(ev->proven);
  EXPECT_EQ(ev->id, received->id);
  EXPECT_TRUE(ev->named_by_sender);
  EXPECT_EQ(ev->payload(), R"({"a":"1"})");
  EXPECT_EQ(ev->traceparent, received->traceparent);
  EXPECT_EQ(ev->deadline, received->deadline);
  auto expected = json::parse(make({.payload = R"({"a":"1"})",
                                    .delivery_id = "d-1",
                                    .content_type = "application/x"})
                                  ->envelope);
  EXPECT_EQ(read(ev), expected);
}

TEST_F(a_refined_event, has_a_span_of_its_own_unless_it_is_the_first) {
  const auto received = make(
      {.payload = "x",
       .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       .tracestate = "a=1"});
  const auto first = refine(*received, {.payload = "1"});
  const auto second = refine(*received, {.payload = "2", .number = 1});
  const auto third = refine(*received, {.payload = "3", .number = 2});
  EXPECT_EQ(first->traceparent, received->traceparent);
  EXPECT_EQ(second->traceparent.view().substr(0, 35),
            received->traceparent.view().substr(0, 35));
  EXPECT_NE(second->traceparent, received->traceparent);
  EXPECT_NE(third->traceparent, second->traceparent);
  EXPECT_EQ(third->tracestate, "a=1");
  EXPECT_EQ(third->parent_span, 0x00f067aa0ba902b7U);
}

TEST_F(a_refined_event, has_type_source_and_id_of_what_was_found) {
  const auto received = make({.payload = "x"});
  const auto ev = refine(*received, {.payload = "1",
                                     .type = "com.example.sold",
                                     .source = "/shop",
                                     .delivery_id = "/shop\n7",
                                     .cloud_event = R"({"id":"7"})"});
  EXPECT_EQ(ev->id, delivery_uuid("orders", "/shop\n7"));
  EXPECT_TRUE(ev->named_by_sender);
  EXPECT_EQ(read(ev)["type"], "com.example.sold");
  EXPECT_EQ(read(ev)["source"], "/shop");
  EXPECT_EQ(read(ev)["metadata"]["cloud_event"], json({{"id", "7"}}));
  EXPECT_EQ(read(ev)["metadata"]["delivery_id"], "/shop\n7");
  EXPECT_EQ(json::parse(to_cloud_event(*ev))["source"], "/shop");
  EXPECT_EQ(json::parse(to_cloud_event(*ev))["type"], "com.example.sold");
}

TEST_F(a_refined_event, keeps_the_delivery_id_of_its_request_as_a_label) {
  const auto received = make({.payload = "x", .delivery_id = "d-1"});
  const auto ev = refine(*received, {.payload = "1", .delivery_id = "7"});
  EXPECT_EQ(read(ev)["metadata"]["delivery_id"], "d-1");
  EXPECT_EQ(ev->id, delivery_uuid("orders", "7"));
}

TEST_F(a_refined_event, keeps_the_type_that_the_head_gave) {
  const auto received = make({.payload = "x", .type = "github.push"});
  EXPECT_EQ(refine(*received, {.payload = "1"})->type(), "github.push");
}

TEST_F(a_refined_event, can_be_read_beyond_its_payload_and_leaves_its_stage) {
  const auto received = make({.payload = "x"});
  {
    const auto ev = refine(*received, {.payload = "1"});
    EXPECT_GE(ev->envelope.capacity(), ev->payload_offset + 1 + json_padding);
    EXPECT_EQ(origin.depths->depth(stage::intake), 2);
  }
  EXPECT_EQ(origin.depths->depth(stage::intake), 1);
}

} // namespace

} // namespace mfo::core
