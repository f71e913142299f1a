#include "core/json_check.hpp"

#include "core/json_grammar.hpp"
#include "tests/core/json_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mfo::core {

namespace {

/// Checks `text` in a buffer whose padding is `junk`.
bool check(json_checker& checker, std::string_view text,
           std::string_view junk = " ") {
  std::string padded{text};
  while (padded.size() < text.size() + json_padding)
    padded += junk;
  return checker.check({padded.data(), text.size()}) == json_verdict::good;
}

bool check(std::string_view text) {
  json_checker checker;
  return check(checker, text);
}

TEST(json_check, takes_what_rfc_8259_takes) {
  for (const auto& text : json_texts())
    EXPECT_TRUE(check(text)) << text;
}

TEST(json_check, refuses_what_rfc_8259_refuses) {
  for (const auto& text : no_json_texts())
    EXPECT_FALSE(check(text)) << text;
}

TEST(json_check, does_not_look_at_the_padding) {
  json_checker checker;
  for (const auto* junk : {"]", "}", "\"", "0", "e", "l", "\\", "\xff", ",",
                           "\n", "1}", "[{\"a\":"}) {
    for (const auto& text : json_texts())
      EXPECT_TRUE(check(checker, text, junk)) << text << " before " << junk;
    for (const auto& text : no_json_texts())
      EXPECT_FALSE(check(checker, text, junk)) << text << " before " << junk;
  }
}

TEST(json_check, does_not_look_at_padding_of_zeros) {
  json_checker checker;
  const std::string_view zero{"\0", 1};
  for (const auto& text : json_texts())
    EXPECT_TRUE(check(checker, text, zero)) << text;
  for (const auto& text : no_json_texts())
    EXPECT_FALSE(check(checker, text, zero)) << text;
}

TEST(json_check, has_room_for_containers_that_the_padding_seems_to_close) {
  // Of each size, so that one fills what simdjson would allocate to the last
  // entry. To write behind it ends the process, here or under ASan.
  for (std::size_t size = 5; size < 400; ++size) {
    json_checker checker;
    std::string text{"[[["};
    while (text.size() + 2 < size)
      text += text.back() == '7' ? "," : "7";
    text += text.back() == '7' ? "]" : "7]";
    EXPECT_FALSE(check(checker, text, "]")) << text;
  }
}

TEST(json_check, agrees_with_the_grammar_on_every_cut_of_a_text) {
  json_checker checker;
  for (const auto& text : json_texts())
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const auto part = std::string_view{text}.substr(0, size);
      // A cut through a character is no UTF-8; that is not the grammar's.
      if (size < text.size() && (text[size] & 0xC0) == 0x80)
        EXPECT_FALSE(check(checker, part, text)) << part;
      else
        EXPECT_EQ(check(checker, part, text), is_json_text(part, 1024)) << part;
    }
}

TEST(json_check, agrees_with_the_grammar_when_one_byte_is_another) {
  json_checker checker;
  const std::string_view others{"{}[]\":,\\ \n0-.eEtfnu\x01"};
  for (auto text : json_texts())
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (static_cast<unsigned char>(text[at]) >= 0x80)
        continue;
      for (const auto other : others) {
        const auto was = std::exchange(text[at], other);
        EXPECT_EQ(check(checker, text), is_json_text(text, 1024)) << text;
        text[at] = was;
      }
    }
}

TEST(json_check, refuses_what_is_not_utf_8) {
  for (const std::string_view bytes :
       {"\x80", "\xc3", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xff",
        "\xf5\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    const auto text = "\"" + std::string{bytes} + "\"";
    EXPECT_FALSE(check(text)) << text;
    // Also where a number sends the text to the grammar, which knows no UTF-8.
    EXPECT_FALSE(check("[1e400," + text + "]")) << text;
    EXPECT_FALSE(check(R"(["\uD800",)" + text + "]")) << text;
  }
}

TEST(json_check, refuses_utf_16) {
  EXPECT_FALSE(check(std::string_view{"{\0}\0", 4}));
  EXPECT_FALSE(check(std::string_view{"\xff\xfe{\0}\0", 6}));
}

TEST(json_check, takes_a_text_nested_1024_deep) {
  EXPECT_TRUE(check(nested(1024)));
  EXPECT_TRUE(check("[1e400," + nested(1023) + "]"));
  std::string objects;
  for (int i = 0; i < 1024; ++i)
    objects += "{\"a\":";
  objects += "1" + std::string(1024, '}');
  EXPECT_TRUE(check(objects));
}

TEST(json_check, refuses_a_text_nested_1025_deep) {
  EXPECT_FALSE(check(nested(1025)));
  EXPECT_FALSE(check("[1e400," + nested(1024) + "]"));
  EXPECT_FALSE(check(nested(100'000)));
  EXPECT_FALSE(check(std::string(100'000, '[')));
}

TEST(json_check, is_right_again_after_a_refusal) {
  json_checker checker;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(check(checker, "[1,"));
    EXPECT_TRUE(check(checker, "[1]"));
  }
}

TEST(json_check, is_right_again_after_a_large_text) {
  json_checker checker;
  const auto large = "[\"" + std::string(1024 * 1024, 'a') + "\"]";
  EXPECT_TRUE(check(checker, large));
  EXPECT_FALSE(check(checker, std::string_view{large}.substr(1)));
  EXPECT_TRUE(check(checker, "{}"));
  EXPECT_TRUE(check(checker, large));
}

TEST(json_check, can_be_moved) {
  json_checker first;
  auto second = std::move(first);
  EXPECT_TRUE(check(second, "{}"));
}

json_verdict judge(json_bounds bounds, std::string text) {
  json_checker checker{bounds};
  const auto size = text.size();
  text.append(json_padding, ' ');
  return checker.check({text.data(), size});
}

TEST(json_check, tells_what_is_too_deep_from_what_is_malformed) {
  for (const std::size_t most : {1, 2, 3, 16, 128, 1024}) {
    const json_bounds bounds{.max_depth = most};
    EXPECT_EQ(judge(bounds, nested(most)), json_verdict::good) << most;
    EXPECT_EQ(judge(bounds, nested(most + 1)), json_verdict::too_complex);
    const auto around = [](std::size_t depth, const std::string& what) {
      return std::string(depth, '[') + what + std::string(depth, ']');
    };
    EXPECT_EQ(judge(bounds, around(most, "1")), json_verdict::good);
    EXPECT_EQ(judge(bounds, around(most + 1, "1")), json_verdict::too_complex);
    EXPECT_EQ(judge(bounds, around(most, "1e400")), json_verdict::good);
    EXPECT_EQ(judge(bounds, around(most, "x")), json_verdict::malformed);
  }
}

TEST(json_check, counts_tokens) {
  const json_bounds bounds{.max_tokens = 9};
  EXPECT_EQ(judge(bounds, R"({"a":[1,2]})"), json_verdict::good) << "nine";
  EXPECT_EQ(judge(bounds, R"({"a":[1,22]})"), json_verdict::good);
  EXPECT_EQ(judge(bounds, R"({"a":[1,2,3]})"), json_verdict::too_complex);
  EXPECT_EQ(judge(bounds, "[1e400,1,1,1,1,1]"), json_verdict::too_complex);
  EXPECT_EQ(judge(bounds, "\"" + std::string(1'000, 'x') + "\""),
            json_verdict::good);
}

TEST(json_check, keeps_its_bounds_for_large_texts_and_after_them) {
  json_checker checker{{.max_depth = 3}};
  const std::string large = "[" + std::string(400'000, ' ') + nested(2) + "]";
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(check(checker, large));
    EXPECT_FALSE(check(checker, nested(4)));
    EXPECT_TRUE(check(checker, nested(3)));
  }
}

} // namespace

} // namespace mfo::core
