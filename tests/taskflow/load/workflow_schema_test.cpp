#include "taskflow/load/workflow_schema.hpp"

#include "config/yaml_json.hpp"
#include "schema/json_schema.hpp"
#include "taskflow/load/tables.hpp"
#include "tests/taskflow/load/load_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mfo::taskflow::tests {

namespace {

const std::filesystem::path folder = MFO_SOURCE_DIR "/tests/taskflow/load";

const schema::json_schema& compiled() {
  static const auto made = schema::json_schema::compile(workflow_schema());
  if (!made)
    throw std::runtime_error(made.error().pointer + ": " + made.error().reason);
  return *made;
}

/// Where a file does not keep the schema, and how.
std::string violations_of(const std::filesystem::path& path) {
  const auto text = config::read_all(path);
  const auto root = config::parse_document(text, path.string());
  if (!root)
    return "no YAML";
  const auto json = config::to_json(**root);
  if (!json)
    return json.error().message;
  std::string said;
  for (const auto& each : compiled().check(*json))
    said += each.pointer + ": " + each.rule + "\n";
  return said;
}

TEST(the_schema_of_workflows, is_current) {
  EXPECT_EQ(config::read_all(MFO_SOURCE_DIR "/schemas/workflow.schema.json"),
            workflow_schema())
      << "the head of that file says how to make it anew";
}

TEST(the_schema_of_workflows, has_every_type_with_every_key) {
  const auto all = json::parse(workflow_schema());
  for (const auto& kind : task_kinds()) {
    SCOPED_TRACE(kind.name);
    const auto& rules = all["definitions"]["task"]["allOf"];
    const auto found = std::ranges::find_if(rules, [&](const json& rule) {
      return rule["if"]["properties"]["type"]["const"] == kind.name;
    });
    ASSERT_NE(found, rules.end());
    const auto& config = (*found)["then"]["properties"]["config"];
    EXPECT_FALSE(config["additionalProperties"]);
    for (const auto& key : kind.keys) {
      SCOPED_TRACE(key.key);
      ASSERT_TRUE(config["properties"].contains(key.key));
      EXPECT_FALSE(config["properties"][key.key]["description"]
                       .get<std::string>()
                       .empty());
    }
  }
}

class in_an_editor : public ::testing::TestWithParam<std::string> {};

TEST_P(in_an_editor, what_the_checker_lets_through_is_let_through) {
  EXPECT_EQ(violations_of(folder / "good" / (GetParam() + ".yaml")), "");
}

INSTANTIATE_TEST_SUITE_P(good, in_an_editor,
                         ::testing::ValuesIn(names_of_files(folder / "good")),
                         [](const auto& file) { return file.param; });

/// Files whose mistakes are in their form, which the schema sees as well.
constexpr std::array mistakes_of_form{
    "missing_fields", "missing_in_tasks", "unknown_keys",
    "unknown_types",  "wrong_kinds",      "wrong_values",
    "wrong_bounds",   "blocks",           "placements"};

class mistake_of_form : public ::testing::TestWithParam<const char*> {};

TEST_P(mistake_of_form, is_seen_in_an_editor) {
  const std::string name = GetParam();
  EXPECT_NE(violations_of(folder / "bad" / (name + ".yaml")), "");
}

INSTANTIATE_TEST_SUITE_P(bad, mistake_of_form,
                         ::testing::ValuesIn(mistakes_of_form),
                         [](const auto& file) { return file.param; });

/// Files whose mistakes are in what names mean, which is the checker's alone.
constexpr std::array mistakes_of_meaning{"unknown_tasks",
                                         "unknown_taskflows",
                                         "unknown_secrets",
                                         "unknown_retries",
                                         "roots_elsewhere",
                                         "results_of_other_blocks",
                                         "results_of_oneself",
                                         "cycles",
                                         "duplicate_ids",
                                         "timeouts",
                                         "never",
                                         "paths_of_two",
                                         "taskflows_that_run_themselves"};

class mistake_of_meaning : public ::testing::TestWithParam<const char*> {};

TEST_P(mistake_of_meaning, is_not_mistaken_for_one_of_form) {
  const std::string name = GetParam();
  EXPECT_EQ(violations_of(folder / "bad" / (name + ".yaml")), "");
}

INSTANTIATE_TEST_SUITE_P(bad, mistake_of_meaning,
                         ::testing::ValuesIn(mistakes_of_meaning),
                         [](const auto& file) { return file.param; });

} // namespace

} // namespace mfo::taskflow::tests
