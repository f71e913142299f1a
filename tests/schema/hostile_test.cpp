// What a sender can do to a schema that means well, and what a schema can do
// to the node: nothing that takes long, overflows the stack, or gets out.

#include "core/json_check.hpp"
#include "schema/json_schema.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace mfo::schema {

namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t mebibyte = 1024 * 1024;

json_schema compiled(std::string_view text) {
  auto result = json_schema::compile(text);
  if (!result)
    throw std::runtime_error(result.error().pointer + ": " +
                             result.error().reason);
  return *std::move(result);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

std::string listed(std::string_view item, std::size_t times) {
  auto out = "[" + repeated(std::string{item} + ",", times);
  out.back() = ']';
  return out;
}

/// The rules that a payload breaks. The time is generous for a build with
/// sanitizers on a busy machine; what is not linear takes hours.
std::vector<std::string> broken(const json_schema& schema,
                                std::string_view payload) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> rules;
  for (const auto& each : schema.check(payload))
    rules.push_back(each.rule);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
  return rules;
}

using rules = std::vector<std::string>;

TEST(hostile, text_cannot_make_a_pattern_try_every_way) {
  const auto schema = compiled(R"({"pattern": "^(a+)+$"})");
  EXPECT_EQ(broken(schema, '"' + std::string(mebibyte, 'a') + "!\""),
            rules{"pattern"});
  EXPECT_EQ(broken(schema, '"' + std::string(mebibyte, 'a') + '"'), rules{});
}

TEST(hostile, names_cannot_make_a_pattern_try_every_way) {
  const auto schema = compiled(
      R"({"patternProperties": {"^(([a-z])+.)+[A-Z]([a-z])+$": false}})");
  EXPECT_EQ(broken(schema, "{\"" + std::string(mebibyte, 'a') + "\":1}"),
            rules{});
}

TEST(hostile, many_items_are_not_compared_each_with_each) {
  std::string payload{"["};
  for (int i = 0; payload.size() < mebibyte; ++i)
    payload.append(std::to_string(i)).append(",");
  payload.back() = ']';
  EXPECT_EQ(broken(compiled(R"({"uniqueItems": true})"), payload), rules{});
  payload.insert(1, "17,");
  EXPECT_EQ(broken(compiled(R"({"uniqueItems": true})"), payload),
            rules{"uniqueItems"});
}

TEST(hostile, payload_as_deep_as_allowed_is_checked_to_its_end) {
  const auto schema = compiled(R"({
    "anyOf": [{"type": "array", "items": {"$ref": "#"}}, {"const": 1}]})");
  const auto depth = core::json_bounds{}.max_depth;
  const auto nested = [&](std::string_view inner) {
    return std::string(depth, '[').append(inner) + std::string(depth, ']');
  };
  EXPECT_EQ(broken(schema, nested("1")), rules{});
  EXPECT_EQ(broken(schema, nested("2")), rules{"anyOf"});
}

TEST(hostile, depth_has_a_bound_where_a_schema_multiplies_it) {
  std::string inner{R"({"items": {"$ref": "#"}})"};
  for (int i = 0; i < 30; ++i)
    inner = R"({"allOf": [)" + inner + "]}";
  const auto payload = std::string(1024, '[') + std::string(1024, ']');
  EXPECT_EQ(broken(compiled(inner), payload), rules{"bound: depth"});
}

TEST(hostile, the_stack_of_a_thread_bears_the_bound_of_depth) {
  std::string inner{R"({"properties": {"a": {"$ref": "#"}}})"};
  for (int i = 0; i < 30; ++i)
    inner = R"({"oneOf": [)" + inner + "]}";
  const auto schema = compiled(inner);
  const auto payload = repeated("{\"a\":", 1024) + "1" + repeated("}", 1024);
  rules found;
  std::thread([&] { found = broken(schema, payload); }).join();
  EXPECT_EQ(found, rules{"bound: depth"});
}

TEST(hostile, schemas_that_branch_at_each_level_do_not_double_the_work) {
  const auto schema = compiled(R"({"type": "array", "anyOf": [
    {"items": {"$ref": "#"}, "minItems": 1},
    {"items": {"$ref": "#"}, "maxItems": 1}]})");
  const auto payload = std::string(200, '[') + "1" + std::string(200, ']');
  EXPECT_EQ(broken(schema, payload), rules{"bound: work"});
}

TEST(hostile, payload_full_of_violations_tells_a_few) {
  const auto schema = compiled(R"({"items": {"type": "string"}})");
  EXPECT_THAT(broken(schema, listed("1", mebibyte / 2)),
              SizeIs(max_violations));
}

TEST(hostile, ordinary_large_payload_stays_within_the_bound_of_work) {
  const auto schema = compiled(R"({"items": {
    "type": "object", "required": ["id", "name", "tags"],
    "properties": {"id": {"type": "integer", "minimum": 0},
                   "name": {"type": "string", "pattern": "^[a-z]+$"},
                   "tags": {"items": {"enum": ["a", "b", "c"]}}},
    "additionalProperties": false}})");
  EXPECT_EQ(broken(schema, listed(R"({"id":1,"name":"ann","tags":["a","c"]})",
                                  mebibyte / 40)),
            rules{});
}

TEST(hostile, smallest_items_stay_within_the_bound_of_work) {
  const auto schema = compiled(R"({"items": {"oneOf": [
    {"type": "string"}, {"type": "object"}, {"minimum": 0}]}})");
  EXPECT_EQ(broken(schema, listed("1", mebibyte / 2)), rules{});
}

TEST(hostile, number_beyond_all_doubles_is_refused) {
  EXPECT_EQ(broken(compiled("{}"), "[1e400]"), rules{"bound: number"});
}

TEST(hostile, half_of_a_surrogate_pair_is_refused) {
  EXPECT_EQ(broken(compiled("{}"), R"(["\ud800"])"), rules{"bound: unicode"});
}

TEST(hostile, long_name_does_not_make_a_long_pointer) {
  const auto schema =
      compiled(R"({"additionalProperties": {"additionalProperties": false}})");
  const auto long_name = std::string(mebibyte, 'n');
  const auto found = schema.check("{\"a\":{\"" + long_name + "\":1}}");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].pointer, "/a");
  EXPECT_EQ(found[0].rule, "additionalProperties");
}

TEST(hostile, schema_that_never_ends_is_refused) {
  for (const auto* text : {
           R"({"$ref": "#"})",
           R"({"allOf": [{"$ref": "#"}]})",
           R"({"not": {"anyOf": [{"$ref": "#"}]}})",
           R"({"if": true, "then": {"$ref": "#"}})",
           R"({"dependencies": {"a": {"$ref": "#"}}})",
           R"({"$ref": "#/definitions/a", "definitions": {
                "a": {"$ref": "#/definitions/b"},
                "b": {"$ref": "#/definitions/a"}}})",
       }) {
    const auto schema = json_schema::compile(text);
    ASSERT_FALSE(schema) << text;
    EXPECT_EQ(schema.error().reason,
              "applies itself to the same value again, forever");
  }
}

TEST(hostile, schema_that_goes_into_the_payload_may_refer_to_itself) {
  for (const auto* text : {
           R"({"items": {"$ref": "#"}})",
           R"({"properties": {"a": {"allOf": [{"$ref": "#"}]}}})",
           R"({"additionalProperties": {"$ref": "#"}})",
           R"({"contains": {"$ref": "#"}})",
       })
    EXPECT_TRUE(json_schema::compile(text)) << text;
}

TEST(hostile, schema_of_a_long_chain_is_refused) {
  std::string text{R"({"$ref": "#/definitions/0", "definitions": {)"};
  for (int i = 0; i < 20'000; ++i)
    text += "\"" + std::to_string(i) +
            R"(": {"items": {"$ref": "#/definitions/)" + std::to_string(i + 1) +
            "\"}},";
  text += R"("20000": true}})";
  const auto schema = json_schema::compile(text);
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().reason,
            "nested deeper than 256 schemas, references included");
}

TEST(hostile, schema_nested_in_its_text_is_refused) {
  EXPECT_FALSE(json_schema::compile(repeated(R"({"not":)", 100'000) + "true" +
                                    repeated("}", 100'000)));
}

TEST(hostile, schema_is_checked_from_many_threads_at_once) {
  const auto schema =
      compiled(R"({"items": {"pattern": "^(x|y)+$", "format": "email"}})");
  std::vector<std::thread> threads;
  std::vector<std::size_t> found(4);
  for (auto& count : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        count += schema.check(R"(["x@y", "xyxy"])").size();
    });
  for (auto& each : threads)
    each.join();
  EXPECT_THAT(found, testing::Each(std::size_t{400}));
}

} // namespace

} // namespace mfo::schema
