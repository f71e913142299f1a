#include "api/text.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(printable, keeps_text) {
  EXPECT_EQ(printable("Grüße, 東京 😀", 100), "Grüße, 東京 😀");
}

TEST(printable, makes_one_space_of_control_characters) {
  EXPECT_EQ(printable("\r\n a\tb\x1b[31m\x7f c\0d\xc2\x85 \n", 100),
            "a b [31m c");
  EXPECT_EQ(printable({"a\0b", 3}, 100), "a b");
}

TEST(printable, makes_a_space_of_what_is_not_utf_8) {
  EXPECT_EQ(printable("a\xff\xfe"
                      "b\xc3",
                      100),
            "a b");
  EXPECT_EQ(printable("\xed\xa0\x80x", 100), "x"); // a surrogate
}

TEST(printable, cuts_between_characters) {
  EXPECT_EQ(printable("abcd", 4), "abcd");
  EXPECT_EQ(printable("abcde", 4), "abcd…");
  EXPECT_EQ(printable("abcü", 4), "abc…");
  EXPECT_EQ(printable("abc d", 4), "abc…");
}

TEST(printable, stays_small_whatever_comes) {
  EXPECT_LE(printable(std::string(1 << 20, 'x'), 512).size(), 515u);
  EXPECT_EQ(printable(std::string(1 << 20, '\x01'), 512), "");
}

TEST(visible_ascii, has_no_spaces_and_is_not_empty) {
  EXPECT_TRUE(is_visible_ascii("!az~"));
  for (const auto* bad : {"", " ", "a b", "a\n", "\x7f", "ü"})
    EXPECT_FALSE(is_visible_ascii(bad)) << bad;
}

} // namespace
} // namespace mfo::api
