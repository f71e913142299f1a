#include "schema/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::schema {

namespace {

bool matches(std::string_view expression, std::string_view text) {
  const auto compiled = pattern::compile(expression);
  EXPECT_TRUE(compiled) << expression;
  return compiled && compiled->matches(text);
}

TEST(pattern, matches_anywhere_unless_anchored) {
  EXPECT_TRUE(matches("b+", "abbc"));
  EXPECT_FALSE(matches("^b+", "abbc"));
  EXPECT_TRUE(matches("^[a-c]{4}$", "abbc"));
  EXPECT_FALSE(matches("^a$", "a\n"));
}

TEST(pattern, counts_code_points) {
  EXPECT_TRUE(matches("^.$", "ö"));
  EXPECT_TRUE(matches("^.$", "\xf0\x9f\x90\xb2"));
  EXPECT_TRUE(matches("^\\p{L}$", "ö"));
}

TEST(pattern, has_the_escapes_of_ecma) {
  EXPECT_TRUE(matches("^\\u00f6$", "ö"));
  EXPECT_TRUE(matches("^[\\u00f6-\\u00f7]$", "ö"));
  EXPECT_TRUE(matches("^\\ud83d\\udc32*$", "\xf0\x9f\x90\xb2"));
  EXPECT_TRUE(matches("^\\/\\-\\.$", "/-."));
  EXPECT_TRUE(matches("^\\d\\D\\w\\W$", "1aa-"));
  EXPECT_FALSE(matches("^\\d$", "\xd9\xa1")) << "only 0 to 9";
  for (const std::string blank : {" ", "\t", "\n", "\v", "\f", "\r", "\xc2\xa0",
                                  "\xe2\x80\xa8", "\xef\xbb\xbf"}) {
    EXPECT_TRUE(matches("^\\s$", blank));
    EXPECT_TRUE(matches("^[x\\s]$", blank));
    EXPECT_FALSE(matches("^\\S$", blank));
  }
  EXPECT_TRUE(matches("^\\S$", "ö"));
}

TEST(pattern, that_is_not_linear_or_not_ecma_is_none) {
  for (const auto* expression :
       {"(a)\\1", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(", "[", "a{1001}",
        "\\", "\\u12", "\\ud83dx\\u0041\\ud800\\u0041", "\\Aa\\z", "\\Q.\\E",
        "\\C", "[\\S]", "((a{100}){100}){100}"})
    EXPECT_FALSE(pattern::compile(expression)) << expression;
}

TEST(pattern, matches_text_with_any_byte) {
  EXPECT_TRUE(matches("b$", std::string("a\0b", 3)));
}

} // namespace

} // namespace mfo::schema
