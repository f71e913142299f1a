// A workflow: at least one problem, each with its place, or one whose
// references lead to something, and never an exception.

#include "fuzz/target.hpp"
#include "taskflow/load/load.hpp"

#include <algorithm>
#include <string>

namespace mfo::fuzz {

namespace {

using namespace taskflow;

const std::string file_name = "flow.yaml";

std::optional<std::string> variable(std::string_view name) {
  if (name.starts_with("NO"))
    return std::nullopt;
  return "value-of-a-variable";
}

/// Some files of a machine never end, or wait for somebody.
bool names_a_device(std::string_view text) {
  const auto has = [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  return has("/dev") || has("/proc") || has("/sys") || has("\\");
}

void check(const block& block, const workflow& file);

void check(const std::shared_ptr<const block>& inner, const workflow& file) {
  require(inner != nullptr);
  check(*inner, file);
}

struct config_check {
  const workflow& file;

  void operator()(const subflow_task& task) const {
    require(task.taskflow < file.taskflows.size());
  }

  void operator()(const for_each_task& task) const {
    check(task.each, file);
  }

  void operator()(const loop_task& task) const {
    check(task.body, file);
  }

  void operator()(const fork_task& task) const {
    for (const auto& each : task.branches)
      check(each.body, file);
  }

  void operator()(const try_task& task) const {
    check(task.tasks, file);
    check(task.rescue, file);
  }

  template <class T>
  void operator()(const T&) const {}
};

void check(const block& block, const workflow& file) {
  require(!block.tasks.empty());
  const auto are_tasks = [&](const std::vector<std::size_t>& indexes) {
    return std::ranges::all_of(
        indexes, [&](std::size_t each) { return each < block.tasks.size(); });
  };
  for (const auto& task : block.tasks) {
    require(!task.id.empty());
    require(are_tasks(task.waits_for) && are_tasks(task.selected_by));
    require(are_tasks(task.depends_on));
    require(task.depends_on.size() == task.depends.mentions().size());
    std::visit(config_check{file}, task.config);
  }
}

} // namespace

void run(std::string_view input) {
  if (names_a_device(input))
    return;
  const auto loaded = load_text(input, file_name, variable);
  if (!loaded) {
    require(!loaded.error().empty());
    for (const auto& each : loaded.error()) {
      require(each.file == file_name);
      require(!each.message.empty());
      require((each.line == 0) == (each.column == 0));
      require(config::to_string(each).find('\n') == std::string::npos);
    }
    return;
  }
  const auto& file = **loaded;
  require(!file.taskflows.empty());
  for (const auto& each : file.triggers)
    require(each.taskflow < file.taskflows.size());
  for (const auto& each : file.taskflows)
    check(each.body, file);
}

} // namespace mfo::fuzz
