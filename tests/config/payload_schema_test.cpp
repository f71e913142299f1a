#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::HasSubstr;

std::string with_schema(const std::string& schema) {
  return "server_url: https://mfo.example.com\n"
         "endpoints:\n"
         "  - id: e\n"
         "    path: /e\n"
         "    signature: {secret: s1}\n"
         "    expected_payload_schema: " +
         schema + "\n";
}

/// Finds the same with every schema.
payload_schema_check always(payload_schema_problem problem) {
  return [problem](std::string_view) {
    return problem;
  };
}

load_result load_checked(const std::string& text, const std::string& file,
                         const payload_schema_check& check) {
  return load_text(text, file, only({}), "test-node", check);
}

TEST(payload_schema, is_none_unless_given) {
  EXPECT_EQ(must_load(minimal).endpoints.at(0).payload_schema.json, "");
}

TEST(payload_schema, stands_in_the_file_with_the_types_that_yaml_gives) {
  const auto node = must_load(with_schema(
      "{type: object, minProperties: 1, const: '1', default: null}"));
  const auto& schema = node.endpoints.at(0).payload_schema;
  EXPECT_EQ(schema.json, R"({"type":"object","minProperties":1,"const":"1",)"
                         R"("default":null})");
  EXPECT_EQ(schema.file, "");
}

TEST(payload_schema, keeps_its_dollars) {
  const auto node =
      must_load(with_schema("{pattern: '^$$|${NAME}$', $ref: '#'}"));
  EXPECT_EQ(node.endpoints.at(0).payload_schema.json,
            R"({"pattern":"^$$|${NAME}$","$ref":"#"})");
}

TEST(payload_schema, is_read_from_a_json_file_beside) {
  const temporary_folder folder;
  const auto text = "{\"type\":\n \"object\"}";
  const auto path = folder.write("push.json", text);
  const auto node = load_checked(with_schema("push.json"),
                                 (folder.path() / "node.yaml").string(), {});
  ASSERT_TRUE(node);
  EXPECT_EQ(node->endpoints.at(0).payload_schema.json, text);
  EXPECT_EQ(node->endpoints.at(0).payload_schema.file, path);
}

TEST(payload_schema, is_read_from_a_yaml_file_beside) {
  const temporary_folder folder;
  const auto path =
      folder.write("push.yaml", "type: object\nmaxProperties: 3\n");
  const auto node = load_checked(with_schema("push.yaml"),
                                 (folder.path() / "node.yaml").string(), {});
  ASSERT_TRUE(node);
  EXPECT_EQ(node->endpoints.at(0).payload_schema.json,
            R"({"type":"object","maxProperties":3})");
  EXPECT_EQ(node->endpoints.at(0).payload_schema.file, path);
}

TEST(payload_schema, is_shown_so_that_it_loads_again) {
  const auto node = must_load(with_schema(
      "{type: object, const: '1', maximum: 1.5, enum: [null, true, 'true',"
      " \"\\n\\x01\"], pattern: '^$$|${X}$', items: {}, required: []}"));
  const auto shown = redacted_yaml(node);
  EXPECT_EQ(must_load(shown).endpoints.at(0).payload_schema.json,
            node.endpoints.at(0).payload_schema.json);
  EXPECT_EQ(redacted_yaml(must_load(shown)), shown);
}

TEST(payload_schema, from_a_file_is_shown_as_its_path) {
  const temporary_folder folder;
  const auto path = folder.write("push.json", "{}");
  EXPECT_THAT(redacted_yaml(must_load(with_schema(path))),
              HasSubstr("expected_payload_schema: " + path));
}

TEST(payload_schema, that_is_wrong_is_reported_at_its_place) {
  const auto got = load_checked(
      with_schema("\n      type: object\n      properties:\n"
                  "        a: {pattern: (}"),
      "node.yaml",
      always({"/properties/a/pattern", "no such pattern", "write another"}));
  ASSERT_FALSE(got);
  EXPECT_EQ(to_string(got.error()),
            "node.yaml:9:13: endpoints[0].expected_payload_schema: at "
            "/properties/a/pattern: no such pattern (write another)\n");
}

TEST(payload_schema, that_is_wrong_in_a_file_names_the_file) {
  const temporary_folder folder;
  const auto path = folder.write("push.json", "{}");
  const auto got = load_checked(with_schema(path), "node.yaml",
                                always({"/a", "is wrong", {}}));
  ASSERT_FALSE(got);
  EXPECT_EQ(to_string(got.error()),
            "node.yaml:6:30: endpoints[0].expected_payload_schema: " + path +
                ": at /a: is wrong\n");
}

TEST(payload_schema, that_is_no_yaml_names_the_place_in_its_file) {
  const temporary_folder folder;
  const auto path = folder.write("push.yaml", "type: object\na: [\n");
  EXPECT_THAT(
      problems_of(with_schema(path)),
      HasSubstr("endpoints[0].expected_payload_schema: " + path + ":3:"));
  const auto other = folder.write("other.yaml", "a: 1\na: 2\n");
  EXPECT_THAT(problems_of(with_schema(other)),
              HasSubstr(other + ":2:1: the key is given twice"));
}

TEST(payload_schema, is_neither_a_list_nor_a_file_that_is_not_there) {
  EXPECT_THAT(problems_of(with_schema("[1]")),
              HasSubstr("node.yaml:6:30: endpoints[0].expected_payload_schema: "
                        "must be a JSON Schema, which is a map, or the path"));
  EXPECT_THAT(problems_of(with_schema("/nowhere/push.json")),
              HasSubstr("cannot read /nowhere/push.json: No such file"));
  EXPECT_THAT(problems_of(with_schema("")), HasSubstr("has no value"));
}

TEST(payload_schema, cannot_have_what_json_has_not) {
  EXPECT_THAT(problems_of(with_schema("{maximum: .inf}")),
              HasSubstr("node.yaml:6:40: endpoints[0].expected_payload_schema: "
                        "JSON has no such number"));
}

} // namespace

} // namespace mfo::config
