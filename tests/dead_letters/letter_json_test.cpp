#include "dead_letters/letter_json.hpp"

#include "config/text.hpp"
#include "tests/dead_letters/letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace mfo::dead_letters {
namespace {

using testing::HasSubstr;
using testing::Not;

letter round_trip(const letter& value) {
  const auto line = to_json(value);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  auto back = parse_letter(line);
  EXPECT_TRUE(back) << back.error();
  return back ? *back : letter{};
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (auto& each : bytes)
    each = static_cast<char>(random());
  return bytes;
}

TEST(letter_json, has_the_members_that_are_documented) {
  auto value = sample_letter("a-1");
  value.body = "{\"n\": 1}\n";
  EXPECT_EQ(
      to_json(value),
      R"({"event_id":"a-1","type":"email.received","endpoint":"orders",)"
      R"("server":"default","node":"node-1","reason":"upstream_failed",)"
      R"("detail":"the server answered 500","attempts":8,"last_status":500,)"
      R"("received_at":"2025-11-24T07:53:48.001Z",)"
      R"("dead_at":"2025-11-24T07:55:28.002Z",)"
      R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
      R"("body":"{\"n\": 1}\n"})");
}

TEST(letter_json, comes_back_as_it_was) {
  const auto value = sample_letter();
  const auto back = round_trip(value);
  EXPECT_EQ(back.event_id, value.event_id);
  EXPECT_EQ(back.type, value.type);
  EXPECT_EQ(back.endpoint, value.endpoint);
  EXPECT_EQ(back.server, value.server);
  EXPECT_EQ(back.node, value.node);
  EXPECT_EQ(back.reason, value.reason);
  EXPECT_EQ(back.detail, value.detail);
  EXPECT_EQ(back.attempts, value.attempts);
  EXPECT_EQ(back.last_status, value.last_status);
  EXPECT_EQ(back.received_at, value.received_at);
  EXPECT_EQ(back.dead_at, value.dead_at);
  EXPECT_EQ(back.traceparent, value.traceparent);
  EXPECT_EQ(back.body, value.body);
}

TEST(letter_json, has_the_state_of_the_trace_where_there_is_one) {
  auto value = sample_letter();
  EXPECT_EQ(to_json(value).find("tracestate"), std::string::npos);
  value.tracestate = "a=1,b=2";
  EXPECT_EQ(round_trip(value).tracestate, "a=1,b=2");
}

TEST(letter_json, keeps_every_body_byte_for_byte) {
  auto value = sample_letter();
  std::string all_bytes;
  for (int i = 0; i < 256; ++i)
    all_bytes += static_cast<char>(i);
  for (const std::string& body :
       {std::string{}, std::string{"\0", 1}, std::string{"\r\n\t\x7f\x01"},
        std::string{"\xEF\xBB\xBF{}"}, std::string{"\xF0\x9F\x98\x80 \xC2\x85"},
        std::string{"\xED\xA0\x80"}, std::string{"\xC0\x80"},
        std::string{"\xFF"}, std::string{"\\u0000\"\\"}, all_bytes,
        std::string(1'000'000, 'x')}) {
    value.body = body;
    EXPECT_EQ(round_trip(value).body, body);
  }
}

TEST(letter_json, keeps_random_bodies_byte_for_byte) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  auto value = sample_letter();
  for (int i = 0; i < 500; ++i) {
    value.body = random_bytes(random, random() % 64);
    ASSERT_EQ(round_trip(value).body, value.body);
  }
}

TEST(letter_json, writes_base64_only_where_it_must) {
  auto value = sample_letter();
  value.body = "gr\xC3\xBC\xC3\x9F";
  EXPECT_THAT(to_json(value), HasSubstr("\"body\":\"gr\xC3\xBC\xC3\x9F\""));
  value.body = "gr\xFC";
  EXPECT_THAT(to_json(value), HasSubstr(R"("body_base64":"Z3L8")"));
}

TEST(letter_json, is_utf_8_whatever_the_texts_hold) {
  auto value = sample_letter("id\xFF\n");
  value.detail = "\x80";
  const auto line = to_json(value);
  EXPECT_FALSE(config::first_invalid_utf8(line));
  EXPECT_EQ(parse_letter(line)->event_id, "id\xEF\xBF\xBD\n");
}

TEST(letter_json, reads_what_other_versions_wrote) {
  const auto found =
      parse_letter(R"({"new":[1],"body":"{}","event_id":"1","attempts":3})");
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(found->event_id, "1");
  EXPECT_EQ(found->attempts, 3u);
  EXPECT_EQ(found->dead_at, unix_ms{0});
}

TEST(letter_json, says_what_is_wrong_and_quotes_nothing) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "not a JSON object"},
      {"{", "not a JSON object"},
      {"[]", "not a JSON object"},
      {R"({"event_id":"1","body":"SECRET"}{})", "not a JSON object"},
      {R"({"body":"SECRET"})", "no event_id"},
      {R"({"event_id":"1"})", "neither body"},
      {R"({"event_id":"1","body":{"a":"SECRET"}})", "body is not a string"},
      {R"({"event_id":"1","body_base64":"SECRET"})", "not base64"},
      {R"({"event_id":1,"body":""})", "event_id is not a string"},
      {R"({"event_id":"1","body":"","attempts":-1})", "attempts is not"},
      {R"({"event_id":"1","body":"","last_status":1e9})", "last_status is not"},
      {R"({"event_id":"1","body":"","dead_at":"SECRET"})", "dead_at is not"},
  };
  for (const auto& [text, part] : rows) {
    const auto found = parse_letter(text);
    ASSERT_FALSE(found) << text;
    EXPECT_THAT(found.error(), HasSubstr(part));
    EXPECT_THAT(found.error(), Not(HasSubstr("SECRET")));
  }
}

} // namespace
} // namespace mfo::dead_letters
