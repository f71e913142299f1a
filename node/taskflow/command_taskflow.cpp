#include "node/taskflow/command_taskflow.hpp"

#include "node/taskflow/question_commands.hpp"
#include "node/taskflow/run_commands.hpp"

namespace mfo::node {

void add_taskflow_command(CLI::App& app, exit_status& status) {
  auto* group = app.add_subcommand(
      "taskflow", "See, start and end runs of taskflows, and answer what they "
                  "ask");
  group->require_subcommand(1);
  add_run_commands(*group, status);
  add_question_commands(*group, status);
}

} // namespace mfo::node
