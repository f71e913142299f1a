#include "config/interpolate.hpp"

#include "tests/config/fixture.hpp"

namespace mfo::config {

namespace {

const auto variables = only(
    {{"A", "alpha"}, {"EMPTY", ""}, {"_x9", "under"}, {"NESTED", "${A} $$"}});

std::string filled(std::string_view text) {
  return interpolate(text, variables).value_or("(error)");
}

std::string error_of(std::string_view text) {
  const auto result = interpolate(text, variables);
  return result ? "" : result.error();
}

TEST(interpolation, replaces_variables_anywhere) {
  EXPECT_EQ(filled("${A}"), "alpha");
  EXPECT_EQ(filled("x${A}y${_x9}z"), "xalphayunderz");
  EXPECT_EQ(filled("${A}${A}"), "alphaalpha");
  EXPECT_EQ(filled(""), "");
  EXPECT_EQ(filled("plain"), "plain");
}

TEST(interpolation, takes_an_empty_variable_that_is_set) {
  EXPECT_EQ(filled("<${EMPTY}>"), "<>");
}

TEST(interpolation, falls_back_when_unset_or_empty) {
  EXPECT_EQ(filled("${NONE:-d}"), "d");
  EXPECT_EQ(filled("${EMPTY:-d}"), "d");
  EXPECT_EQ(filled("${A:-d}"), "alpha");
  EXPECT_EQ(filled("${NONE:-}"), "");
  EXPECT_EQ(filled("${NONE:-http://a:-b $$}"), "http://a:-b $$");
}

TEST(interpolation, reads_two_dollars_as_one) {
  EXPECT_EQ(filled("$$"), "$");
  EXPECT_EQ(filled("$${A}"), "${A}");
  EXPECT_EQ(filled("$$$${A}"), "$${A}");
  EXPECT_EQ(filled("$$${A}"), "$alpha");
}

TEST(interpolation, leaves_any_other_dollar_alone) {
  EXPECT_EQ(filled("pa$word$"), "pa$word$");
  EXPECT_EQ(filled("$A"), "$A");
}

TEST(interpolation, does_not_look_at_values_again) {
  EXPECT_EQ(filled("${NESTED}"), "${A} $$");
}

TEST(interpolation, names_a_variable_that_is_not_set) {
  EXPECT_EQ(error_of("${NONE}"), "the environment variable NONE is not set");
}

TEST(interpolation, refuses_what_is_not_closed_or_no_name) {
  EXPECT_EQ(error_of("x${A"), "a ${ without its }; write $$ for a literal $");
  for (const auto* text : {"${}", "${ A}", "${1A}", "${A-d}", "${A:d}",
                           "${hunter2 x}", "${:-d}", "${A\xc3\xa4}"})
    EXPECT_EQ(error_of(text),
              "what stands in ${} is not the name of a variable")
        << text;
}

TEST(interpolation, refuses_a_reference_in_a_default) {
  EXPECT_EQ(error_of("${NONE:-${A}}"),
            "the default of ${NONE} cannot hold another ${");
}

} // namespace

} // namespace mfo::config
