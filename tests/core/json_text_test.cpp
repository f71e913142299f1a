#include "core/json_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace mfo::core {

namespace {

std::string as_json(std::string_view text) {
  std::string out{"before "};
  append_json_string(out, text);
  EXPECT_TRUE(out.starts_with("before "));
  return out.substr(7);
}

/// The text that a reader of the JSON string gets.
std::string read_back(std::string_view text) {
  return nlohmann::json::parse(as_json(text)).get<std::string>();
}

TEST(json_text, leaves_plain_text_as_it_is) {
  EXPECT_EQ(as_json(""), R"("")");
  EXPECT_EQ(as_json("a/b 'c' <d>"), R"("a/b 'c' <d>")");
}

TEST(json_text, escapes_what_must_be_escaped) {
  EXPECT_EQ(as_json("\"\\"), R"("\"\\")");
  EXPECT_EQ(as_json("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(as_json(std::string_view{"\0\x01\x1f\x7f", 4}),
            R"("\u0000\u0001\u001f\u007f")");
}

TEST(json_text, gives_every_ascii_character_back) {
  for (int c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    EXPECT_EQ(read_back(text), text) << c;
    EXPECT_EQ(read_back("a" + text + "b"), "a" + text + "b") << c;
  }
}

TEST(json_text, finds_what_must_be_escaped_wherever_it_stands) {
  for (int c = 0; c < 0x80; ++c)
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'a');
      text[at] = static_cast<char>(c);
      ASSERT_EQ(read_back(text), text) << c << " at " << at;
      const bool plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
      ASSERT_EQ(as_json(text) == "\"" + text + "\"", plain)
          << c << " at " << at;
    }
}

TEST(json_text, leaves_utf_8_as_it_is) {
  for (const std::string_view text :
       {"\xc2\x80", "\xc3\xa9", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf0\x9f\x98\x80",
        "\xf4\x8f\xbf\xbf"})
    for (const std::string_view before : {"", "a", "eight by", "nine byte"}) {
      const auto whole = std::string{before}.append(text).append("behind it");
      EXPECT_EQ(as_json(whole), "\"" + whole + "\"");
    }
}

TEST(json_text, puts_a_replacement_for_each_byte_that_is_not_utf_8) {
  const std::string mark{"\xEF\xBF\xBD"};
  const std::pair<std::string_view, int> broken[]{
      {"\x80", 1},         {"\xff", 1},
      {"\xc3", 1},         {"\xc0\xaf", 2},
      {"\xe2\x82", 2},     {"\xed\xa0\x80", 3},
      {"\xf0\x9f\x98", 3}, {"\xf4\x90\x80\x80", 4},
      {"\xf8\x88", 2},
  };
  for (const auto& [bytes, count] : broken) {
    std::string expected;
    for (int i = 0; i < count; ++i)
      expected += mark;
    EXPECT_EQ(as_json(bytes), "\"" + expected + "\"");
    EXPECT_EQ(as_json(std::string{bytes} + "x"), "\"" + expected + "x\"");
  }
}

TEST(json_text, is_valid_json_whatever_two_bytes_it_is_given) {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const char bytes[]{static_cast<char>(a), static_cast<char>(b)};
      ASSERT_TRUE(nlohmann::json::accept(as_json({bytes, 2}))) << a << " " << b;
    }
}

} // namespace

} // namespace mfo::core
