#include "api/json_body.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

json nested_value(std::size_t depth) {
  json value = 1;
  for (std::size_t i = 0; i < depth; ++i)
    value = json::array({std::move(value)});
  return value;
}

TEST(json_body, is_parsed_up_to_a_depth) {
  EXPECT_TRUE(parse_json(nested(max_json_depth)));
  EXPECT_FALSE(parse_json(nested(max_json_depth + 1)));
  EXPECT_FALSE(parse_json(nested(500'000)));
  EXPECT_FALSE(parse_json(std::string(500'000, '[')));
  EXPECT_FALSE(parse_json(std::string(500'000, '{')));
}

TEST(json_body, is_refused_when_it_is_not_json) {
  for (const auto* bad :
       {"", " ", "{", "{\"a\":", "nul", "1e400", "\"\xff\"", "[1,]",
        "{\"a\":1}x", "\xef\xbb\xbf{}", "NaN", "'a'", "// a\n1"})
    EXPECT_FALSE(parse_json(bad)) << bad;
  EXPECT_EQ(parse_json(" null "), json());
  EXPECT_EQ(parse_json("[1]"), json::array({1}));
}

TEST(json_body, of_a_reply_is_null_where_it_is_empty) {
  EXPECT_EQ(read_reply(reply(204)), json());
  EXPECT_EQ(read_reply(reply(200, "[]")), json::array());
}

TEST(json_body, of_a_reply_that_is_no_2xx_is_an_error) {
  EXPECT_THAT(read_reply(reply(404, R"({"error":"no"})")),
              fails_with(api_errc::not_found, "no"));
  EXPECT_THAT(read_reply(reply(302, "{}")),
              fails_with(api_errc::rejected, "302"));
}

TEST(json_body, is_not_quoted_when_it_is_no_json) {
  const auto bad = read_reply(reply(200, "hunter2"));
  EXPECT_THAT(bad, fails_with(api_errc::bad_reply, "not JSON"));
  EXPECT_EQ(bad.error().message.find("hunter2"), std::string::npos);
}

TEST(json_body, is_sent_up_to_a_depth) {
  EXPECT_TRUE(with_json({}, nested_value(max_json_depth)));
  EXPECT_THAT(with_json({}, nested_value(max_json_depth + 1)),
              fails_with(api_errc::invalid_request, "deeper than 128"));
}

TEST(json_body, is_sent_as_utf_8_or_not_at_all) {
  const auto good = with_json({}, json{{"a", "ü"}});
  ASSERT_TRUE(good);
  EXPECT_EQ(*good->body, R"({"a":"ü"})");
  EXPECT_EQ(good->content_type, "application/json");
  EXPECT_THAT(with_json({}, json{{"a", "\xff"}}),
              fails_with(api_errc::invalid_request, "not UTF-8"));
}

TEST(json_body, has_members_that_may_be_missing_or_null) {
  const json object{{"a", nullptr}, {"b", 7}, {"c", "x"}, {"d", 1.5}};
  EXPECT_EQ(find_member(object, "a"), nullptr);
  EXPECT_EQ(find_member(object, "z"), nullptr);
  EXPECT_EQ(find_member(json::array(), "a"), nullptr);
  EXPECT_EQ(optional_text(object, "a"), "");
  EXPECT_EQ(optional_text(object, "b"), "7");
  EXPECT_EQ(optional_text(object, "c"), "x");
  EXPECT_EQ(optional_text(object, "d"), "");
}

TEST(json_body, has_required_members_that_are_named_as_pointers) {
  const json object{{"a", nullptr}, {"b", json::array()}};
  EXPECT_THAT(required(object, "", "z"),
              fails_with(api_errc::bad_reply, "the reply has no /z"));
  EXPECT_THAT(required(object, "/x/0", "a"),
              fails_with(api_errc::bad_reply, "the reply has no /x/0/a"));
  EXPECT_TRUE(required_value(object, "", "a"));
  EXPECT_THAT(
      required_text(object, "", "b"),
      fails_with(api_errc::bad_reply, "the reply's /b is not a string"));
  EXPECT_THAT(required(json(7), "", "b"),
              fails_with(api_errc::bad_reply, "the reply is not an object"));
  EXPECT_THAT(
      required(json(7), "/x", "b"),
      fails_with(api_errc::bad_reply, "the reply's /x is not an object"));
}

TEST(json_body, has_lists_with_a_name_or_without) {
  const json bare = json::array({1});
  EXPECT_EQ(**list_in(bare, "keys"), bare);
  EXPECT_EQ(**list_in(json{{"keys", bare}}, "keys"), bare);
  EXPECT_THAT(list_in(json{{"keys", 1}}, "keys"),
              fails_with(api_errc::bad_reply, "/keys is not an array"));
  EXPECT_THAT(list_in(json::object(), "keys"),
              fails_with(api_errc::bad_reply, "no /keys"));
}

} // namespace
} // namespace mfo::api
