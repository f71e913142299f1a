#include "schema/json_schema.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mfo::schema {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

json_schema compiled(std::string_view text) {
  auto result = json_schema::compile(text);
  if (!result)
    throw std::runtime_error(result.error().pointer + ": " +
                             result.error().reason);
  return *std::move(result);
}

using told = std::vector<std::pair<std::string, std::string>>;

/// Pointer and rule of what a payload breaks.
told broken(std::string_view schema, std::string_view payload) {
  told result;
  for (const auto& each : compiled(schema).check(payload))
    result.emplace_back(each.pointer, each.rule);
  return result;
}

compile_error refusal_of(std::string_view schema) {
  const auto result = json_schema::compile(schema);
  if (result)
    throw std::runtime_error("compiles");
  return result.error();
}

TEST(violation, has_a_pointer_and_the_keyword) {
  const std::vector<std::pair<std::string, told>> cases{
      {R"({"type": "string"})", {{"", "type"}}},
      {R"({"properties": {"n": {"maximum": 1}}})", {{"/n", "maximum"}}},
      {R"({"properties": {"n": {"minimum": 3}}})", {{"/n", "minimum"}}},
      {R"({"properties": {"n": {"exclusiveMaximum": 2}}})",
       {{"/n", "exclusiveMaximum"}}},
      {R"({"properties": {"n": {"exclusiveMinimum": 2}}})",
       {{"/n", "exclusiveMinimum"}}},
      {R"({"properties": {"n": {"multipleOf": 4}}})", {{"/n", "multipleOf"}}},
      {R"({"properties": {"n": {"const": 3}}})", {{"/n", "const"}}},
      {R"({"properties": {"n": {"enum": [1, "2"]}}})", {{"/n", "enum"}}},
      {R"({"properties": {"n": {"anyOf": [false, {"type": "null"}]}}})",
       {{"/n", "anyOf"}}},
      {R"({"properties": {"n": {"oneOf": [true, true]}}})", {{"/n", "oneOf"}}},
      {R"({"properties": {"n": {"not": {}}}})", {{"/n", "not"}}},
      {R"({"properties": {"n": {"allOf": [{"type": "null"}]}}})",
       {{"/n", "type"}}},
      {R"({"properties": {"n": false}})", {{"/n", "false"}}},
      {R"({"properties": {"s": {"maxLength": 1}}})", {{"/s", "maxLength"}}},
      {R"({"properties": {"s": {"minLength": 9}}})", {{"/s", "minLength"}}},
      {R"({"properties": {"s": {"pattern": "^b"}}})", {{"/s", "pattern"}}},
      {R"({"properties": {"s": {"format": "uuid"}}})",
       {{"/s", "format: uuid"}}},
      {R"({"properties": {"l": {"maxItems": 1}}})", {{"/l", "maxItems"}}},
      {R"({"properties": {"l": {"minItems": 3}}})", {{"/l", "minItems"}}},
      {R"({"properties": {"l": {"uniqueItems": true}}})",
       {{"/l", "uniqueItems"}}},
      {R"({"properties": {"l": {"contains": {"const": 9}}}})",
       {{"/l", "contains"}}},
      {R"({"properties": {"l": {"items": {"type": "null"}}}})",
       {{"/l/0", "type"}, {"/l/1", "type"}}},
      {R"({"properties": {"l": {"items": [true], "additionalItems": false}}})",
       {{"/l/1", "additionalItems"}}},
      {R"({"required": ["n", "id"]})", {{"", "required: id"}}},
      {R"({"maxProperties": 2})", {{"", "maxProperties"}}},
      {R"({"minProperties": 4})", {{"", "minProperties"}}},
      {R"({"propertyNames": {"enum": ["n", "s"]}})", {{"", "propertyNames"}}},
      {R"({"properties": {"n": true, "s": true},
           "additionalProperties": false})",
       {{"/l", "additionalProperties"}}},
      {R"({"patternProperties": {"^[ns]$": {"type": "number"}}})",
       {{"/s", "type"}}},
      {R"({"dependencies": {"n": ["id"]}})", {{"", "dependencies: id"}}},
      {R"({"dependencies": {"n": {"minProperties": 9}}})",
       {{"", "minProperties"}}},
      {R"({"if": {"required": ["n"]}, "then": {"required": ["id"]},
           "else": false})",
       {{"", "required: id"}}},
      {R"({"if": {"required": ["x"]}, "then": true,
           "else": {"required": ["id"]}})",
       {{"", "required: id"}}},
  };
  for (const auto& [schema, expected] : cases)
    EXPECT_EQ(broken(schema, R"({"n": 2, "s": "ab", "l": [1, 1.0]})"), expected)
        << schema;
}

TEST(violation, escapes_its_pointer) {
  EXPECT_EQ(
      broken(R"({"additionalProperties": {"type": "null"}})", R"({"a/b~": 1})"),
      (told{{"/a~1b~0", "type"}}));
}

TEST(violation, tells_nothing_of_the_payload_but_the_way_to_it) {
  const auto found = broken(
      R"({"properties": {"a": {"type": "integer", "enum": [1], "pattern": "b",
           "format": "email", "maxLength": 3}}})",
      R"({"a": "hunter2"})");
  EXPECT_THAT(found, SizeIs(5));
  for (const auto& [pointer, rule] : found) {
    EXPECT_EQ(pointer, "/a");
    EXPECT_THAT(rule, Not(HasSubstr("hunter2")));
  }
}

TEST(violation, comes_with_the_others_up_to_eight) {
  EXPECT_EQ(broken(R"({"properties": {"a": {"type": "null"},
                        "b": {"items": {"minimum": 5}}}, "required": ["c"]})",
                   R"({"a": 1, "b": [1, 7, 2]})"),
            (told{{"/a", "type"},
                  {"/b/0", "minimum"},
                  {"/b/2", "minimum"},
                  {"", "required: c"}}));
  EXPECT_THAT(broken(R"({"items": false})", "[1,2,3,4,5,6,7,8,9,10]"),
              SizeIs(8));
}

TEST(violation, of_a_deep_place_has_the_pointer_of_one_around_it) {
  std::string payload = "1";
  for (int i = 0; i < 100; ++i)
    payload = R"({"name":)" + payload + "}";
  const auto found = broken(
      R"({"anyOf": [{"type": "string"}, {"type": "object"}, {"$ref": "#/x"}],
          "additionalProperties": {"$ref": "#"}, "x": false})",
      payload);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_LE(found[0].first.size(), max_pointer);
  EXPECT_THAT(found[0].first, testing::EndsWith("/name"));
}

TEST(json_schema, tells_numbers_apart_that_a_double_does_not) {
  const auto schema = R"({"enum": [9007199254740992, 18446744073709551615]})";
  EXPECT_THAT(broken(schema, "9007199254740992"), IsEmpty());
  EXPECT_THAT(broken(schema, "9007199254740993"), SizeIs(1));
  EXPECT_THAT(broken(schema, "18446744073709551615"), IsEmpty());
  EXPECT_THAT(broken(R"({"const": -1})", "18446744073709551615"), SizeIs(1));
  EXPECT_THAT(broken(R"({"maximum": 9007199254740992})", "9007199254740993"),
              SizeIs(1));
}

TEST(json_schema, ignores_what_it_does_not_know) {
  EXPECT_THAT(broken(R"({"title": "t", "description": "d", "$comment": "c",
                         "default": 1, "examples": [1], "readOnly": true,
                         "contentEncoding": "base64", "format": "colour",
                         "id": "x", "unknown": {"type": "null"}})",
                     "\"a\""),
              IsEmpty());
}

TEST(json_schema, may_be_copied_and_outlives_its_original) {
  auto original =
      std::make_unique<json_schema>(compiled(R"({"type": "null"})"));
  const auto copy = *original;
  original.reset();
  EXPECT_THAT(copy.check("1"), SizeIs(1));
}

TEST(schema, that_breaks_the_metaschema_is_refused_with_its_place) {
  const auto error = refusal_of(
      R"({"properties": {"a": {"properties": {"b": {"minLength": -1}}}}})");
  EXPECT_EQ(error.pointer, "/properties/a/properties/b/minLength");
  EXPECT_EQ(error.reason, "is no schema of draft 7: breaks its rule "
                          "\"minimum\"");
}

TEST(schema, that_breaks_the_metaschema_in_an_item_is_refused_there) {
  EXPECT_EQ(
      refusal_of(R"({"items": {"items": [true, {"minItems": 1.5}]}})").pointer,
      "/items/items/1/minItems");
  EXPECT_EQ(refusal_of(R"({"dependencies": {"a": {"required": [1]}}})").pointer,
            "/dependencies/a/required/0");
}

TEST(schema, of_another_draft_or_none_is_refused) {
  for (const auto* text :
       {R"({"required": true})", R"({"minimum": 1, "exclusiveMinimum": true})",
        R"({"type": "any"})", R"({"items": 1})", R"({"enum": 1})",
        R"({"multipleOf": 0})", R"({"properties": []})", "1", "[]", "null"})
    EXPECT_THAT(refusal_of(text).reason,
                testing::StartsWith("is no schema of draft 7: breaks its rule"))
        << text;
}

TEST(schema, that_names_another_draft_is_refused_there) {
  const auto named = [](const std::string& uri) {
    return R"({"$schema": ")" + uri + R"(", "minItems": 1})";
  };
  const std::string draft_7{"json-schema.org/draft-07/schema"};
  for (const auto* scheme : {"http://", "https://"})
    for (const auto* end : {"", "#"})
      EXPECT_TRUE(json_schema::compile(named(scheme + draft_7 + end))) << end;
  for (const auto* other :
       {"https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/schema#", "https://example.com/dialect",
        "http://json-schema.org/draft-07/schema##", "draft-07", ""}) {
    const auto why = refusal_of(named(other));
    EXPECT_EQ(why.pointer, "/$schema") << other;
    EXPECT_THAT(why.reason, HasSubstr("another draft"));
    EXPECT_THAT(why.hint, HasSubstr("draft-07"));
  }
  EXPECT_THAT(refusal_of(R"({"$schema": 7})").reason,
              HasSubstr("breaks its rule"));
}

TEST(schema, that_is_no_json_is_refused) {
  for (const auto* text : {"", "{", "{\"type\":}", "{} {}"})
    EXPECT_THAT(refusal_of(text).reason, HasSubstr("not JSON")) << text;
}

TEST(schema, may_be_true_or_false) {
  EXPECT_THAT(broken("true", "1"), IsEmpty());
  EXPECT_EQ(broken("false", "1"), (told{{"", "false"}}));
}

TEST(schema, with_a_pattern_that_takes_more_than_linear_time_is_refused) {
  for (const auto* text : {R"s({"properties": {"a": {"pattern": "(a)\\1"}}})s",
                           R"s({"properties": {"a": {"pattern": "a(?=b)"}}})s",
                           R"s({"properties": {"a": {"pattern": "("}}})s"}) {
    const auto error = refusal_of(text);
    EXPECT_EQ(error.pointer, "/properties/a/pattern");
    EXPECT_EQ(error.reason, "a regular expression that is not supported");
  }
  const auto* names = R"s({"patternProperties": {"(?!a)": {}}})s";
  EXPECT_EQ(refusal_of(names).pointer, "/patternProperties");
}

TEST(schema, with_a_name_that_valijson_would_cut_is_refused) {
  for (const auto* text :
       {R"({"properties": {"a\u0000b": {}}})", R"({"required": ["a\u0000"]})",
        R"({"dependencies": {"a": ["\u0000"]}})"})
    EXPECT_EQ(refusal_of(text).reason, "a name with a NUL character") << text;
}

TEST(schema, is_refused_without_quoting_it) {
  for (const auto* text : {
           R"({"type": "hunter2"})",
           R"({"$ref": "http://hunter2/"})",
           R"s({"pattern": "hunter2("})s",
           R"({"$ref": "#/x", "x": {"type": "hunter2"}})",
           R"({"hunter2)",
       }) {
    const auto error = refusal_of(text);
    EXPECT_THAT(error.pointer + error.reason + error.hint,
                Not(HasSubstr("hunter2")));
  }
}

} // namespace

} // namespace mfo::schema
