#include "taskflow/run/prompt_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using testing::HasSubstr;

const json context{{"name", "Ada"}, {"n", 3}, {"list", {1, "x"}}};

TEST(fill_prompt, puts_values_in_the_place_of_their_names) {
  EXPECT_EQ(fill_prompt("{{name}} has {{ n }}: {{list}}.", context),
            "Ada has 3: [1,\"x\"].");
}

TEST(fill_prompt, does_not_look_at_what_it_filled_in) {
  EXPECT_EQ(fill_prompt("{{a}}{{b}}", {{"a", "{{b}}"}, {"b", "x"}}), "{{b}}x");
}

TEST(fill_prompt, leaves_braces_that_do_not_close) {
  EXPECT_EQ(fill_prompt("{name} {{name", context), "{name} {{name");
  EXPECT_EQ(fill_prompt("", context), "");
}

TEST(fill_prompt, says_which_variable_is_missing) {
  const auto filled = fill_prompt("{{nobody}}", context);
  ASSERT_FALSE(filled);
  EXPECT_THAT(filled.error(), HasSubstr("\"nobody\""));
}

TEST(as_text, takes_texts_as_they_are_and_else_json) {
  EXPECT_EQ(as_text("a \"b\""), "a \"b\"");
  EXPECT_EQ(as_text(json{{"a", true}}), R"({"a":true})");
  EXPECT_EQ(as_text(nullptr), "null");
}

} // namespace

} // namespace mfo::taskflow
