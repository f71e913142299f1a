#include "node/taskflow/task_argument.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace mfo::node {

tl::expected<std::pair<std::string, std::string>, command_failure>
split_by_task(const std::string& option, const std::string& text) {
  const auto end = text.find('=');
  if (end == std::string::npos || end == 0)
    return failure(exit_status::usage,
                   fmt::format("{} takes TASK=…, not {}", option, text));
  return std::pair{text.substr(0, end), text.substr(end + 1)};
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
