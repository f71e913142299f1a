#include "core/short_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mfo::core {

namespace {

TEST(a_short_text, is_empty_at_first) {
  const short_text<4> text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text, "");
}

TEST(a_short_text, is_what_was_put_into_it) {
  short_text<8> text{"ab"};
  text.append("cd").append("").append("ef");
  EXPECT_EQ(text, "abcdef");
  EXPECT_EQ(text.size(), 6u);
  EXPECT_FALSE(text.empty());
}

TEST(a_short_text, has_as_much_as_there_is_room_for) {
  short_text<4> text{"abc"};
  EXPECT_EQ(text.append("def"), "abcd");
  EXPECT_EQ(text.append("g"), "abcd");
  EXPECT_EQ(short_text<4>{"abcdefg"}, text);
}

TEST(a_short_text, may_become_a_string) {
  const short_text<4> text{"abc"};
  EXPECT_EQ(std::string{text}, text);
  EXPECT_EQ(text.view(), "abc");
  std::string other;
  other = text;
  EXPECT_EQ(other, "abc");
}

} // namespace

} // namespace mfo::core
