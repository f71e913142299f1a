#include "payload/decode.hpp"

#include "tests/payload/deflated.hpp"

#include <gtest/gtest.h>

namespace mfo::payload {

namespace {

using core::errc;

constexpr auto structured = "application/cloudevents+json";
constexpr auto batch = "application/cloudevents-batch+json";
constexpr auto form = "application/x-www-form-urlencoded";
const std::string event{
    R"({"specversion":"1.0","id":"7","source":"/s","type":"t","data":[1.0]})"};

struct a_body : testing::Test {
  tl::expected<std::vector<decoded>, flaw> read(std::string_view type,
                                                std::string_view body,
                                                std::string_view coding = {}) {
    return decode({type, coding, fields, body}, settings, {}, checker);
  }

  std::string payload_of(std::string_view type, std::string_view body,
                         std::string_view coding = {}) {
    const auto found = read(type, body, coding);
    if (!found || found->size() != 1)
      return found ? "several" : found.error().detail;
    return found->front().payload;
  }

  core::header_fields fields;
  config::payload_settings settings;
  core::json_checker checker{{.max_depth = 8, .max_tokens = 50}};
};

TEST_F(a_body, of_json_is_plain) {
  for (const auto* type : {"", "application/json", "text/x+json"})
    EXPECT_TRUE(is_plain(type, "", fields, settings)) << type;
  EXPECT_TRUE(is_plain("application/json", "identity", fields, settings));
  EXPECT_FALSE(is_plain("application/json", "gzip", fields, settings));
  EXPECT_FALSE(is_plain(form, "", fields, settings));
  EXPECT_FALSE(is_plain(structured, "", fields, settings));
  fields.add("ce-specversion", "1.0");
  EXPECT_FALSE(is_plain("application/json", "", fields, settings));
  settings.cloud_events = false;
  EXPECT_TRUE(is_plain("application/json", "", fields, settings));
  EXPECT_TRUE(is_plain(structured, "", fields, settings))
      << "where events are not looked for, it is JSON";
}

TEST_F(a_body, is_taken_in_the_formats_of_the_endpoint) {
  EXPECT_TRUE(takes("application/json", "", false, settings));
  EXPECT_TRUE(takes("", "", false, settings));
  EXPECT_TRUE(takes(form, "", false, settings));
  EXPECT_TRUE(takes(structured, "", false, settings));
  EXPECT_FALSE(takes(batch, "", false, settings)) << "only where it is allowed";
  EXPECT_FALSE(takes("application/cloudevents+avro", "", false, settings));
  EXPECT_FALSE(takes("text/plain", "", false, settings));
  settings.cloud_batch = true;
  EXPECT_TRUE(takes(batch, "", false, settings));
  settings = {.json = true, .form = false, .cloud_events = false};
  EXPECT_FALSE(takes(form, "", false, settings));
  EXPECT_TRUE(takes(structured, "", false, settings)) << "as JSON";
  settings = {.json = false, .form = false, .cloud_events = true};
  EXPECT_FALSE(takes("application/json", "", false, settings));
  EXPECT_FALSE(takes("", "", false, settings));
  EXPECT_TRUE(takes(structured, "", false, settings));
}

TEST_F(a_body, in_binary_mode_is_taken_where_events_are) {
  settings = {.json = false, .form = false, .cloud_events = true};
  EXPECT_TRUE(takes("application/json", "", true, settings));
  EXPECT_TRUE(takes("text/x+json", "gzip", true, settings));
  EXPECT_TRUE(takes("", "", true, settings)) << "an event without data";
  EXPECT_FALSE(takes(form, "", true, settings)) << "only where forms are";
  EXPECT_FALSE(takes("text/plain", "", true, settings));
  EXPECT_FALSE(takes("application/cloudevents+avro", "", true, settings));
  settings = {.json = false, .form = true, .cloud_events = false};
  EXPECT_FALSE(takes("application/json", "", true, settings))
      << "where events are not looked for";
}

TEST_F(a_body, is_taken_in_one_coding_at_most) {
  for (const auto* coding :
       {"", "identity", "gzip", "GZIP", "x-gzip", "deflate"})
    EXPECT_TRUE(takes("application/json", coding, false, settings)) << coding;
  for (const auto* coding : {"br", "zstd", "gzip, gzip", "gzip;q=1", "*"})
    EXPECT_FALSE(takes("application/json", coding, false, settings)) << coding;
}

TEST_F(a_body, is_inflated_first) {
  EXPECT_EQ(
      payload_of("application/json", test::deflated("[1]", test::gzip), "gzip"),
      "[1]");
  EXPECT_EQ(payload_of(form, test::deflated("a=1", test::zlib), "deflate"),
            R"({"a":"1"})");
  EXPECT_EQ(payload_of(structured, test::deflated(event, test::gzip), "gzip"),
            "[1.0]");
  EXPECT_EQ(read("application/json", "[1]", "gzip").error().code,
            errc::malformed_body);
}

TEST_F(a_body, of_a_form_becomes_json) {
  EXPECT_EQ(payload_of(form, "payload=%7B%22a%22%3A1%7D"), R"({"a":1})");
}

TEST_F(a_body, in_structured_mode_is_an_event) {
  const auto found = read(structured, event);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->front().payload, "[1.0]");
  EXPECT_EQ(found->front().cloud->id, "7");
}

TEST_F(a_body, in_structured_mode_must_be_json_within_its_bounds) {
  EXPECT_EQ(read(structured, event + "x").error().code, errc::malformed_json);
  EXPECT_EQ(read(structured, "[[[[[[[[[1]]]]]]]]]").error().code,
            errc::too_complex);
}

TEST_F(a_body, in_binary_mode_is_an_event_and_may_be_empty) {
  for (const auto& [name, value] : {std::pair{"ce-specversion", "1.0"},
                                    {"ce-id", "7"},
                                    {"ce-source", "/s"},
                                    {"ce-type", "t"}})
    fields.add(name, value);
  const auto found = read("application/json", "[1.0]");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->front().payload, "[1.0]");
  EXPECT_EQ(found->front().cloud->type, "t");
  EXPECT_EQ(payload_of("", ""), "null");
  EXPECT_EQ(payload_of(form, "a=1"), R"({"a":"1"})");
}

TEST_F(a_body, may_hold_several_events) {
  settings.cloud_batch = true;
  auto other = event;
  other.replace(other.find("\"7\""), 3, "\"8\"");
  const auto found = read(batch, "[" + event + "," + other + "]");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 2u);
}

} // namespace

} // namespace mfo::payload
