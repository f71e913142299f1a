#include "taskflow/expression/jq_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace mfo::taskflow {

namespace {

using ::testing::HasSubstr;

json there_and_back(const json& value) {
  const auto there = to_jq(value);
  EXPECT_TRUE(there) << (there ? "" : there.error());
  const auto back = from_jq(*there);
  EXPECT_TRUE(back) << (back ? "" : back.error());
  return back ? *back : json();
}

/// One list in another, so many times.
json nested(std::size_t depth) {
  json value = 1;
  for (std::size_t i = 0; i < depth; ++i)
    value = json::array({std::move(value)});
  return value;
}

std::string refused(double number) {
  const auto value = from_jq(jq_value(jv_number(number)));
  EXPECT_FALSE(value);
  return value ? "" : value.error();
}

TEST(jq_value, keeps_every_type_of_json) {
  for (const auto* text :
       {"null", "true", "false", "0", "-1", "1.5", R"("")", R"("ä\u0000b")",
        "[]", "{}", R"([1,[2,{"a":{"b":[null]}}]])", R"({"a\u0000":1,"":2})"})
    EXPECT_EQ(there_and_back(json::parse(text)).dump(),
              json::parse(text).dump());
}

TEST(jq_value, keeps_integers_up_to_two_to_the_53rd) {
  EXPECT_EQ(there_and_back(9007199254740992).dump(), "9007199254740992");
  EXPECT_EQ(there_and_back(-9007199254740992).dump(), "-9007199254740992");
  EXPECT_EQ(there_and_back(9007199254740993).dump(), "9007199254740992");
  EXPECT_TRUE(there_and_back(std::numeric_limits<std::uint64_t>::max())
                  .is_number_float());
}

TEST(jq_value, makes_an_integer_of_what_has_no_fraction) {
  EXPECT_TRUE(there_and_back(2.0).is_number_integer());
  EXPECT_TRUE(there_and_back(2.5).is_number_float());
  EXPECT_TRUE(there_and_back(1e300).is_number_float());
}

TEST(jq_value, replaces_what_is_not_utf_8) {
  EXPECT_EQ(there_and_back("a\xff"), json("a\xef\xbf\xbd"));
}

TEST(jq_value, refuses_numbers_that_json_has_not) {
  EXPECT_THAT(refused(std::nan("")), HasSubstr("not-a-number"));
  EXPECT_THAT(refused(HUGE_VAL), HasSubstr("infinite"));
  EXPECT_THAT(refused(-HUGE_VAL), HasSubstr("infinite"));
}

TEST(jq_value, refuses_what_is_nested_deeply) {
  EXPECT_EQ(there_and_back(nested(max_jq_depth)), nested(max_jq_depth));
  const auto there = to_jq(nested(max_jq_depth + 1));
  ASSERT_FALSE(there);
  EXPECT_THAT(there.error(), HasSubstr("deeper than 1024"));

  jq_value deep(jv_array());
  for (std::size_t i = 0; i <= max_jq_depth; ++i)
    deep = jq_value(jv_array_append(jv_array(), deep.release()));
  const auto back = from_jq(deep);
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error(), HasSubstr("deeper than 1024"));
}

} // namespace

} // namespace mfo::taskflow
