#include "core/json_grammar.hpp"

#include "tests/core/json_samples.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

TEST(json_grammar, takes_what_rfc_8259_takes) {
  for (const auto& text : json_texts())
    EXPECT_TRUE(is_json_text(text, 1024)) << text;
}

TEST(json_grammar, refuses_what_rfc_8259_refuses) {
  for (const auto& text : no_json_texts())
    EXPECT_FALSE(is_json_text(text, 1024)) << text;
}

TEST(json_grammar, counts_how_deep_it_is) {
  EXPECT_TRUE(is_json_text("1", 0));
  EXPECT_FALSE(is_json_text("[]", 0));
  EXPECT_TRUE(is_json_text("[[],[],{}]", 2));
  EXPECT_FALSE(is_json_text("[[],[[]],{}]", 2));
  EXPECT_TRUE(is_json_text(nested(1024), 1024));
  EXPECT_FALSE(is_json_text(nested(1025), 1024));
}

TEST(json_grammar, needs_no_stack_for_a_million_brackets) {
  EXPECT_TRUE(is_json_text(nested(1'000'000), 1'000'000));
}

TEST(json_grammar, sees_a_name_that_an_object_has_twice) {
  for (const auto* text :
       {R"({"a":1,"a":1})", R"({"a":{},"b":[1],"a":[]})",
        R"([{"x":{"a":1 , "a" :2}}])", R"({"a":1,"\u0061":2})",
        R"({"\ud800":1,"\ud800":2})", R"({"":1,"":2})"})
    EXPECT_TRUE(repeats_a_name(text)) << text;
}

TEST(json_grammar, lets_several_objects_have_one_name) {
  for (const auto* text :
       {"1", "[]", "{}", R"({"a":1,"b":1,"A":1})", R"({"a":{"a":{"a":1}}})",
        R"([{"a":1},{"a":1e400}])", R"({"b":{"a":1},"a":["a","a"]})"})
    EXPECT_FALSE(repeats_a_name(text)) << text;
}

} // namespace

} // namespace mfo::core
