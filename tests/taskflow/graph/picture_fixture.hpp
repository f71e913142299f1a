#pragma once

#include "taskflow/graph/picture.hpp"
#include "tests/taskflow/load/load_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace mfo::taskflow::tests {

inline const std::filesystem::path pictures =
    std::filesystem::path{MFO_SOURCE_DIR} / "tests/taskflow/graph";

inline std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// A workflow that must load.
inline workflow_ptr must_load_file(const std::filesystem::path& file) {
  auto result = load_file(file.string(), variables());
  if (result)
    return *std::move(result);
  ADD_FAILURE() << config::to_string(result.error());
  return std::make_shared<const workflow>();
}

/// One with all that there is in a workflow.
inline workflow_ptr everything() {
  return must_load_file(pictures / "everything.yaml");
}

/// All good files of the loader's tests, and the one above.
inline std::vector<workflow_ptr> many_workflows() {
  std::vector<workflow_ptr> all{everything()};
  const auto folder = pictures.parent_path() / "load/good";
  for (const auto& name : names_of_files(folder))
    all.push_back(must_load_file(folder / (name + ".yaml")));
  return all;
}

/// Each task of a block, and of those within it.
inline void
visit_tasks(const block& of,
            const std::function<void(const block&, const task&)>& visit);

struct visit_inner {
  const std::function<void(const block&, const task&)>& visit;

  void operator()(const for_each_task& of) const {
    visit_tasks(*of.each, visit);
  }

  void operator()(const loop_task& of) const {
    visit_tasks(*of.body, visit);
  }

  void operator()(const fork_task& of) const {
    for (const auto& branch : of.branches)
      visit_tasks(*branch.body, visit);
  }

  void operator()(const try_task& of) const {
    visit_tasks(*of.tasks, visit);
    visit_tasks(*of.rescue, visit);
  }

  template <class Other>
  void operator()(const Other& /*of*/) const {}
};

inline void
visit_tasks(const block& of,
            const std::function<void(const block&, const task&)>& visit) {
  for (const auto& each : of.tasks) {
    visit(of, each);
    std::visit(visit_inner{visit}, each.config);
  }
}

/// Each item of a picture, those within others too.
inline void
visit_items(const std::vector<picture::item>& items,
            const std::function<void(const picture::item&)>& visit) {
  for (const auto& each : items) {
    visit(each);
    visit_items(each.inside, visit);
  }
}

/// What was written must be what is kept beside this file.
inline void expect_kept(const std::string& written, const std::string& name) {
  const auto kept = pictures / name;
  if (written == contents_of(kept))
    return;
  const auto here = std::filesystem::path{::testing::TempDir()} / name;
  std::ofstream{here} << written;
  ADD_FAILURE() << "is not what is kept; if it is meant so: cp " << here
                << " tests/taskflow/graph/" << name;
}

} // namespace mfo::taskflow::tests
