#include "tests/examples/fixture.hpp"

#include <cstdlib>
#include <regex>

namespace mfo::examples {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Each of them as a file: it is good, and can be drawn.
class each_example : public the_examples,
                     public testing::WithParamInterface<std::string> {
protected:
  [[nodiscard]] std::string workflow() const {
    return file(GetParam() + "/workflow.yaml");
  }

  [[nodiscard]] std::string drawn_as(const std::string& format) const {
    const auto ended =
        command({"taskflow", "graph", workflow(), "--format", format});
    EXPECT_EQ(ended.status, 0) << ended.errors;
    return ended.output;
  }
};

INSTANTIATE_TEST_SUITE_P(of, each_example, testing::ValuesIn(names()),
                         [](const auto& each) { return each.param; });

TEST_P(each_example, is_good) {
  const auto ended = command({"taskflow", "check", workflow()});
  EXPECT_EQ(ended.status, 0) << ended.errors;
  EXPECT_EQ(ended.errors, "");
  EXPECT_THAT(ended.output, HasSubstr(workflow() + ": good"));
}

TEST_P(each_example, is_good_without_its_secrets_but_does_not_run) {
  variables.clear();
  const auto checked = command({"taskflow", "check", workflow()});
  const bool has_secrets = GetParam() != "nightly_report";
  EXPECT_EQ(checked.status, 0) << checked.errors;
  EXPECT_EQ(checked.errors.find("global_configs.secrets") != std::string::npos,
            has_secrets)
      << checked.errors;
  const auto run = command({"taskflow", "run", workflow(), "--dry-run"});
  EXPECT_EQ(run.errors.find("global_configs.secrets") != std::string::npos,
            has_secrets)
      << run.errors;
  EXPECT_TRUE(!has_secrets || run.status != 0);
}

TEST_P(each_example, can_be_drawn_by_graphviz) {
  const auto dot = drawn_as("dot");
  EXPECT_THAT(dot, StartsWith("digraph"));
  EXPECT_THAT(dot, HasSubstr(GetParam()));
}

TEST_P(each_example, can_be_drawn_by_mermaid) {
  EXPECT_THAT(drawn_as("mermaid"), HasSubstr("flowchart"));
}

TEST_P(each_example, can_be_drawn_as_a_picture) {
  if (std::system("command -v dot > /dev/null") != 0)
    GTEST_SKIP() << "Graphviz is not installed";
  const auto picture = drawn_as("svg");
  EXPECT_THAT(picture, HasSubstr("<svg"));
  EXPECT_THAT(picture, HasSubstr("</svg>"));
}

TEST_P(each_example, names_no_secret_in_its_pictures) {
  for (const auto* format : {"dot", "mermaid"}) {
    const auto picture = drawn_as(format);
    for (const auto& [name, value] : variables)
      EXPECT_EQ(picture.find(value), std::string::npos) << name;
  }
}

TEST_F(the_examples, run_on_one_node) {
  const auto ended = command({"check", "--config", configuration()});
  EXPECT_EQ(ended.status, 0) << ended.errors;
}

/// A task of every type, a trigger of every type.
TEST_F(the_examples, leave_nothing_out) {
  std::string all;
  for (const auto& each : names())
    all += text_of(file(each + "/workflow.yaml"));
  for (const auto* type : {"mfo_api_tool_execute",
                           "mfo_api_chat_send",
                           "mfo_api_chat_get_history",
                           "mfo_api_resource_get",
                           "mfo_api_memory_get",
                           "mfo_api_memory_store",
                           "ask_user",
                           "forward_event",
                           "http_call",
                           "set",
                           "condition",
                           "fork",
                           "for_each",
                           "loop",
                           "subflow",
                           "wait",
                           "raise",
                           "try",
                           "job_wait",
                           "webhook",
                           "schedule",
                           "manual",
                           "event"})
    EXPECT_TRUE(std::regex_search(
        all, std::regex{"\\btype: " + std::string{type} + "\\b"}))
        << type;
}

} // namespace
} // namespace mfo::examples
