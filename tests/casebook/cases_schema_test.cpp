#include "casebook/cases_schema.hpp"

#include "config/file.hpp"
#include "config/yaml_json.hpp"
#include "schema/json_schema.hpp"

#include <gtest/gtest.h>

namespace mfo::casebook {

namespace {

constexpr std::size_t largest = 1024 * 1024;

std::string violations_of(std::string_view yaml) {
  const auto schema = schema::json_schema::compile(cases_schema());
  const auto root = config::parse_document(yaml, "x");
  if (!schema || !root)
    return "no schema, or no YAML";
  std::string said;
  for (const auto& each : schema->check(config::to_json(**root).value()))
    said += each.pointer + ": " + each.rule + "\n";
  return said;
}

TEST(the_schema_of_cases, is_current) {
  EXPECT_EQ(
      config::read_file(MFO_SOURCE_DIR "/schemas/cases.schema.json", largest),
      cases_schema())
      << "the head of that file says how to make it anew";
}

TEST(the_schema_of_cases, takes_what_is_good) {
  for (const auto* name :
       {"config/examples/full.cases.yaml", "config/examples/github.cases.yaml",
        "examples/workflows/approval/cases.yaml"})
    EXPECT_EQ(violations_of(config::read_file(
                                std::string{MFO_SOURCE_DIR "/"} + name, largest)
                                .value()),
              "")
        << name;
}

TEST(the_schema_of_cases, knows_every_key) {
  EXPECT_NE(violations_of("cases: [{name: a, requst: {}}]"), "");
  EXPECT_NE(violations_of("cases: [{request: {}}]"), "");
  EXPECT_NE(violations_of("cases: [{name: a, expect: {status: 1000}}]"), "");
}

} // namespace

} // namespace mfo::casebook
