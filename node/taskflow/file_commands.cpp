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

#include <fstream>
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

void print_text(const std::vector<std::string>& good,
                const problem_list& problems) {
  for (const auto& each : good)
    fmt::print("{}: good\n", each);
  fmt::print(stderr, "{}", config::to_string(problems));
}

void print_json(const std::vector<std::string>& good,
                const problem_list& problems) {
  auto list = json::array();
  for (const auto& each : problems)
    list.push_back(to_json(each));
  fmt::print("{}\n", json{{"good", good}, {"problems", std::move(list)}}.dump(
                         2, ' ', false, json::error_handler_t::replace));
}

exit_status check(const check_arguments& given) {
  std::vector<std::string> good;
  problem_list problems;
  const auto files = find_workflow_files(given.files);
  if (!files)
    problems = files.error();
  else
    for (const auto& each : *files) {
      auto read = taskflow::load_file(each, config::process_environment());
      if (read)
        good.push_back(each);
      else
        std::ranges::move(read.error(), std::back_inserter(problems));
    }
  (given.format == "json" ? print_json : print_text)(good, problems);
  return problems.empty() ? exit_status::ok : exit_status::not_accepted;
}

void add_check(CLI::App& group, exit_status& status) {
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
  command->footer("Exit status 1 where there is a mistake.");
  command->callback([given, &status] { status = check(*given); });
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

tl::expected<void, command_failure> write(const std::string& text,
                                          const std::string& file) {
  if (file.empty()) {
    fmt::print("{}", text);
    return {};
  }
  std::ofstream out{file, std::ios::binary};
  out << text << std::flush;
  if (!out)
    return failure(exit_status::cannot_start,
                   fmt::format("{}: cannot be written", file));
  return {};
}

tl::expected<void, command_failure> graph(const graph_arguments& given) {
  const auto workflow = load_workflow(given.what);
  if (!workflow)
    return tl::unexpected{workflow.error()};
  auto picture = taskflow::picture_of(**workflow);
  if (!given.what.taskflow.empty()) {
    const auto index = find_taskflow(**workflow, given.what.taskflow);
    if (!index)
      return tl::unexpected{index.error()};
    picture = taskflow::picture_of(**workflow, *index);
  }
  return draw(picture, given.format).and_then([&](const std::string& text) {
    return write(text, given.output);
  });
}

void add_graph(CLI::App& group, exit_status& status) {
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
  command->callback([given, &status] {
    const auto done = graph(*given);
    status = done ? exit_status::ok : report("taskflow graph", done.error());
  });
}

} // namespace

void add_file_commands(CLI::App& group, exit_status& status) {
  add_check(group, status);
  add_graph(group, status);
}

} // namespace mfo::node
