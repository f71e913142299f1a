#pragma once

#include "taskflow/load/load.hpp"
#include "tests/config/fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow::tests {

/// Stands in the files where a secret could.
inline constexpr std::string_view marker = "hunter2";

/// The variables that the files of these tests name.
inline config::environment variables() {
  return config::only({{"TOKEN", std::string(marker)}, {"EMPTY", ""}});
}

inline load_result load(std::string_view text) {
  return load_text(text, "flow.yaml", variables());
}

/// The problems of a file, a line each; empty if it loads.
inline std::string problems_of(std::string_view text) {
  const auto result = load(text);
  return result ? "" : config::to_string(result.error());
}

/// A file whose one taskflow has these tasks, indented by four.
inline std::string with_tasks(std::string_view tasks,
                              std::string_view head = "") {
  return "workflow_name: w\n" + std::string(head) +
         "taskflows:\n- taskflow_id: main\n  tasks:\n" + std::string(tasks);
}

/// A workflow that must load; nothing but a name if it does not.
inline workflow_ptr must_load(std::string_view text) {
  auto result = load(text);
  if (result)
    return *std::move(result);
  ADD_FAILURE() << config::to_string(result.error());
  return std::make_shared<const workflow>();
}

inline std::vector<std::string>
names_of_files(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml")
      names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

} // namespace mfo::taskflow::tests
