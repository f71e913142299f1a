#include "node/taskflow/task_argument.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

namespace mfo::node {

namespace {

bool has_task(const taskflow::block& in, std::string_view id);

/// Whether a block within a task has it.
struct block_search {
  std::string_view id;

  template <class Config>
  bool operator()(const Config&) const {
    return false;
  }
  bool operator()(const taskflow::for_each_task& config) const {
    return has_task(*config.each, id);
  }
  bool operator()(const taskflow::loop_task& config) const {
    return has_task(*config.body, id);
  }
  bool operator()(const taskflow::fork_task& config) const {
    return std::ranges::any_of(config.branches, [this](const auto& each) {
      return has_task(*each.body, id);
    });
  }
  bool operator()(const taskflow::try_task& config) const {
    return has_task(*config.tasks, id) || has_task(*config.rescue, id);
  }
};

bool has_task(const taskflow::block& in, std::string_view id) {
  return std::ranges::any_of(in.tasks, [&](const auto& each) {
    return each.id == id || std::visit(block_search{id}, each.config);
  });
}

} // namespace

tl::expected<std::pair<std::string, std::string>, command_failure>
split_by_task(const std::string& option, const std::string& text) {
  const auto end = text.find('=');
  if (end == std::string::npos || end == 0)
    return failure(exit_status::usage,
                   fmt::format("{} takes TASK=…, not {}", option, text));
  return std::pair{text.substr(0, end), text.substr(end + 1)};
}

tl::expected<void, command_failure> find_task(const taskflow::workflow& in,
                                              const std::string& option,
                                              const std::string& path) {
  const auto id = std::string_view{path}.substr(path.rfind('/') + 1);
  if (std::ranges::any_of(in.taskflows, [id](const auto& each) {
        return has_task(each.body, id);
      }))
    return {};
  return failure(exit_status::usage,
                 fmt::format("{}: {} has no task {}", option, in.file, path));
}

CLI::Option* add_answer_option(CLI::App& command,
                               std::vector<std::string>& target) {
  return command
      .add_option("--answer", target,
                  "The answer to the question of a task; may be repeated")
      ->type_name("TASK=TEXT")
      ->allow_extra_args(false);
}

tl::expected<std::map<std::string, std::string>, command_failure>
read_answers(const std::vector<std::string>& given) {
  std::map<std::string, std::string> answers;
  for (const auto& each : given) {
    auto parts = split_by_task("--answer", each);
    if (!parts)
      return tl::unexpected{std::move(parts.error())};
    answers.insert(*std::move(parts));
  }
  return answers;
}

} // namespace mfo::node
