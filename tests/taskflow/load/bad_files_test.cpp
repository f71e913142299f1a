#include "tests/taskflow/load/load_fixture.hpp"

#include <gtest/gtest.h>

/// Each bad/NAME.yaml holds mistakes, and bad/NAME.txt what is said of them.
/// Where a secret could slip in, the files hold the marker, which must not be
/// said.
namespace mfo::taskflow::tests {

namespace {

const std::filesystem::path folder = MFO_SOURCE_DIR "/tests/taskflow/load/bad";

/// The folder depends on the machine.
std::string without_folder(std::string text) {
  const auto prefix = folder.string() + '/';
  for (auto at = text.find(prefix); at != std::string::npos;
       at = text.find(prefix))
    text.erase(at, prefix.size());
  return text;
}

class bad_workflow : public ::testing::TestWithParam<std::string> {};

TEST_P(bad_workflow, is_told_what_is_wrong_and_where) {
  const auto path = folder / (GetParam() + ".yaml");
  const auto result = load_file(path.string(), variables());
  ASSERT_FALSE(result);
  const auto said = config::to_string(result.error());
  EXPECT_EQ(without_folder(said),
            config::read_all(folder / (GetParam() + ".txt")));
  EXPECT_EQ(said.find(marker), std::string::npos);
}

TEST_P(bad_workflow, is_told_in_the_order_of_the_file) {
  const auto path = folder / (GetParam() + ".yaml");
  const auto result = load_file(path.string(), variables());
  ASSERT_FALSE(result);
  EXPECT_TRUE(std::ranges::is_sorted(result.error(), {},
                                     [](const config::diagnostic& each) {
                                       return std::pair(each.line, each.column);
                                     }));
}

INSTANTIATE_TEST_SUITE_P(all, bad_workflow,
                         ::testing::ValuesIn(names_of_files(folder)),
                         [](const auto& file) { return file.param; });

} // namespace

} // namespace mfo::taskflow::tests
