#include "node/doctor/report.hpp"

#include "node/doctor/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace mfo::node::doctor {
namespace {

using testing::HasSubstr;

const std::vector<checked> some{
    {"ports",
     {good("listen", "127.0.0.1:8088 is free"),
      failed("admin_listen", "it is taken", "stop that")}},
    {"dns", {left_out("", "no names")}},
    {"risks", {warning("", "open\x1b[31m", "close it")}}};

TEST(a_report, has_a_line_for_each_finding_and_the_remedy_below_it) {
  EXPECT_EQ(to_text(some), "✓ ports: listen: 127.0.0.1:8088 is free\n"
                           "✗ ports: admin_listen: it is taken\n"
                           "    stop that\n"
                           "- dns: no names\n"
                           "! risks: open?[31m\n"
                           "    close it\n"
                           "1 good, 1 to be looked at, 1 failed, 1 left out\n");
}

TEST(a_report, is_one_document_for_programs) {
  const auto document = to_json("node.yaml", some);
  EXPECT_EQ(document["config"], "node.yaml");
  EXPECT_EQ(document["failed"], 1);
  EXPECT_EQ(document["warnings"], 1);
  ASSERT_EQ(document["findings"].size(), 4u);
  const auto& second = document["findings"][1];
  EXPECT_EQ(second["check"], "ports");
  EXPECT_EQ(second["verdict"], "failed");
  EXPECT_EQ(second["subject"], "admin_listen");
  EXPECT_EQ(second["remedy"], "stop that");
  EXPECT_FALSE(document["findings"][0].contains("remedy"));
}

TEST(the_catalogue, has_each_name_once_and_the_reference_has_a_section_of_it) {
  std::ifstream in{std::string{MFO_SOURCE_DIR} + "/docs/reference/doctor.md"};
  std::ostringstream text;
  text << in.rdbuf();
  std::set<std::string_view> names;
  for (const auto& each : catalogue()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_THAT(text.str(), HasSubstr("\n## " + std::string{each.name} + "\n"));
  }
}

} // namespace
} // namespace mfo::node::doctor
