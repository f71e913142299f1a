#include "taskflow/json_text.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

TEST(as_text, takes_texts_as_they_are_and_else_json) {
  EXPECT_EQ(as_text("a \"b\""), "a \"b\"");
  EXPECT_EQ(as_text(json{{"a", true}}), R"({"a":true})");
  EXPECT_EQ(as_text(nullptr), "null");
}

TEST(as_text, survives_what_is_not_utf_8) {
  EXPECT_EQ(as_text(json{"\xff"}), "[\"\xef\xbf\xbd\"]");
}

TEST(type_of, is_a_word_for_people) {
  EXPECT_EQ(type_of(json::object()), "an object");
  EXPECT_EQ(type_of(json::array()), "a list");
  EXPECT_EQ(type_of("x"), "a text");
  EXPECT_EQ(type_of(-1), "a number");
  EXPECT_EQ(type_of(1.5), "a number");
  EXPECT_EQ(type_of(false), "false");
  EXPECT_EQ(type_of(nullptr), "null");
}

} // namespace

} // namespace mfo::taskflow
