#include "core/printable.hpp"

#include <gtest/gtest.h>

namespace mfo::core {
namespace {

TEST(printable, leaves_text_as_it_is) {
  EXPECT_EQ(printable("gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80 ~"),
            "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80 ~");
}

TEST(printable, lets_nothing_drive_the_terminal) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\x7f\r"), "a?[31mb?c??");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m"),
            "a?31m")
      << "CSI as one code point";
  EXPECT_EQ(printable("a\x9B\xFF"), "a??");
  EXPECT_EQ(printable("a\nb\x1b", true), "a\nb?");
}

TEST(width, counts_characters_and_not_bytes) {
  EXPECT_EQ(width_of(""), 0u);
  EXPECT_EQ(width_of("gr\u00fc\u00df \U0001F600"), 6u);
}

TEST(shortened, is_as_it_was_where_it_fits) {
  EXPECT_EQ(shortened("gr\u00fc\u00df", 4), "gr\u00fc\u00df");
  EXPECT_EQ(end_of("gr\u00fc\u00df", 4), "gr\u00fc\u00df");
}

TEST(shortened, ends_in_dots_between_two_characters) {
  EXPECT_EQ(shortened("gr\u00fc\u00dfe", 4), "gr\u00fc\u2026");
  EXPECT_EQ(shortened("gr\u00fc\u00dfe", 1), "\u2026");
  EXPECT_EQ(shortened("gr\u00fc\u00dfe", 0), "");
}

TEST(end_of, begins_with_dots_between_two_characters) {
  EXPECT_EQ(end_of("each[3]/gr\u00fc\u00dfe", 4), "\u2026\u00fc\u00dfe");
  EXPECT_EQ(end_of("abc", 1), "\u2026");
  EXPECT_EQ(end_of("abc", 0), "");
}

} // namespace
} // namespace mfo::core
