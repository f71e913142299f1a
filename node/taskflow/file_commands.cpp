#include "node/taskflow/file_commands.hpp"

#include "node/command.hpp"
#include "node/graphviz.hpp"
#include "node/taskflow/workflow_argument.hpp"
#include "node/workflows.hpp"

#include "config/environment.hpp"
#include "taskflow/graph/to_dot.hpp"
#include "taskflow/graph/to_mermaid.hpp"
#include "taskflow/load/load.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;

// --- check -------------------------------------------------------------------

struct check_arguments {
  std::vector<std::string> files;
  std::string format = "text";
};

json to_json(const config::diagnostic& problem) {
  json result{{"file", problem.file}, {"message", problem.message}};
  if (problem.line > 0) {
    result["line"] = problem.line;
    result["column"] = problem.column;
  }
  if (!problem.key.empty())
    result["key"] = problem.key;
  if (!problem.hint.empty())
    result["hint"] = problem.hint;
  return result;
}

/// What was found in all files.
struct findings {
  std::vector<std::string> good;
  problem_list problems;
  problem_list warnings;
};

void print_as_text(const findings& found) {
  for (const auto& each : found.good)
    fmt::print("{}: good\n", each);
  auto lines = found.warnings;
  for (auto& each : lines) {
    each.message = "warning: " + each.message;
    each.hint = "good without; a node needs it";
  }
  fmt::print(stderr, "{}{}", config::to_string(lines),
             config::to_string(found.problems));
}

json to_json(const problem_list& all) {
  auto list = json::array();
  for (const auto& each : all)
    list.push_back(to_json(each));
  return list;
}

void print_as_json(const findings& found) {
  const json all{{"good", found.good},
                 {"problems", to_json(found.problems)},
                 {"warnings", to_json(found.warnings)}};
  fmt::print("{}\n", all.dump(2, ' ', false, json::error_handler_t::replace));
}

exit_status check(const check_arguments& given) {
  findings found;
  auto files = find_workflow_files(given.files);
  found.problems = std::move(files.problems);
  for (const auto& each : files.good) {
    auto read = taskflow::load_file(each, config::process_environment(),
                                    &found.warnings);
    if (read)
      found.good.push_back(each);
    else
      std::ranges::move(read.error(), std::back_inserter(found.problems));
  }
  (given.format == "json" ? print_as_json : print_as_text)(found);
  return found.problems.empty() ? exit_status::ok : exit_status::not_accepted;
}

void add_check(CLI::App& group, command_action& chosen) {
  auto given = std::make_shared<check_arguments>();
  auto* command = group.add_subcommand(
      "check", "Check workflow files: every mistake, with its place");
  command
      ->add_option("files", given->files,
                   "Workflow files, or folders of *.yaml and *.yml")
      ->required()
      ->type_name("FILE");
  command->add_option("--format", given->format, "For people, or for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(
      "Exit status 1 where there is a mistake; that a secret is not "
      "to be had here is none.");
  set_action(*command, chosen, [given] { return check(*given); });
}

// --- graph -------------------------------------------------------------------

struct graph_arguments {
  workflow_argument what;
  std::string format = "dot";
  std::string output;
};

tl::expected<std::string, command_failure>
draw(const taskflow::picture& picture, const std::string& format) {
  if (format == "mermaid")
    return taskflow::to_mermaid(picture);
  auto dot = taskflow::to_dot(picture);
  if (format == "dot")
    return dot;
  auto svg = to_svg(dot);
  if (!svg)
    return failure(exit_status::cannot_start, std::move(svg.error()));
  return *std::move(svg);
}

tl::expected<void, command_failure> graph(const graph_arguments& given) {
  const auto workflow = look_at_workflow(given.what);
  if (!workflow)
    return tl::unexpected{workflow.error()};
  auto picture = taskflow::picture_of(**workflow);
  if (!given.what.taskflow.empty()) {
    const auto index = find_taskflow(**workflow, given.what.taskflow);
    if (!index)
      return tl::unexpected{index.error()};
    picture = taskflow::picture_of(**workflow, *index);
  }
  const auto drawn = draw(picture, given.format);
  if (!drawn)
    return tl::unexpected{drawn.error()};
  if (!given.output.empty())
    return write_file(given.output, *drawn);
  fmt::print("{}", *drawn);
  return {};
}

void add_graph(CLI::App& group, command_action& chosen) {
  auto given = std::make_shared<graph_arguments>();
  auto* command =
      group.add_subcommand("graph", "Draw a workflow: its triggers and tasks");
  add_workflow_argument(*command, given->what);
  command
      ->add_option("--format", given->format,
                   "Graphviz, Mermaid, or a picture (by Graphviz)")
      ->check(CLI::IsMember({"dot", "mermaid", "svg"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  command
      ->add_option("-o,--output", given->output,
                   "Where to; default: standard output")
      ->type_name("FILE");
  set_action(*command, chosen, [given] {
    const auto done = graph(*given);
    return done ? exit_status::ok : report("taskflow graph", done.error());
  });
}

} // namespace

void add_file_commands(CLI::App& group, command_action& chosen) {
  add_check(group, chosen);
  add_graph(group, chosen);
}

} // namespace mfo::node
