#include "telemetry/log_text.hpp"

#include "tests/core/seeds.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace mfo::telemetry {

namespace {

using nlohmann::json;
using namespace std::string_literals;

std::string logged(std::string_view text) {
  std::string out;
  append_logged(out, text);
  return out;
}

TEST(a_logged_text, is_a_json_string) {
  EXPECT_EQ(logged(""), R"("")");
  EXPECT_EQ(logged("/hooks/a"), R"("/hooks/a")");
  EXPECT_EQ(logged("\"q\" \\"), R"("\"q\" \\")");
  EXPECT_EQ(logged("Grüße, 世界 🎉"), R"("Grüße, 世界 🎉")");
}

TEST(a_logged_text, does_not_end_the_line) {
  EXPECT_EQ(logged("a\r\nb"), R"("a\r\nb")");
  EXPECT_EQ(logged("a\vb\fc"), R"("a\u000bb\u000cc")");
  EXPECT_EQ(logged("a\u0085b"), R"("a\u0085b")") << "NEL";
  EXPECT_EQ(logged("a\u2028b\u2029c"), R"("a\u2028b\u2029c")");
}

TEST(a_logged_text, does_not_end_at_a_zero) {
  EXPECT_EQ(logged("a\0b"s), R"("a\u0000b")");
}

TEST(a_logged_text, does_not_move_a_terminals_cursor) {
  EXPECT_EQ(logged("\x1b[2J\a\b\x7f"), R"("\u001b[2J\u0007\u0008\u007f")");
  EXPECT_EQ(logged("\u009b2J"), R"("\u009b2J")") << "CSI in one character";
}

TEST(a_logged_text, does_not_change_the_order_or_the_look_of_others) {
  EXPECT_EQ(logged("\u202eevil\u202c"), R"("\u202eevil\u202c")");
  EXPECT_EQ(logged("\u2066evil\u2069"), R"("\u2066evil\u2069")");
  EXPECT_EQ(logged("e\u200bv\u2060i\ufeffl\u200f"),
            R"("e\u200bv\u2060i\ufeffl\u200f")");
}

TEST(a_logged_text, shows_what_is_not_utf_8_as_a_replacement) {
  EXPECT_EQ(logged("a\xffz"), "\"a\uFFFDz\"");
  EXPECT_EQ(logged("\xc0\x8a"), "\"\uFFFD\uFFFD\"") << "an overlong newline";
  EXPECT_EQ(logged("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"") << "a surrogate";
  EXPECT_EQ(logged("\x9b"), "\"\uFFFD\"") << "C1 by itself";
}

TEST(a_logged_text, is_whole_up_to_the_bound) {
  EXPECT_EQ(logged(std::string(256, 'x')), '"' + std::string(256, 'x') + '"');
}

TEST(a_logged_text, that_is_longer_is_cut_and_says_how_long_it_was) {
  EXPECT_EQ(logged(std::string(257, 'x')),
            '"' + std::string(256, 'x') + "… (257 bytes)\"");
  EXPECT_EQ(logged(std::string(100'000, '\n')).size(),
            2 * 256 + "\"… (100000 bytes)\""s.size());
}

TEST(a_logged_text, is_not_cut_within_a_character) {
  for (const auto* character : {"ü", "世", "🎉", "\u2028"})
    for (std::size_t before = 250; before <= 257; ++before) {
      const auto text =
          std::string(before, 'x') + character + std::string(20, 'y');
      EXPECT_EQ(logged(text).find("\uFFFD"), std::string::npos)
          << character << " after " << before;
    }
}

TEST(a_logged_text, says_the_same_to_who_reads_the_json) {
  const auto text = "\u2028\u202e\u009b\x1b \" \\ ü"s;
  EXPECT_EQ(json::parse(logged(text)), text);
}

TEST(a_logged_text, is_bounded_one_line_and_json_whatever_it_is_made_of) {
  // Bytes that begin, go on with, or end what is to be escaped.
  constexpr std::string_view bytes{"\xe2\x80\xa8\xc2\x9b\x85\xef\xbb\xbf\xf0"
                                   "\x9f\n\r\x1b\"\\\0a\xff\xed\xa0",
                                   21};
  const auto first = mfo::test::first_seed();
  for (unsigned seed = first; seed < first + 2'000; ++seed) {
    SCOPED_TRACE(mfo::test::seed_trace(seed));
    std::mt19937 random{seed};
    std::string text;
    for (auto left = mfo::test::between(random, 0, 600); left > 0; --left)
      text +=
          bytes[mfo::test::between<std::size_t>(random, 0, bytes.size() - 1)];
    const auto line = logged(text);
    EXPECT_TRUE(json::accept(line));
    EXPECT_LE(line.size(), 6 * max_logged_value + 30);
    EXPECT_TRUE(std::ranges::none_of(
        line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    for (const auto* hidden : {"\u2028", "\u009b", "\u0085", "\ufeff"})
      EXPECT_EQ(line.find(hidden), std::string::npos);
  }
}

} // namespace

} // namespace mfo::telemetry
