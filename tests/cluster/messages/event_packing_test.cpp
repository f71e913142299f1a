#include "cluster/messages/event_packing.hpp"

#include "core/json_check.hpp"
#include "core/ordering_key.hpp"
#include "tests/cluster/messages/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::sample_event;
using test::the_endpoint;
using ::testing::HasSubstr;

constexpr std::chrono::steady_clock::time_point here{100s};
constexpr std::chrono::steady_clock::time_point there{9000s};

struct packed_event : testing::Test {
  std::string bytes;

  wire_event send(const core::event& what) {
    packer out;
    put(out, what, here);
    bytes = out.take();
    unpacker in(bytes);
    const auto read = read_event(in);
    in.end();
    EXPECT_FALSE(in.failed()) << *in.error();
    return read;
  }
};

TEST_F(packed_event, is_the_same_event_at_its_other_end) {
  const auto sent = sample_event(here);
  const auto depths = std::make_shared<core::stage_depths>();
  const auto come = revive(send(*sent), the_endpoint(), depths, there);
  EXPECT_EQ(come->id, sent->id);
  EXPECT_EQ(come->endpoint->id, sent->endpoint->id);
  EXPECT_EQ(come->named_by_sender, sent->named_by_sender);
  EXPECT_TRUE(come->proven);
  EXPECT_EQ(come->type(), sent->type());
  EXPECT_EQ(come->source(), sent->source());
  EXPECT_EQ(come->hops, sent->hops);
  EXPECT_EQ(come->client, sent->client);
  EXPECT_EQ(come->traceparent, sent->traceparent);
  EXPECT_EQ(come->tracestate, sent->tracestate);
  EXPECT_EQ(come->envelope, sent->envelope);
  EXPECT_EQ(come->payload(), sent->payload());
  EXPECT_EQ(come->received_unix, sent->received_unix);
  EXPECT_EQ(depths->depth(core::stage::router), 1);
}

TEST_F(packed_event, has_a_span_of_its_own_there) {
  const auto sent = sample_event(here);
  const auto come =
      revive(send(*sent), the_endpoint(), nullptr, there, nullptr, true);
  EXPECT_EQ(come->traceparent.view().substr(0, 36),
            sent->traceparent.view().substr(0, 36));
  EXPECT_NE(come->traceparent, sent->traceparent);
  EXPECT_TRUE(come->traceparent.view().ends_with("-01"));
  EXPECT_EQ(come->parent_span, 0xb7ad6b7169203331U);
  EXPECT_EQ(come->given_at, there);
}

TEST_F(packed_event, has_no_place_in_a_trace_where_it_came_with_none) {
  const auto sent = sample_event(here);
  sent->traceparent = core::traceparent_text{"00-nowhere"};
  const auto come =
      revive(send(*sent), the_endpoint(), nullptr, there, nullptr, true);
  EXPECT_EQ(come->traceparent, "");
  EXPECT_EQ(come->parent_span, 0U);
}

TEST_F(packed_event, keeps_its_span_where_nobody_sees_it) {
  const auto sent = sample_event(here);
  EXPECT_EQ(revive(send(*sent), the_endpoint(), nullptr, there)->parent_span,
            0U);
  auto place = core::parse_traceparent(sent->traceparent).value();
  place.sampled = false;
  sent->traceparent = core::traceparent_of(place);
  const auto come =
      revive(send(*sent), the_endpoint(), nullptr, there, nullptr, true);
  EXPECT_EQ(come->traceparent, sent->traceparent);
  EXPECT_EQ(come->parent_span, 0U);
}

TEST_F(packed_event, keeps_its_ordering_key) {
  const auto sent = sample_event(here);
  sent->ordering_key = std::string(core::longest_ordering_key, 'k');
  EXPECT_EQ(revive(send(*sent), the_endpoint(), nullptr, there)->ordering_key,
            sent->ordering_key);
}

TEST_F(packed_event, has_its_age_and_its_time_by_the_clock_there) {
  const auto sent = sample_event(here);
  const auto come = revive(send(*sent), the_endpoint(), nullptr, there);
  EXPECT_EQ(there - come->received_at, here - sent->received_at);
  EXPECT_EQ(come->deadline - there, sent->deadline - here);
}

TEST_F(packed_event, has_room_for_the_json_check_behind_its_payload) {
  const auto come =
      revive(send(*sample_event(here)), the_endpoint(), nullptr, there);
  EXPECT_GE(come->envelope.capacity(),
            come->payload_offset + come->payload_size + core::json_padding);
}

TEST_F(packed_event, has_no_time_left_when_it_is_too_late) {
  const auto sent = sample_event(here - 1h);
  EXPECT_EQ(send(*sent).time_left, 0ms);
}

TEST_F(packed_event, cannot_have_its_payload_outside_of_the_envelope) {
  const auto sent = sample_event(here);
  sent->payload_size = sent->envelope.size();
  packer out;
  put(out, *sent, here);
  bytes = out.take();
  unpacker in(bytes);
  static_cast<void>(read_event(in));
  EXPECT_TRUE(in.failed());
}

core::outcome sent_over(const core::outcome& what) {
  packer out;
  put(out, what);
  const auto bytes = out.take();
  unpacker in(bytes);
  auto read = read_outcome(in);
  in.end();
  EXPECT_FALSE(in.failed()) << *in.error();
  return read;
}

TEST(a_packed_outcome, is_the_same_at_its_other_end) {
  core::outcome sent;
  sent.error = core::errc::schema_violation;
  sent.attempts = 3;
  sent.upstream_status = 422;
  sent.retry_after = 1500ms;
  sent.reply = R"({"challenge":1})";
  sent.challenge = "Bearer";
  sent.violations = {{"/a", "required"}, {"", "type"}};
  sent.detail = "for the log";
  const auto come = sent_over(sent);
  EXPECT_EQ(come.error, sent.error);
  EXPECT_EQ(come.attempts, sent.attempts);
  EXPECT_EQ(come.upstream_status, sent.upstream_status);
  EXPECT_EQ(come.retry_after, sent.retry_after);
  EXPECT_EQ(come.reply, sent.reply);
  EXPECT_EQ(come.challenge, sent.challenge);
  ASSERT_EQ(come.violations.size(), 2u);
  EXPECT_EQ(come.violations[0].pointer, "/a");
  EXPECT_EQ(come.violations[0].rule, "required");
  EXPECT_EQ(come.detail, sent.detail);
}

TEST(a_packed_outcome, knows_every_error_of_the_registry) {
  for (const auto& each : core::all_errors()) {
    core::outcome sent;
    sent.error = each.code;
    EXPECT_EQ(sent_over(sent).error, each.code) << each.slug;
  }
  EXPECT_TRUE(sent_over({}).delivered());
}

TEST(a_packed_outcome, of_a_later_version_is_no_success) {
  packer out;
  out.text("moon_not_right").number(1).number(0).number(0);
  out.text("").text("").number(0).text("full");
  const auto bytes = out.take();
  unpacker in(bytes);
  const auto come = read_outcome(in);
  ASSERT_FALSE(in.failed()) << *in.error();
  EXPECT_EQ(come.error, core::errc::internal_error);
  EXPECT_EQ(come.detail, "the peer says: moon_not_right: full");
}

} // namespace

} // namespace mfo::cluster
