#include "config/document.hpp"

#include "tests/config/fixture.hpp"

namespace mfo::config {

namespace {

node_ptr parsed(std::string_view text) {
  auto result = parse_document(text, "f");
  if (!result) {
    ADD_FAILURE() << result.error();
    return std::make_shared<node>();
  }
  return *result;
}

std::string refusal_of(std::string_view text) {
  const auto result = parse_document(text, "f");
  return result ? "" : to_string(result.error());
}

std::string repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i)
    result += text;
  return result;
}

TEST(document, tells_quoted_text_from_plain) {
  const auto root = parsed("a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\ne: ''\n");
  EXPECT_FALSE(root->entries[0].value->quoted);
  for (std::size_t i = 1; i < root->entries.size(); ++i)
    EXPECT_TRUE(root->entries[i].value->quoted) << root->entries[i].key;
}

TEST(document, keeps_the_place_of_keys_and_values) {
  const auto root = parsed("# c\na: 1\nb:\n  - {c: x}\n");
  ASSERT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->entries[0].where, (place{2, 1}));
  EXPECT_EQ(root->entries[0].value->where, (place{2, 4}));
  const auto& item = root->entries[1].value->items.at(0);
  EXPECT_EQ(item->where, (place{4, 5}));
  EXPECT_EQ(item->entries.at(0).value->where, (place{4, 9}));
  EXPECT_EQ(item->entries.at(0).value->text, "x");
}

TEST(document, keeps_keys_that_are_given_twice) {
  const auto root = parsed("a: 1\na: 2\n");
  ASSERT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->entries[1].value->text, "2");
}

TEST(document, shares_the_node_of_an_anchor_with_its_aliases) {
  const auto root = parsed("a: &x {b: 1}\nc: *x\n");
  EXPECT_EQ(root->entries.at(0).value, root->entries.at(1).value);
}

TEST(document, may_start_with_a_byte_order_mark) {
  EXPECT_EQ(parsed("\xef\xbb\xbf"
                   "a: 1\n")
                ->entries.at(0)
                .key,
            "a");
}

TEST(document, is_not_empty) {
  for (const auto* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n"})
    EXPECT_EQ(refusal_of(text), "f:1:1: no settings: the file is empty")
        << text;
}

TEST(document, is_a_map) {
  EXPECT_EQ(refusal_of("- a\n"), "f:1:1: settings must be `key: value` pairs "
                                 "(a space must follow the colon)");
  EXPECT_EQ(refusal_of("webhook_secret:hunter2\n"),
            "f:1:1: settings must be `key: value` pairs "
            "(a space must follow the colon)");
}

TEST(document, is_the_only_one) {
  EXPECT_EQ(refusal_of("a: 1\n---\nb: 2\n"),
            "f:3:1: more than one YAML document");
}

TEST(document, is_utf8_without_control_characters) {
  EXPECT_EQ(refusal_of("a: 1\nb: \xff\n"),
            "f:2:4: not UTF-8 (save the file as UTF-8)");
  EXPECT_EQ(refusal_of(std::string_view("a: \0", 4)),
            "f:1:4: a control character");
  // yaml-cpp takes this byte for the end of the file.
  EXPECT_EQ(refusal_of("a: 1\n\x04\nb: 2\n"), "f:2:1: a control character");
}

TEST(document, has_no_tags) {
  EXPECT_EQ(refusal_of("a: !!binary aGk=\n"),
            "f:1:4: YAML tags are not supported "
            "(quote a value that starts with `!`)");
  EXPECT_EQ(parsed("a: \"!x\"\n")->entries.at(0).value->text, "!x");
}

TEST(document, has_text_for_keys) {
  EXPECT_EQ(refusal_of("? [a]\n: 1\n"), "f:1:3: a key must be plain text");
  EXPECT_EQ(refusal_of("{a: 1}: 1\n"), "f:1:1: a key must be plain text");
}

TEST(document, may_not_nest_deeply) {
  EXPECT_EQ(refusal_of("a: " + repeat("[", 31) + repeat("]", 31)), "");
  EXPECT_EQ(refusal_of("a: " + repeat("[", 32) + repeat("]", 32)),
            "f:1:35: nested deeper than 32 levels");
  for (const auto* opening : {"[", "{a: ", "- "})
    EXPECT_NE(refusal_of(repeat(opening, 100'000)).find("deeper than 32"),
              std::string::npos)
        << opening;
}

TEST(document, may_not_grow_by_aliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            before + repeat(", " + before, 9) + "]\n";
  }
  EXPECT_EQ(refusal_of(bomb).substr(0, 2), "f:");
  EXPECT_NE(refusal_of(bomb).find("more than 100000 values, aliases counted"),
            std::string::npos);
}

TEST(document, may_not_contain_itself) {
  EXPECT_EQ(refusal_of("a: &x [*x]\n"),
            "f:1:8: an alias inside of its own anchor");
  EXPECT_EQ(refusal_of("&x a: *x\nb: 1\n"), "");
}

TEST(document, tells_where_its_syntax_is_wrong) {
  EXPECT_EQ(refusal_of("a: 1\nb: [1\nc: 2\n").substr(0, 21),
            "f:3:2: not valid YAML");
}

TEST(document, closes_its_quotes) {
  for (const auto* text : {"a: \"b", "a: \"b\n", "a: 'b\n\n", "a: 'b\nc: d\n"})
    EXPECT_NE(refusal_of(text).find("not valid YAML"), std::string::npos)
        << text;
}

TEST(document, keeps_the_line_break_of_a_block_at_its_end) {
  EXPECT_EQ(parsed("a: |\n  b\n")->entries.at(0).value->text, "b\n");
  EXPECT_EQ(parsed("a: |-\n  b")->entries.at(0).value->text, "b");
}

TEST(document, does_not_quote_an_unknown_anchor) {
  EXPECT_EQ(refusal_of("webhook_secret: *hunter2\n"),
            "f:1:17: not valid YAML: the referenced anchor is not defined "
            "(quote a value that holds or starts with a special character)");
}

TEST(document, tells_to_quote_a_variable_in_a_flow_list) {
  const auto text = refusal_of("a: 1\nb: {c: ${NAME}}\n");
  EXPECT_NE(text.find("(within {…} and […], quote it: \"${NAME}\")"),
            std::string::npos)
      << text;
}

} // namespace

} // namespace mfo::config
