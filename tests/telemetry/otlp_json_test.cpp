#include "telemetry/otlp_json.hpp"

#include "telemetry/version.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

span a_span() {
  return {.place = {.trace_high = 0x4bf92f3577b34da6,
                    .trace_low = 0xa3ce929d0e0e4736,
                    .span = 0x00f067aa0ba902b7,
                    .sampled = true},
          .parent = 0xb7ad6b7169203331,
          .name = "receive orders",
          .kind = span_kind::server,
          .start = 1'763'970'828'001'002us,
          .end = 1'763'970'828'001'005us,
          .attributes = {{"http.route", "/hooks"},
                         {"http.response.status_code", std::int64_t{202}}}};
}

json read_otlp(const std::vector<span>& spans) {
  return json::parse(to_otlp_json(
      {{"service.name", "a \"node\""}, {"host.name", "h"}}, spans));
}

json only_span(const span& one) {
  return read_otlp({one})["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
}

TEST(otlp_json, has_the_members_of_the_protocol) {
  EXPECT_EQ(read_otlp({a_span()}), json::parse(R"({"resourceSpans": [{
    "resource": {"attributes": [
      {"key": "service.name", "value": {"stringValue": "a \"node\""}},
      {"key": "host.name", "value": {"stringValue": "h"}}]},
    "scopeSpans": [{
      "scope": {"name": "mfo-node", "version": ")" +
                                               std::string{version} + R"("},
      "spans": [{
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "spanId": "00f067aa0ba902b7",
        "parentSpanId": "b7ad6b7169203331",
        "name": "receive orders",
        "kind": 2,
        "flags": 1,
        "startTimeUnixNano": "1763970828001002000",
        "endTimeUnixNano": "1763970828001005000",
        "attributes": [
          {"key": "http.route", "value": {"stringValue": "/hooks"}},
          {"key": "http.response.status_code", "value": {"intValue": "202"}}],
        "status": {}}]}]}]})"));
}

TEST(otlp_json, leaves_out_the_parent_of_a_span_that_has_none) {
  auto first = a_span();
  first.parent = 0;
  EXPECT_FALSE(only_span(first).contains("parentSpanId"));
}

TEST(otlp_json, has_the_state_of_a_trace_that_has_one) {
  EXPECT_FALSE(only_span(a_span()).contains("traceState"));
  auto with = a_span();
  with.tracestate = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";
  EXPECT_EQ(only_span(with)["traceState"], with.tracestate);
}

TEST(otlp_json, says_why_a_span_failed) {
  auto failed = a_span();
  failed.failed = true;
  failed.message = "upstream_failed";
  EXPECT_EQ(only_span(failed)["status"],
            json({{"code", 2}, {"message", "upstream_failed"}}));
}

TEST(otlp_json, tells_what_happened_within_a_span) {
  auto with = a_span();
  with.moments = {{"acknowledged", 1us}, {"placed", 2us}};
  EXPECT_EQ(only_span(with)["events"],
            json::parse(R"([{"name": "acknowledged", "timeUnixNano": "1000"},
                            {"name": "placed", "timeUnixNano": "2000"}])"));
}

TEST(otlp_json, holds_many_spans) {
  const auto all = read_otlp({a_span(), a_span(), a_span()});
  EXPECT_EQ(all["resourceSpans"][0]["scopeSpans"][0]["spans"].size(), 3u);
}

TEST(otlp_json, is_valid_whatever_a_text_holds) {
  auto odd = a_span();
  odd.attributes = {{"x", std::string{"\"\\\n\xff\x01"}}};
  EXPECT_NO_THROW(static_cast<void>(only_span(odd)));
}

TEST(rejected_spans, are_those_that_the_reply_counts) {
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"2"}})", 5),
            2u);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":2}})", 5), 2u);
  EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"9"}})", 5),
            5u);
}

TEST(rejected_spans, are_none_where_it_says_nothing_of_them) {
  for (const auto* reply : {"", "{}", "[]", "x", R"({"partialSuccess":{}})",
                            R"({"partialSuccess":[]})",
                            R"({"partialSuccess":{"rejectedSpans":"x"}})",
                            R"({"partialSuccess":{"rejectedSpans":-1}})"})
    EXPECT_EQ(rejected_spans(reply, 5), 0u) << reply;
}

} // namespace

} // namespace mfo::telemetry
