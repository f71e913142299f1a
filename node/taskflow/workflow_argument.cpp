#include "node/taskflow/workflow_argument.hpp"

#include "config/environment.hpp"
#include "config/text.hpp"
#include "taskflow/load/load.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace mfo::node {

void add_workflow_argument(CLI::App& command, workflow_argument& target) {
  command.add_option("file", target.file, "The workflow file")
      ->required()
      ->type_name("FILE");
  command
      .add_option("taskflow", target.taskflow,
                  "One of its taskflows, by its taskflow_id")
      ->type_name("TASKFLOW");
}

namespace {

tl::expected<taskflow::workflow_ptr, command_failure>
load(const std::string& file, taskflow::absent_secrets* absent) {
  auto read = taskflow::load_file(file, config::process_environment(), absent);
  if (read)
    return *std::move(read);
  const bool no_file = read.error().front().line == 0;
  return failure(no_file ? exit_status::no_input : exit_status::bad_config,
                 config::to_string(read.error()));
}

} // namespace

tl::expected<taskflow::workflow_ptr, command_failure>
load_workflow(const workflow_argument& given) {
  return load(given.file, nullptr);
}

tl::expected<taskflow::workflow_ptr, command_failure>
look_at_workflow(const workflow_argument& given) {
  taskflow::absent_secrets not_needed;
  return load(given.file, &not_needed);
}

tl::expected<std::size_t, command_failure>
find_taskflow(const taskflow::workflow& in, const std::string& id) {
  const auto& all = in.taskflows;
  if (id.empty() && all.size() == 1)
    return 0;
  std::vector<std::string_view> names;
  for (const auto& each : all)
    names.emplace_back(each.id);
  if (id.empty())
    return failure(exit_status::usage,
                   fmt::format("{} has several taskflows; say which: {}",
                               in.file, fmt::join(names, ", ")));
  const auto found = std::ranges::find(names, id);
  if (found != names.end())
    return static_cast<std::size_t>(found - names.begin());
  const auto meant = config::nearest(id, names);
  return failure(exit_status::usage,
                 meant ? fmt::format("{} has no taskflow {}; did you mean {}?",
                                     in.file, id, *meant)
                       : fmt::format("{} has no taskflow {}; there are: {}",
                                     in.file, id, fmt::join(names, ", ")));
}

} // namespace mfo::node
