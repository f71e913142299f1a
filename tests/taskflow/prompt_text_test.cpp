#include "taskflow/prompt_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

TEST(fill_prompt, takes_braces_around_anything_but_a_name_as_text) {
  EXPECT_EQ(fill_prompt("{{1}} {{}} {{a-b}} {{a b}} {{{name}}}", context),
            "{{1}} {{}} {{a-b}} {{a b}} {Ada}");
}

TEST(variables_of, are_those_that_fill_prompt_asks_for) {
  EXPECT_THAT(variables_of("{{b}} {{1}} {{ a }} {{b}} {{a-b}} {{{c}}} {{d"),
              ElementsAre("b", "a", "c"));
  EXPECT_THAT(variables_of("nothing"), IsEmpty());
}

} // namespace

} // namespace mfo::taskflow
