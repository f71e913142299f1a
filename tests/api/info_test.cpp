#include "api/info.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(info, is_asked_for) {
  const auto call = make_info_call(usual_paths);
  EXPECT_EQ(call.what, operation::info);
  EXPECT_EQ(call.method, "GET");
  EXPECT_EQ(call.target, "/info");
}

TEST(info, is_what_the_server_says_of_itself) {
  const auto got = parse_info_reply(reply(
      200,
      R"({"name":"MFO","version":2,"endpoints":["a"],"capabilities":{}})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->name, "MFO");
  EXPECT_EQ(got->version, "2");
  EXPECT_EQ(got->endpoints, json::array({"a"}));
  EXPECT_EQ(got->capabilities, json::object());
}

TEST(info, may_be_empty_but_is_an_object) {
  const auto got = parse_info_reply(reply(200, "{}"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->name, "");
  EXPECT_TRUE(got->endpoints.is_null());
  EXPECT_THAT(parse_info_reply(reply(200, "[]")),
              fails_with(api_errc::bad_reply, "not an object"));
}

} // namespace
} // namespace mfo::api
