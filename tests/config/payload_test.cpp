#include "tests/config/fixture.hpp"

#include "config/redact.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A file whose endpoint has these keys too.
std::string with_keys(const std::string& keys) {
  return "server_url: https://a\nendpoints:\n"
         "  - id: e\n    path: /e\n    signature: {secret: s}\n    " +
         keys + "\n";
}

endpoint_settings endpoint_with(const std::string& keys) {
  const auto node = must_load(with_keys(keys));
  return node.endpoints.empty() ? endpoint_settings{} : node.endpoints[0];
}

std::string payload_problems(const std::string& keys) {
  return problems_of(with_keys(keys));
}

TEST(formats, are_json_forms_and_single_cloud_events) {
  const auto payload = endpoint_with("ack: completed").payload;
  EXPECT_TRUE(payload.json && payload.form && payload.cloud_events);
  EXPECT_FALSE(payload.cloud_batch);
}

TEST(formats, are_those_that_are_listed) {
  const auto payload =
      endpoint_with("formats: [json, cloudevents-batch]").payload;
  EXPECT_TRUE(payload.json && payload.cloud_batch);
  EXPECT_FALSE(payload.form || payload.cloud_events);
}

TEST(formats, are_at_least_one_and_known) {
  EXPECT_THAT(payload_problems("formats: []"),
              HasSubstr("endpoints[0].formats"));
  EXPECT_THAT(payload_problems("formats: [xml]"),
              HasSubstr("must be one of json, form, cloudevents, "
                        "cloudevents-batch"));
}

TEST(an_event_type, may_be_fixed) {
  const auto endpoint = endpoint_with("event_type: order.sold");
  EXPECT_EQ(endpoint.event_type, "order.sold");
  EXPECT_TRUE(endpoint.type_source.fixed);
  EXPECT_FALSE(endpoint_with("ack: completed").type_source.fixed);
}

TEST(an_event_type, may_be_in_a_header_or_in_the_payload) {
  const auto header =
      endpoint_with("event_type: {header: X-Event, prefix: github.}");
  EXPECT_EQ(header.type_source.header, "X-Event");
  EXPECT_EQ(header.type_source.prefix, "github.");
  EXPECT_EQ(header.event_type, "webhook.received");
  EXPECT_EQ(endpoint_with("event_type: {field: /a/b}").type_source.field,
            "/a/b");
}

TEST(an_event_type, may_have_one_for_want_of_another) {
  const auto endpoint =
      endpoint_with("event_type: {header: X-Event, default: github.unknown}");
  EXPECT_EQ(endpoint.event_type, "github.unknown");
  EXPECT_FALSE(endpoint.type_source.fixed);
  EXPECT_THAT(payload_problems("event_type: {header: X, default: 'a b'}"),
              HasSubstr("event_type.default"));
  EXPECT_THAT(payload_problems("event_type: {default: a}"),
              HasSubstr("must have header or field, and not both"));
}

TEST(an_event_type, is_in_one_place) {
  for (const auto* wrong : {"{}", "{prefix: x.}", "{header: X, field: /a}"})
    EXPECT_THAT(payload_problems(std::string{"event_type: "} + wrong),
                HasSubstr("must have header or field, and not both"))
        << wrong;
}

TEST(an_event_type, has_no_other_keys) {
  EXPECT_THAT(payload_problems("event_type: {heather: X}"),
              HasSubstr("must be a name, or a map of header or field"));
}

TEST(an_event_type, has_a_source_that_can_be_looked_up) {
  EXPECT_THAT(payload_problems("event_type: {field: a}"),
              HasSubstr("must be a JSON Pointer"));
  EXPECT_THAT(payload_problems("event_type: {field: /a~2}"),
              HasSubstr("must be a JSON Pointer"));
  EXPECT_THAT(payload_problems("event_type: {header: 'a b'}"),
              HasSubstr("event_type.header"));
  EXPECT_THAT(payload_problems("event_type: {header: X, prefix: 'a b'}"),
              HasSubstr("event_type.prefix"));
  EXPECT_THAT(payload_problems("event_type: a b"), HasSubstr("dotted name"));
}

TEST(an_event_type, is_shown_as_it_was_given) {
  const auto shown = redacted_yaml(
      must_load(with_keys("event_type: {header: X-Event, prefix: github., "
                          "default: github.unknown}")));
  const auto again = must_load(shown).endpoints.at(0);
  EXPECT_EQ(again.type_source.header, "X-Event");
  EXPECT_EQ(again.type_source.prefix, "github.");
  EXPECT_EQ(again.event_type, "github.unknown");
}

TEST(a_handshake, is_with_the_senders_that_are_listed) {
  const auto handshake =
      endpoint_with("cloudevents: {allowed_origins: [a.example, '*'], "
                    "allowed_rate: 60}")
          .handshake;
  EXPECT_THAT(handshake.allowed_origins, ElementsAre("a.example", "*"));
  EXPECT_EQ(handshake.allowed_rate, 60U);
  EXPECT_THAT(payload_problems("cloudevents: {allowed_origins: ['a b']}"),
              HasSubstr("must be the name of a host"));
}

TEST(limits_of_payloads, have_bounds_of_their_own) {
  const auto limits = must_load(minimal + "limits: {max_inflate_ratio: 2, "
                                          "max_json_depth: 3, "
                                          "max_json_tokens: 4}\n")
                          .limits;
  EXPECT_EQ(limits.max_inflate_ratio, 2U);
  EXPECT_EQ(limits.max_json_depth, 3U);
  EXPECT_EQ(limits.max_json_tokens, 4U);
  EXPECT_THAT(problems_of(minimal + "limits: {max_json_depth: 1025}\n"),
              HasSubstr("max_json_depth"));
}

} // namespace

} // namespace mfo::config
