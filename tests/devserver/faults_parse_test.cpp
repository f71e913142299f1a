#include "devserver/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

using testing::HasSubstr;

TEST(faults_parse, takes_every_key) {
  const auto faults = parse_faults(R"({
    "path": "/api/", "latency_ms": 5, "statuses": [503, 200], "repeat": true,
    "retry_after": 2, "drop": "mid_body", "reply_bytes_per_write": 1,
    "wrong_content_length": -2, "body_bytes": 9, "count": 3, "silent": false})");
  ASSERT_TRUE(faults) << faults.error();
  const auto& one = faults->front();
  EXPECT_EQ(one.path, "/api/");
  EXPECT_EQ(one.max_latency, std::chrono::milliseconds(5));
  EXPECT_EQ(one.statuses, (std::vector<int>{503, 200}));
  EXPECT_EQ(one.effect.retry_after, "2");
  EXPECT_EQ(one.effect.drop, drop_at::mid_body);
  EXPECT_EQ(one.effect.length_error, -2);
  EXPECT_EQ(one.effect.body_bytes, 9u);
  EXPECT_EQ(one.count, 3u);
}

TEST(faults_parse, says_which_key_is_wrong_and_what_it_takes) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"path":"api"})", "\"path\" must be"},
      {R"({"latency_ms":-1})", "\"latency_ms\" must be"},
      {R"({"latency_ms":{"min":2,"max":1}})", "\"latency_ms\" must be"},
      {R"({"latency_ms":{"min":2}})", "\"latency_ms\" must be"},
      {R"({"statuses":503})", "\"statuses\" must be"},
      {R"({"statuses":[]})", "\"statuses\" must be"},
      {R"({"statuses":[99]})", "\"statuses\" must be"},
      {R"({"repeat":1})", "\"repeat\" must be"},
      {R"({"retry_after":"1\r\nX: y"})", "\"retry_after\" must be"},
      {R"({"drop":"later"})", "\"drop\" must be"},
      {R"({"reply_bytes_per_write":0})", "\"reply_bytes_per_write\" must be"},
      {R"({"wrong_content_length":1.5})", "\"wrong_content_length\" must be"},
      {R"({"body_bytes":18446744073709551615})", "\"body_bytes\" must be"},
      {R"({"count":0})", "\"count\" must be"},
      {R"({"silent":"yes"})", "\"silent\" must be"},
      {R"({"nope":1})", "unknown key \"nope\""},
      {"[1]", "a fault is a JSON object"},
      {"{", "not JSON"},
  };
  for (const auto& [text, reason] : wrong) {
    const auto faults = parse_faults(text);
    ASSERT_FALSE(faults) << text;
    EXPECT_THAT(faults.error(), HasSubstr(reason));
  }
}

} // namespace
} // namespace mfo::devserver
