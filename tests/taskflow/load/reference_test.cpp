#include "config/schema.hpp"
#include "taskflow/load/tables.hpp"
#include "tests/taskflow/load/load_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Holds docs/reference/taskflows.md to what the loader takes.
namespace mfo::taskflow::tests {

namespace {

const std::string& page() {
  static const auto text =
      config::read_all(MFO_SOURCE_DIR "/docs/reference/taskflows.md");
  return text;
}

struct example {
  std::string text;
  std::size_t line;
};

std::vector<example> examples() {
  constexpr std::string_view opening = "\n```yaml\n";
  std::vector<example> found;
  for (auto at = page().find(opening); at != page().npos;
       at = page().find(opening, at)) {
    at += opening.size();
    const auto end = page().find("```", at);
    const auto before = page().substr(0, at);
    found.push_back(
        {page().substr(at, end - at),
         static_cast<std::size_t>(std::ranges::count(before, '\n'))});
  }
  return found;
}

std::string indented(std::string_view text) {
  std::string out = "    ";
  for (const char c : text)
    out += c == '\n' ? "\n    " : std::string(1, c);
  return out + "\n";
}

/// A whole file around a part of one: tasks, or keys at the top.
std::string completed(const std::string& part) {
  if (part.starts_with("- "))
    return "workflow_name: w\n"
           "global_configs: {secrets: {tickets: {env: TICKETS_TOKEN}}}\n"
           "taskflows:\n  - taskflow_id: main\n    tasks:\n" +
           indented(part);
  auto whole = part;
  if (!part.starts_with("workflow_name:"))
    whole = "workflow_name: w\n" + whole;
  if (whole.find("\ntaskflows:") == whole.npos)
    whole += "taskflows: [{taskflow_id: main, tasks: [{id: a, type: set, "
             "config: {value: 1}}]}]\n";
  return whole;
}

std::optional<std::string> any_variable(std::string_view) {
  return "what it holds";
}

TEST(the_reference_of_taskflows, has_examples_that_load) {
  EXPECT_GT(examples().size(), 30u);
  for (const auto& each : examples()) {
    const auto result =
        load_text(completed(each.text), "taskflows.md", any_variable);
    EXPECT_TRUE(result) << "the example in line " << each.line << ":\n"
                        << config::to_string(result.error());
  }
}

/// From a heading to the next one of its level, or of one above.
std::string section_of(const std::string& heading) {
  const auto begin = page().find("\n" + heading + "\n");
  if (begin == page().npos) {
    ADD_FAILURE() << "there is no heading " << heading;
    return {};
  }
  const auto above = page().find("\n## ", begin + 1);
  const auto same =
      heading.starts_with("### ") ? page().find("\n### ", begin + 1) : above;
  return page().substr(begin, std::min(above, same) - begin);
}

void expect_keys(const std::string& heading,
                 const std::vector<config::key_spec>& keys,
                 const std::string& prefix = "") {
  const auto section = section_of(heading);
  for (const auto& each : keys) {
    const auto path = prefix + each.key;
    const bool told = section.find("`" + path + "`") != section.npos;
    const bool parts_told = section.find("`" + path + ".") != section.npos;
    EXPECT_TRUE(told || parts_told) << heading << " says nothing of " << path;
    if (parts_told)
      expect_keys(heading, each.keys, path + ".");
  }
}

TEST(the_reference_of_taskflows, has_every_key_of_a_file) {
  expect_keys("## The file", workflow_table().keys);
  expect_keys("## Triggers", trigger_table().keys);
  expect_keys("## Taskflows", flow_table().keys);
  expect_keys("## Tasks", task_table().keys);
  expect_keys("## Prompts", prompt_table().keys);
}

TEST(the_reference_of_taskflows, has_every_type_of_task_with_an_example) {
  for (const auto& kind : task_kinds()) {
    const auto heading = "### `" + kind.name + "`";
    expect_keys(heading, kind.keys);
    EXPECT_NE(section_of(heading).find("type: " + kind.name), std::string::npos)
        << "no example of " << kind.name;
  }
}

TEST(the_reference_of_taskflows, has_every_type_of_trigger_with_an_example) {
  const auto endpoint = config::endpoint_table().keys;
  constexpr std::string_view own[] = {"signature", "expected_payload_schema"};
  for (const auto& kind : trigger_kinds()) {
    const auto heading = "### `" + kind.name + "`";
    auto keys = kind.keys;
    // Those that are an endpoint's are told of where that is.
    std::erase_if(keys, [&](const config::key_spec& each) {
      return std::ranges::find(own, each.key) == std::end(own) &&
             std::ranges::find(endpoint, each.key, &config::key_spec::key) !=
                 endpoint.end();
    });
    expect_keys(heading, keys);
    EXPECT_NE(section_of(heading).find("type: " + kind.name), std::string::npos)
        << "no example of " << kind.name;
  }
}

} // namespace

} // namespace mfo::taskflow::tests
