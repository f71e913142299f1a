#include "tests/config/fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>

/// Each bad/NAME.yaml holds mistakes, and bad/NAME.txt what is said of them.
/// Where a secret belongs, the files hold the marker, which must not be said.
namespace mfo::config {

namespace {

constexpr auto marker = "hunter2";
const std::filesystem::path folder = MFO_SOURCE_DIR "/tests/config/bad";

std::vector<std::string> names_of_bad_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml")
      names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

/// The folder depends on the machine.
std::string without_folder(std::string text) {
  const auto prefix = folder.string() + '/';
  for (auto at = text.find(prefix); at != std::string::npos;
       at = text.find(prefix))
    text.erase(at, prefix.size());
  return text;
}

class bad_file : public testing::TestWithParam<std::string> {};

TEST_P(bad_file, is_told_what_is_wrong_and_where) {
  const auto path = folder / (GetParam() + ".yaml");
  const auto result =
      load_file(path.string(), only({{"MARKER", marker}, {"EMPTY", ""}}));
  ASSERT_FALSE(result);
  const auto said = to_string(result.error());
  EXPECT_EQ(without_folder(said), read_all(folder / (GetParam() + ".txt")));
  EXPECT_EQ(said.find(marker), std::string::npos);
}

TEST_P(bad_file, holds_the_marker) {
  const auto text = read_all(folder / (GetParam() + ".yaml"));
  EXPECT_TRUE(text.find(marker) != std::string::npos ||
              text.find("${MARKER}") != std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(all, bad_file, testing::ValuesIn(names_of_bad_files()),
                         [](const auto& file) { return file.param; });

} // namespace

} // namespace mfo::config
