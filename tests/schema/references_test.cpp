#include "schema/json_schema.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mfo::schema {

namespace {

/// Whether the payload conforms; or why the schema is refused.
std::string outcome_of(std::string_view schema, std::string_view payload) {
  const auto compiled = json_schema::compile(schema);
  if (!compiled)
    return compiled.error().pointer + ": " + compiled.error().reason;
  return compiled->check(payload).empty() ? "good" : "bad";
}

TEST(reference, to_another_document_is_refused_as_nothing_is_fetched) {
  constexpr auto refused =
      "/properties/a/$ref: refers to another document, which is never fetched";
  for (const std::string target :
       {"http://example.com/a.json", "file:///etc/passwd", "other.json",
        "/etc/passwd", "urn:uuid:00000000-0000-0000-0000-000000000000",
        "http://json-schema.org/draft-04/schema#", "//example.com/a"})
    EXPECT_EQ(outcome_of(
                  R"({"properties": {"a": {"$ref": ")" + target + "\"}}}", "1"),
              refused)
        << target;
}

TEST(reference, to_the_metaschema_is_known) {
  constexpr auto schema =
      R"({"items": {"$ref": "http://json-schema.org/draft-07/schema#"}})";
  EXPECT_EQ(outcome_of(schema, R"([{"minLength": 1}])"), "good");
  EXPECT_EQ(outcome_of(schema, R"([{"minLength": -1}])"), "bad");
  EXPECT_EQ(outcome_of(R"({"$ref":
      "http://json-schema.org/draft-07/schema#/definitions/simpleTypes"})",
                       "\"string\""),
            "good");
}

TEST(reference, to_nowhere_is_refused) {
  EXPECT_EQ(outcome_of(R"({"$ref": "#/definitions/a"})", "1"),
            "/$ref: refers to a place that is not there");
  EXPECT_EQ(outcome_of(R"({"$ref": "#a"})", "1"),
            "/$ref: refers to a name that no $id gives");
  EXPECT_EQ(outcome_of(R"({"$ref": "#/~2"})", "1"),
            "/$ref: refers to a place that is not there");
  EXPECT_EQ(outcome_of(R"({"$ref": "#/enum/0", "enum": [1]})", "1"),
            "/$ref: refers to what is no schema");
}

TEST(reference, leads_where_no_keyword_does) {
  constexpr auto schema = R"({"$ref": "#/mine/0/a~1b%25",
                              "mine": [{"a/b%": {"type": "integer"}}]})";
  EXPECT_EQ(outcome_of(schema, "1"), "good");
  EXPECT_EQ(outcome_of(schema, "\"1\""), "bad");
}

TEST(reference, that_leads_to_no_schema_of_draft_7_is_refused) {
  EXPECT_EQ(
      outcome_of(R"({"$ref": "#/mine", "mine": {"minLength": "a"}})", "1"),
      ": is no schema of draft 7 where a $ref leads");
}

TEST(reference, that_is_a_property_called_so_is_none) {
  EXPECT_EQ(outcome_of(R"({"properties": {"$ref": {"type": "string"}}})",
                       R"({"$ref": "http://example.com/"})"),
            "good");
  EXPECT_EQ(outcome_of(R"({"const": {"$ref": "http://example.com/"}})",
                       R"({"$ref": "http://example.com/"})"),
            "good");
}

TEST(reference, to_a_name_with_odd_characters_is_found) {
  for (const std::string name : {"", " ", "a b", "#", "%", "~0~1", "a//b"}) {
    std::string pointer;
    for (const char c : name)
      pointer += c == '~'   ? "~0"
                 : c == '/' ? "~1"
                 : c == '%' ? "%25"
                            : std::string(1, c);
    const auto schema = R"({"definitions": {")" + name +
                        R"(": {"type": "integer"}}, "items": {"$ref": )"
                        "\"#/definitions/" +
                        pointer + "\"}}";
    EXPECT_EQ(outcome_of(schema, "[1]"), "good") << name;
    EXPECT_EQ(outcome_of(schema, "[true]"), "bad") << name;
  }
}

TEST(reference, may_go_round_through_the_payload) {
  constexpr auto tree = R"({
    "$id": "http://example.com/tree",
    "type": "object", "required": ["value"],
    "properties": {"left": {"$ref": "#"}, "right": {"$ref": "tree"},
                   "value": {"$ref": "#number"}},
    "definitions": {"n": {"$id": "#number", "type": "number"}}})";
  EXPECT_EQ(outcome_of(tree, R"({"value":1,"left":{"value":2,
                                 "right":{"value":3}}})"),
            "good");
  EXPECT_EQ(outcome_of(tree, R"({"value":1,"left":{"value":2,
                                 "right":{"value":"3"}}})"),
            "bad");
}

} // namespace

} // namespace mfo::schema
