#include "schema/value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::schema {

namespace {

using nlohmann::json;

json value_of(std::string_view text) {
  return json::parse(text);
}

bool same(std::string_view left, std::string_view right) {
  work_budget work(1000);
  return equal(value_of(left), value_of(right), work);
}

bool different(std::string_view array) {
  work_budget work(100'000);
  return all_different(value_of(array), work);
}

TEST(value, is_an_integer_whatever_its_notation) {
  for (const auto* text :
       {"1", "-1", "0", "1.0", "1e3", "-0.0", "1e300", "18446744073709551615"})
    EXPECT_TRUE(is_integer(value_of(text))) << text;
  for (const auto* text : {"1.5", "1e-3", "\"1\"", "true", "null", "[]"})
    EXPECT_FALSE(is_integer(value_of(text))) << text;
}

TEST(value, is_a_multiple_by_its_decimals) {
  for (const auto& [number, divisor] : {std::pair{"0.0075", 0.0001},
                                        {"4.35", 0.01},
                                        {"1e308", 0.5},
                                        {"12391239123", 1e-8},
                                        {"0", 3.7},
                                        {"-4.5", 1.5},
                                        {"1e22", 1e-300},
                                        {"18446744073709551615", 0.1},
                                        {"0.0", 1e300}})
    EXPECT_TRUE(is_multiple(value_of(number), divisor)) << number;
  for (const auto& [number, divisor] : {std::pair{"0.00751", 0.0001},
                                        {"1e308", 0.123456789},
                                        {"1", 0.3},
                                        {"1e-300", 1e300},
                                        {"5", 0.0},
                                        {"1", 2.5}})
    EXPECT_FALSE(is_multiple(value_of(number), divisor)) << number;
}

TEST(value, is_a_multiple_of_an_integer_exactly) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_TRUE(is_multiple(value_of("-9223372036854775808"), std::int64_t{-1}));
  EXPECT_TRUE(is_multiple(value_of("9223372036854775808"), least));
  EXPECT_TRUE(is_multiple(value_of("1e2"), std::int64_t{10}));
  EXPECT_FALSE(is_multiple(value_of("9007199254740993"), std::int64_t{2}));
  EXPECT_FALSE(is_multiple(value_of("18446744073709551615"), std::int64_t{2}));
  EXPECT_FALSE(is_multiple(value_of("1.5"), std::int64_t{1}));
  EXPECT_FALSE(is_multiple(value_of("1"), std::int64_t{0}));
}

TEST(value, is_the_same_by_what_it_means) {
  EXPECT_TRUE(same("1", "1.0"));
  EXPECT_TRUE(
      same("[1, {\"a\": 2, \"b\": null}]", "[1.0, {\"b\": null, \"a\": 2}]"));
  EXPECT_TRUE(same("\"a\\u0000b\"", "\"a\\u0000b\""));
  EXPECT_FALSE(same("9007199254740993", "9007199254740992.0"));
  EXPECT_FALSE(same("18446744073709551615", "-1"));
  EXPECT_FALSE(same("1", "true"));
  EXPECT_FALSE(same("0", "false"));
  EXPECT_FALSE(same("\"\"", "null"));
  EXPECT_FALSE(same("[]", "{}"));
  EXPECT_FALSE(same("{\"a\": 1}", "{\"b\": 1}"));
  EXPECT_FALSE(same("{\"a\": 1}", "{\"a\": 1, \"b\": 1}"));
  EXPECT_FALSE(same("[1, 2]", "[2, 1]"));
}

TEST(value, differs_from_all_others_in_an_array) {
  EXPECT_TRUE(different("[]"));
  EXPECT_TRUE(different("[1, true, \"1\", [1], {\"a\": 1}, null, [[1]], 0, "
                        "false, \"\", [], {}]"));
  EXPECT_FALSE(different("[1, 2, 1.0]"));
  EXPECT_FALSE(different("[{\"a\": 1, \"b\": [2]}, 7, {\"b\": [2.0], "
                         "\"a\": 1}]"));
  EXPECT_TRUE(different("[9007199254740993, 9007199254740992]"))
      << "the same hash, but not the same";
}

TEST(value, is_not_told_apart_without_the_work) {
  json array = json::array();
  for (int i = 0; i < 1000; ++i)
    array.push_back(9007199254740992 + i % 2);
  work_budget little(10);
  EXPECT_FALSE(all_different(array, little));
  EXPECT_TRUE(little.empty());
}

TEST(text, has_as_many_characters_as_code_points) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("a\xc3\xb6\xe2\x82\xac\xf0\x9f\x90\xb2"), 4U);
}

} // namespace

} // namespace mfo::schema
