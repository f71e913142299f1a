#include "casebook/match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::casebook {

namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<mismatch> compared(const json& expected, const json& got,
                               bool exact = false) {
  std::vector<mismatch> all;
  compare_json(expected, got, exact, "body", all);
  return all;
}

TEST(a_pattern, has_stars_that_stand_for_any_text) {
  EXPECT_TRUE(fits("/api/tools/*", "/api/tools/send_mail"));
  EXPECT_TRUE(fits("*/orders/*/lines", "/v1/orders/7/8/lines"));
  EXPECT_TRUE(fits("*", ""));
  EXPECT_TRUE(fits("/api/*", "/api/"));
  EXPECT_FALSE(fits("/api/*", "/app/x"));
  EXPECT_FALSE(fits("*a*b", "ba"));
}

TEST(a_pattern, without_a_star_is_the_text_itself) {
  EXPECT_TRUE(fits("/api/events", "/api/events"));
  EXPECT_FALSE(fits("/api/events", "/api/events/1"));
  EXPECT_FALSE(fits("/api/events", "/api/event"));
}

TEST(json, may_have_more_members_than_expected) {
  EXPECT_THAT(compared({{"a", 1}}, {{"a", 1}, {"b", 2}}), IsEmpty());
}

TEST(json, has_no_more_members_than_expected_where_it_is_exact) {
  const auto all = compared({{"a", 1}}, {{"a", 1}, {"b", 2}}, true);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].what, "body.b");
  EXPECT_EQ(all[0].expected, "nothing");
  EXPECT_EQ(all[0].got, "2");
}

TEST(json, is_compared_in_depth_and_every_difference_is_told_with_its_place) {
  const auto all = compared({{"a", {{"b", 1}, {"c", {1, 2}}}}, {"d", "x"}},
                            {{"a", {{"b", 2}, {"c", {1, 3}}}}});
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].what, "body.a.b");
  EXPECT_EQ(all[1].what, "body.a.c[1]");
  EXPECT_EQ(all[2].what, "body.d");
  EXPECT_EQ(all[2].got, "nothing");
}

TEST(json, has_lists_that_are_as_long_as_expected) {
  const auto all = compared({1}, {1, 2});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].expected, "1 items: [1]");
}

TEST(a_body, that_is_no_json_is_compared_as_text) {
  std::vector<mismatch> all;
  compare_body("good day", "good day", false, "body", all);
  EXPECT_THAT(all, IsEmpty());
  compare_body("good day", "good night", false, "body", all);
  EXPECT_THAT(all, SizeIs(1));
}

TEST(a_body, of_others_cannot_drive_the_terminal) {
  EXPECT_EQ(short_text("a\x1b[2Jb"), "a?[2Jb");
}

} // namespace

} // namespace mfo::casebook
