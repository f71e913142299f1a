#include "node/dead_letter_view.hpp"

#include "tests/dead_letters/letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mfo::node {
namespace {

using dead_letters::sample_letter;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

TEST(table, aligns_its_columns) {
  letter_table table{false};
  auto wide = sample_letter("a-longer-id-\xC3\xBC");
  wide.last_status = 0;
  std::string text = table.add("disk", sample_letter("1"));
  text += table.add("disk", wide);
  text += table.finish();
  const auto lines = lines_of(text);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0],
            "EVENT ID       DEAD AT                   TYPE            "
            "ENDPOINT  SERVER   REASON           TRIES  STATUS");
  EXPECT_EQ(lines[1],
            "1              2025-11-24T07:55:28.002Z  email.received  "
            "orders    default  upstream_failed  8      500");
  EXPECT_EQ(lines[2],
            "a-longer-id-\xC3\xBC  2025-11-24T07:55:28.002Z  email.received  "
            "orders    default  upstream_failed  8      -");
}

TEST(table, shows_the_sink_where_there_are_several) {
  letter_table table{true};
  auto text = table.add("disk", sample_letter("1"));
  text += table.finish();
  EXPECT_THAT(text, HasSubstr("STATUS  SINK\n"));
  EXPECT_THAT(text, HasSubstr("500     disk\n"));
}

TEST(table, of_no_letters_is_empty) {
  EXPECT_THAT(letter_table{true}.finish(), IsEmpty());
}

TEST(table, keeps_its_columns_over_any_number_of_letters) {
  letter_table table{false};
  std::string text;
  std::size_t largest_piece = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto piece = table.add("disk", sample_letter(std::to_string(i)));
    largest_piece = std::max(largest_piece, piece.size());
    text += piece;
  }
  text += table.finish();
  const auto lines = lines_of(text);
  ASSERT_THAT(lines, SizeIs(2'001));
  for (std::size_t i = 1; i < lines.size(); ++i)
    ASSERT_EQ(lines[i].find("upstream_failed"), lines[0].find("REASON"))
        << lines[i];
  EXPECT_LT(largest_piece, text.size() / 3) << "it waited for all";
}

TEST(full_view, indents_json_and_changes_no_token) {
  auto value = sample_letter();
  value.body =
      R"({"a":1e400,"b":[12345678901234567890123,{"c":"x:,{}\"\\"}],"d":{},"e":[ ]})";
  EXPECT_THAT(full_view(value), HasSubstr(R"(
{
  "a": 1e400,
  "b": [
    12345678901234567890123,
    {
      "c": "x:,{}\"\\"
    }
  ],
  "d": {},
  "e": []
}
)"));
}

TEST(full_view, shows_what_is_no_json_as_it_is) {
  auto value = sample_letter();
  value.body = "a: b\n{\x1b";
  EXPECT_THAT(full_view(value), HasSubstr("\n\na: b\n{?\n"));
}

TEST(full_view, says_why_where_and_when) {
  const auto text = full_view(sample_letter("42"));
  for (const auto* line :
       {"event_id     42\n", "server       default\n",
        "detail       the server answered 500\n", "attempts     8\n",
        "last_status  500\n", "dead_at      2025-11-24T07:55:28.002Z\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(bar, shows_how_far_it_is) {
  dead_letters::replay_report report;
  EXPECT_THAT(progress_bar(report, 10, 40), HasSubstr("[....."));
  report.delivered = 4;
  report.failed = 1;
  const auto half = progress_bar(report, 10, 40);
  EXPECT_THAT(half, HasSubstr("] 5/10, 1 failed"));
  EXPECT_LE(
      std::abs(std::ranges::count(half, '#') - std::ranges::count(half, '.')),
      1);
  EXPECT_LE(half.size(), 40u);
}

TEST(bar, stays_whole_when_there_are_more_letters_than_were_counted) {
  dead_letters::replay_report report;
  report.delivered = 12;
  EXPECT_THAT(progress_bar(report, 10, 40), HasSubstr("#] 12/12"));
  EXPECT_THAT(progress_bar(report, 0, 40), HasSubstr("12/12"));
}

} // namespace
} // namespace mfo::node
