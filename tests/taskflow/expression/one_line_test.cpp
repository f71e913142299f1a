#include "taskflow/expression/one_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::taskflow {

namespace {

TEST(one_line, has_one_space_for_blanks_and_control_characters) {
  EXPECT_EQ(one_line("a text"), "a text");
  EXPECT_EQ(one_line(" \n a\r\n\tb \x1b[31m\x7f"), "a b [31m");
  EXPECT_EQ(one_line(""), "");
  EXPECT_EQ(one_line("\n\n"), "");
}

TEST(one_line, cuts_what_is_long) {
  EXPECT_EQ(one_line("12345", 5), "12345");
  EXPECT_EQ(one_line("123456", 5), "12...");
  EXPECT_EQ(one_line(std::string(1000, 'x')).size(), max_line);
}

TEST(one_line, cuts_no_character_in_two) {
  EXPECT_EQ(one_line("1äöü", 6), "1ä...");
  EXPECT_EQ(one_line("12äöü", 6), "12...");
}

} // namespace

} // namespace mfo::taskflow
