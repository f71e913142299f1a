#include "core/text.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

TEST(the_case, is_that_of_ascii_letters_alone) {
  EXPECT_TRUE(equal_ignoring_case("aZ-9", "Az-9"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xC0", "\xE0"));
  EXPECT_EQ(lower_case("Az[@\xC0-9"), "az[@\xC0-9");
}

TEST(markup, is_text_where_it_is_escaped) {
  EXPECT_EQ(markup_escaped("<a b=\"c\">&amp;'\n"),
            "&lt;a b=&quot;c&quot;&gt;&amp;amp;'\n");
}

TEST(blanks, are_cut_from_both_ends) {
  EXPECT_EQ(trim_blanks(" \ta \tb\t "), "a \tb");
  EXPECT_EQ(trim_blanks("a"), "a");
  EXPECT_EQ(trim_blanks(" \t"), "");
  EXPECT_EQ(trim_blanks(""), "");
  EXPECT_EQ(trim_blanks("\n a"), "\n a") << "a line break is none";
}

} // namespace

} // namespace mfo::core
