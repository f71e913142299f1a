#include "payload/event_type.hpp"

#include <gtest/gtest.h>

namespace mfo::payload {

namespace {

const config::event_type_source github{
    .header = "X-GitHub-Event", .field = {}, .prefix = "github."};
const config::event_type_source by_field{
    .header = {}, .field = "/event/type", .prefix = {}};

TEST(event_type, is_what_a_header_says_behind_a_prefix) {
  EXPECT_EQ(type_from_header(github, "push"), "github.push");
  EXPECT_EQ(type_from_header(github, "pull_request"), "github.pull_request");
}

TEST(event_type, is_none_where_the_header_says_nothing_that_is_one) {
  for (const auto* value :
       {"", "a b", "a\nb", "a/b", ".", "a..b", "a.", "\"", "\xc3\xa9"})
    EXPECT_EQ(type_from_header(github, value), "") << value;
  EXPECT_EQ(type_from_header(github, std::string(200, 'x')), "");
}

TEST(event_type, is_what_the_payload_says) {
  EXPECT_EQ(type_from_payload(by_field, R"({"event":{"type":"a.b"}})"), "a.b");
  EXPECT_EQ(type_from_payload(by_field, R"({"event":{"type":"\u0061"}})"), "a");
}

TEST(event_type, is_none_where_the_payload_has_no_text_there) {
  for (const auto* payload :
       {"{}", "[]", R"({"event":{"type":1}})", R"({"event":{"type":"a b"}})",
        R"({"event":{"type":["a"]}})", R"({"event":"type"})"})
    EXPECT_EQ(type_from_payload(by_field, payload), "") << payload;
}

} // namespace

} // namespace mfo::payload
