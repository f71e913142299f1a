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

} // namespace

} // namespace mfo::core
