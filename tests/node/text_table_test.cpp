#include "node/text_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace mfo::node {

namespace {

TEST(a_text_table, aligns_its_columns) {
  text_table table{{"ID", "NAME"}};
  EXPECT_EQ(table.add({"1", "a"}), "");
  EXPECT_EQ(table.add({"long one", "b"}), "");
  EXPECT_EQ(table.finish(), "ID        NAME\n"
                            "1         a\n"
                            "long one  b\n");
}

TEST(a_text_table, counts_characters_and_not_bytes) {
  text_table table{{"A", "B"}};
  table.add({"\u00e4\u00f6", "x"});
  table.add({"abc", "y"});
  EXPECT_EQ(table.finish(), "A    B\n\u00e4\u00f6   x\nabc  y\n");
}

TEST(a_text_table, is_empty_without_rows) {
  EXPECT_EQ(text_table({"A", "B"}).finish(), "");
}

TEST(a_text_table, shows_nothing_that_drives_a_terminal) {
  text_table table{{"A"}};
  table.add({"\x1b[2J\nx"});
  EXPECT_EQ(table.finish(), "A\n?[2J?x\n");
}

TEST(a_text_table, shows_any_number_of_rows_bit_by_bit) {
  text_table table{{"A", "B"}};
  std::string out;
  std::size_t pieces = 0;
  for (int i = 0; i < 1'200; ++i) {
    const auto piece = table.add({std::to_string(i), "x"});
    pieces += piece.empty() ? 0 : 1;
    out += piece;
  }
  out += table.finish();
  EXPECT_EQ(pieces, 2U);
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1'201);
  EXPECT_EQ(out.find("A  "), 0U);
  EXPECT_EQ(out.rfind("A  "), 0U) << "one head";
}

} // namespace

} // namespace mfo::node
