#include "config/text.hpp"

#include <gtest/gtest.h>

namespace mfo::config {

namespace {

using namespace std::string_view_literals;

TEST(utf8, may_be_any_well_formed_text) {
  for (const auto text :
       {""sv, "ascii"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv,
        "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "\xef\xbb\xbf"sv,
        "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "a\xc3\xa4z"sv})
    EXPECT_EQ(first_invalid_utf8(text), std::nullopt) << text;
}

TEST(utf8, is_refused_at_the_first_wrong_byte) {
  EXPECT_EQ(first_invalid_utf8("ab\xff"), 2U);
  EXPECT_EQ(first_invalid_utf8("\xc3\xa4\x80"), 2U);
}

TEST(utf8, is_neither_overlong_nor_cut_nor_a_surrogate) {
  for (const auto text :
       {"\x80"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc3"sv, "\xc3z"sv,
        "\xe0\x9f\xbf"sv, "\xed\xa0\x80"sv, "\xe2\x82"sv, "\xf0\x8f\xbf\xbf"sv,
        "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xfe\xff"sv})
    EXPECT_EQ(first_invalid_utf8(text), 0U) << text;
}

TEST(control_characters, are_found_but_for_tabs_and_line_breaks) {
  EXPECT_EQ(first_control_character("a\tb\r\nc"), std::nullopt);
  EXPECT_EQ(first_control_character("a\0b"sv), 1U);
  EXPECT_EQ(first_control_character("ab\x1b"), 2U);
  EXPECT_EQ(first_control_character("\x7f"), 0U);
}

TEST(edit_distance, counts_single_changes) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("listen", "listen"), 0U);
  EXPECT_EQ(edit_distance("listen", "lisen"), 1U);
  EXPECT_EQ(edit_distance("listen", "lixten"), 1U);
  EXPECT_EQ(edit_distance("listen", "lsiten"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(nearest, is_what_a_typing_mistake_meant) {
  const std::vector known{"listen"sv, "limits"sv, "log"sv, "webhook_secret"sv};
  EXPECT_EQ(nearest("lisen", known), "listen");
  EXPECT_EQ(nearest("webhok_secrt", known), "webhook_secret");
  EXPECT_EQ(nearest("webhookSecret", known), "webhook_secret");
}

TEST(nearest, is_nothing_if_nothing_is_near) {
  const std::vector known{"listen"sv, "log"sv};
  EXPECT_EQ(nearest("upstream", known), std::nullopt);
  EXPECT_EQ(nearest("xyz", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(65, 'l'), known), std::nullopt);
}

} // namespace

} // namespace mfo::config
