#include "node/taskflow/command_taskflow.hpp"

#include "node/taskflow/file_commands.hpp"
#include "node/taskflow/question_commands.hpp"
#include "node/taskflow/run_command.hpp"
#include "node/taskflow/run_commands.hpp"

namespace mfo::node {

void add_taskflow_command(CLI::App& app, command_action& chosen) {
  auto* group = app.add_subcommand(
      "taskflow", "Check, draw and run workflow files; see, start and end the "
                  "runs of a node, and answer what they ask");
  group->require_subcommand(1);
  add_file_commands(*group, chosen);
  add_run_command_of_files(*group, chosen);
  add_run_commands(*group, chosen);
  add_question_commands(*group, chosen);
}

} // namespace mfo::node
