// The required cases of the JSON Schema test suite for draft 7
// (https://github.com/json-schema-org/JSON-Schema-Test-Suite). They are not a
// part of the project: MFO_EXTERNAL_VECTORS names the folder that has them.

#include "schema/json_schema.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

namespace mfo::schema {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// "file: group: test". What is in it stands in docs/reference/json-schema.md
/// too, which has the number.
const std::set<std::string> unsupported = {};

std::string run(const json& group, const json& test) {
  const auto schema = json_schema::compile(group["schema"].dump());
  if (!schema)
    return "does not compile: " + schema.error().pointer + ": " +
           schema.error().reason;
  const auto found = schema->check(test["data"].dump());
  return found.empty() == test["valid"].get<bool>() ? "" : "wrong";
}

class draft7 : public testing::Test {
protected:
  void SetUp() override {
    const char* folder = std::getenv("MFO_EXTERNAL_VECTORS");
    if (folder == nullptr)
      GTEST_SKIP() << "MFO_EXTERNAL_VECTORS names no folder with the cases";
    for (const auto& file :
         fs::directory_iterator(fs::path(folder) / "json-schema" / "draft7"))
      if (file.path().extension() == ".json")
        run_file(file.path());
  }

  void run_file(const fs::path& file) {
    std::ifstream in(file);
    for (const auto& group : json::parse(in))
      for (const auto& test : group["tests"]) {
        const auto name = file.filename().string() + ": " +
                          group["description"].get<std::string>() + ": " +
                          test["description"].get<std::string>();
        ++cases;
        if (const auto why = run(group, test); !why.empty())
          failed.emplace(name, why);
        else
          passed.insert(name);
      }
  }

  std::size_t cases = 0;
  std::map<std::string, std::string> failed;
  std::set<std::string> passed;
};

TEST_F(draft7, is_kept_but_for_what_is_listed) {
  EXPECT_GT(cases, 900U);
  for (const auto& [name, why] : failed)
    EXPECT_TRUE(unsupported.contains(name)) << name << ": " << why;
  for (const auto& name : unsupported)
    EXPECT_FALSE(passed.contains(name)) << name << " is supported after all";
}

TEST_F(draft7, is_told_in_the_reference_as_it_is_kept) {
  std::ifstream in(MFO_SOURCE_DIR "/docs/reference/json-schema.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(text, HasSubstr("Of the " + std::to_string(cases) + " required"));
  EXPECT_THAT(text, HasSubstr(", " + std::to_string(failed.size()) + " fail"));
  for (const auto& [name, why] : failed)
    EXPECT_THAT(text, HasSubstr(name));
}

} // namespace

} // namespace mfo::schema
