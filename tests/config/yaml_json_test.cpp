#include "config/yaml_json.hpp"

#include "tests/config/fixture.hpp"

#include <vector>

namespace mfo::config {

namespace {

node_ptr parsed(const std::string& text) {
  auto result = parse_document(text, "f");
  if (!result) {
    ADD_FAILURE() << result.error();
    return std::make_shared<node>();
  }
  return *result;
}

std::string json_of(const std::string& text) {
  const auto json = to_json(*parsed(text));
  return json ? *json : "refused: " + json.error().message;
}

/// Of a value behind a key.
std::string json_of_value(const std::string& text) {
  const auto whole = json_of("a: " + text + "\n");
  return whole.starts_with("{\"a\":") ? whole.substr(5, whole.size() - 6)
                                      : whole;
}

TEST(yaml, that_is_plain_becomes_what_it_looks_like) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1", "1"},
      {"-1", "-1"},
      {"+1", "1"},
      {"007", "7"},
      {"0", "0"},
      {"-0", "-0"},
      {"0x1f", "31"},
      {"0o17", "15"},
      {"1.5", "1.5"},
      {"1.", "1.0"},
      {".5", "0.5"},
      {"-.5", "-0.5"},
      {"00.5", "0.5"},
      {"1e3", "1e3"},
      {"1.5E-07", "1.5e-07"},
      {"12345678901234567890123", "12345678901234567890123"},
      {"true", "true"},
      {"False", "false"},
      {"null", "null"},
      {"~", "null"},
      {"", "null"},
      {"yes", "\"yes\""},
      {"tRue", "\"tRue\""},
      {"1.2.3", "\"1.2.3\""},
      {"1e", "\"1e\""},
      {".", "\".\""},
      {"1 2", "\"1 2\""},
      {"0x", "\"0x\""},
      {"2026-11-24", "\"2026-11-24\""},
      {"^a$", "\"^a$\""},
  };
  for (const auto& [yaml, json] : cases)
    EXPECT_EQ(json_of_value(yaml), json) << yaml;
}

TEST(yaml, that_is_quoted_is_text) {
  EXPECT_EQ(json_of_value("'1'"), R"("1")");
  EXPECT_EQ(json_of_value("\"true\""), R"("true")");
  EXPECT_EQ(json_of_value("''"), R"("")");
  EXPECT_EQ(json_of_value("|-\n  1"), R"("1")");
  EXPECT_EQ(json_of_value("'null'"), R"("null")");
}

TEST(yaml, text_is_escaped_as_json_wants_it) {
  EXPECT_EQ(json_of_value(R"("\"\\\n\t\x01é")"),
            "\"\\\"\\\\\\u000a\\u0009\\u0001é\"");
}

TEST(yaml, lists_and_maps_keep_their_order) {
  EXPECT_EQ(json_of("b: [1, '2', {c: null}]\na: {}\n1: []\n"),
            R"({"b":[1,"2",{"c":null}],"a":{},"1":[]})");
}

TEST(yaml, aliases_are_written_in_full) {
  EXPECT_EQ(json_of("a: &x [1]\nb: [*x, *x]\n"), R"({"a":[1],"b":[[1],[1]]})");
}

TEST(yaml, that_json_cannot_say_is_refused) {
  EXPECT_EQ(json_of("a: .inf\n"), "refused: JSON has no such number");
  EXPECT_EQ(json_of("a: -.INF\n"), "refused: JSON has no such number");
  EXPECT_EQ(json_of("a: .nan\n"), "refused: JSON has no such number");
  EXPECT_EQ(json_of("a: 1\na: 2\n"), "refused: the key is given twice");
}

TEST(yaml, that_grows_too_large_by_aliases_is_refused) {
  std::string text = "a: &x " + std::string(100'000, 'x') + "\nb: [";
  for (int i = 0; i < 20; ++i)
    text += "*x, ";
  EXPECT_EQ(json_of(text + "1]\n"), "refused: larger than 1MiB as JSON");
}

TEST(pointer, leads_to_a_key_or_an_item) {
  const auto root = parsed("a:\n  b/c~:\n    - x\n    - {d: 1}\n");
  EXPECT_EQ(place_of_pointer(*root, ""), (place{1, 1}));
  EXPECT_EQ(place_of_pointer(*root, "/a"), (place{1, 1}));
  EXPECT_EQ(place_of_pointer(*root, "/a/b~1c~0"), (place{2, 3}));
  EXPECT_EQ(place_of_pointer(*root, "/a/b~1c~0/1"), (place{4, 7}));
  EXPECT_EQ(place_of_pointer(*root, "/a/b~1c~0/1/d"), (place{4, 8}));
}

TEST(pointer, leads_as_far_as_there_is_something) {
  const auto root = parsed("x: 1\na:\n  - 1\n");
  EXPECT_EQ(place_of_pointer(*root, "/a/5"), (place{2, 1}));
  EXPECT_EQ(place_of_pointer(*root, "/a/0/deeper"), (place{3, 5}));
  EXPECT_EQ(place_of_pointer(*root, "/nothing"), (place{1, 1}));
}

} // namespace

} // namespace mfo::config
