#include "node/command.hpp"

#include "node/workflows.hpp"

#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/file.hpp"
#include "schema/json_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace mfo::node {

namespace {

constexpr std::size_t max_body = 64 * 1024 * 1024;

/// Whether the file itself is the problem, rather than a place in it.
bool could_not_be_read(const std::vector<config::diagnostic>& problems) {
  return problems.front().line == 0;
}

std::optional<config::payload_schema_problem>
what_is_wrong_with(std::string_view json_schema) {
  const auto compiled = schema::json_schema::compile(json_schema);
  if (compiled)
    return std::nullopt;
  const auto& error = compiled.error();
  return config::payload_schema_problem{error.pointer, error.reason,
                                        error.hint};
}

tl::unexpected<command_failure>
failure_of(const std::vector<config::diagnostic>& problems) {
  return failure(could_not_be_read(problems) ? exit_status::no_input
                                             : exit_status::bad_config,
                 config::to_string(problems));
}

} // namespace

tl::unexpected<command_failure> failure(exit_status status,
                                        std::string reason) {
  return tl::unexpected(command_failure{status, std::move(reason)});
}

tl::expected<configuration, command_failure>
load_configuration(const std::string& path,
                   const config::environment& variables,
                   config::source_kind kind) {
  auto loaded = config::load_file(path, variables, config::host_name(),
                                  what_is_wrong_with, kind);
  if (!loaded)
    return failure_of(loaded.error());
  auto files = find_workflow_files(loaded->workflows);
  auto workflows = read_workflows(files.good, variables);
  if (!workflows)
    std::ranges::move(workflows.error(), std::back_inserter(files.problems));
  if (!files.problems.empty())
    return failure_of(files.problems);
  if (const auto problems = add_trigger_endpoints(*loaded, *workflows);
      !problems.empty())
    return failure(exit_status::bad_config, config::to_string(problems));
  std::vector<std::string> sources{path};
  for (const auto& more : {loaded->files, loaded->workflows, files.good})
    sources.insert(sources.end(), more.begin(), more.end());
  return configuration{*std::move(loaded), *std::move(workflows),
                       std::move(sources)};
}

tl::expected<config::settings, command_failure>
load_settings(const std::string& path) {
  return load_configuration(path).map(
      [](configuration&& all) { return std::move(all.settings); });
}

tl::expected<std::string, command_failure> read_body(const std::string& path) {
  auto body = config::read_file(path == "-" ? "/dev/stdin" : path, max_body);
  if (!body)
    return failure(exit_status::no_input,
                   fmt::format("{}: {}", path, body.error()));
  return std::move(*body);
}

tl::expected<void, command_failure> write_file(const std::string& path,
                                               std::string_view text) {
  std::ofstream out{path, std::ios::binary};
  out << text << std::flush;
  if (!out)
    return failure(exit_status::cannot_start,
                   fmt::format("{}: cannot be written", path));
  return {};
}

tl::expected<std::string, command_failure>
read_secret(const std::string& file, const std::string& variable) {
  if (file.empty())
    return config::process_environment()(variable).value_or("");
  auto text = config::read_regular_file(file, config::max_file_size);
  if (!text)
    return failure(exit_status::no_input,
                   fmt::format("{}: {}", file, text.error()));
  if (text->ends_with('\n'))
    text->pop_back();
  if (text->ends_with('\r'))
    text->pop_back();
  return std::move(*text);
}

exit_status report(std::string_view command, const command_failure& failure) {
  // The problems of a file come with their place, a line each.
  if (failure.reason.ends_with('\n'))
    fmt::print(stderr, "{}", failure.reason);
  else
    fmt::print(stderr, "mfo-node {}: {}\n", command, failure.reason);
  return failure.status;
}

} // namespace mfo::node
