#include "node/workflows.hpp"

#include "actors/route.hpp"
#include "config/file.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "taskflow/load/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

namespace mfo::node {

namespace {

namespace fs = std::filesystem;
using config::ack_mode;
using config::endpoint_settings;

config::diagnostic of_file(const std::string& file, std::string message,
                           std::string hint = {}) {
  return {file, 0, 0, {}, std::move(message), std::move(hint)};
}

/// Something that is wrong with a trigger, where it begins.
config::diagnostic of_trigger(const actors::trigger_ref& trigger,
                              std::string_view key, std::string message,
                              std::string hint = {}) {
  const auto& where = trigger.get().where;
  return {trigger.workflow->file,
          where.line,
          where.column,
          fmt::format("triggers[{}].{}", trigger.index, key),
          std::move(message),
          std::move(hint)};
}

/// By its name alone: a link to nowhere, a pipe or a folder of such a name is
/// a mistake, or a mount that is not complete. But not the link to nowhere by
/// which Emacs marks a file that is being edited.
bool is_named_as_workflow(const fs::path& path) {
  const auto extension = path.extension();
  return (extension == ".yaml" || extension == ".yml") &&
         !path.filename().string().starts_with(".#");
}

/// Those of a folder, by name.
void find_in_folder(const std::string& folder, workflow_files& result) {
  std::error_code error;
  std::vector<std::string> found;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (is_named_as_workflow(entry->path()))
      found.push_back(entry->path().string());
  if (error)
    result.problems.push_back(
        of_file(folder, "cannot be read: " + error.message()));
  else if (found.empty())
    result.problems.push_back(of_file(folder, "holds no *.yaml or *.yml"));
  std::ranges::sort(found);
  for (auto& each : found)
    if (auto why = config::why_not_regular(each))
      result.problems.push_back(of_file(each, *std::move(why)));
    else
      result.good.push_back(std::move(each));
}

/// Two of one name could not be told apart, in the log or anywhere.
void check_names(const std::vector<taskflow::workflow_ptr>& workflows,
                 problem_list& problems) {
  std::map<std::string_view, const taskflow::workflow*> seen;
  for (const auto& each : workflows)
    if (const auto [first, is_new] = seen.emplace(each->name, each.get());
        !is_new)
      problems.push_back(of_file(
          each->file, fmt::format("the workflow_name {} is that of {} too",
                                  each->name, first->second->file)));
}

/// What comes in at the trigger is counted as what comes in here.
endpoint_settings endpoint_of(const actors::trigger_ref& trigger,
                              const config::settings& settings) {
  const auto* webhook =
      std::get_if<taskflow::webhook_trigger>(&trigger.get().config);
  endpoint_settings result;
  if (webhook != nullptr) {
    result = webhook->endpoint;
    result.method = webhook->method;
  } else {
    result.signature.scheme = config::signature_scheme::none;
    // Nobody waits who could send it again.
    result.ack = settings.dead_letters.sinks.empty() ? ack_mode::completed
                                                     : ack_mode::received;
  }
  result.id = trigger.id();
  result.placement = trigger.get().placement;
  if (result.server.empty())
    result.server = settings.taskflows.server;
  return result;
}

/// How long an event of the trigger may take.
std::chrono::milliseconds lifetime_of(const actors::trigger_ref& trigger,
                                      const endpoint_settings& endpoint,
                                      const config::settings& settings) {
  const auto of_flow = trigger.flow().timeout;
  if (endpoint.path.empty())
    return of_flow.count() > 0 ? of_flow : settings.taskflows.timeout;
  if (endpoint.ack != ack_mode::completed)
    return std::max(endpoint.lifetime, of_flow);
  return endpoint.lifetime;
}

class endpoint_checks {
public:
  endpoint_checks(const config::settings& settings, problem_list& problems)
    : settings_(settings), problems_(problems) {
    for (const auto& each : settings.endpoints)
      paths_.emplace(std::pair{each.method, each.path}, "endpoint " + each.id);
  }

  void check(const actors::trigger_ref& trigger,
             const endpoint_settings& endpoint) {
    if (!endpoint.path.empty())
      check_path(trigger, endpoint);
    if (std::ranges::find(settings_.servers, endpoint.server,
                          &config::server_settings::name) ==
        settings_.servers.end())
      problems_.push_back(of_trigger(
          trigger, "config.server", "is not the name of an entry of servers",
          "servers are those of the node's configuration"));
    if (endpoint.ack != ack_mode::completed &&
        settings_.dead_letters.sinks.empty())
      problems_.push_back(of_trigger(
          trigger, "config.ack",
          fmt::format("{} needs dead_letters in the node's configuration",
                      to_string(endpoint.ack)),
          "an event that is acknowledged must have a place to end in"));
    check_placement(trigger);
  }

private:
  void check_placement(const actors::trigger_ref& trigger) {
    const auto& placement = trigger.get().placement;
    if (!placement.empty() && !settings_.cluster.on())
      problems_.push_back(of_trigger(
          trigger, "placement",
          "means nothing without cluster in the node's configuration"));
    else
      for (const auto& label :
           config::labels_nobody_has(placement, settings_.cluster.labels))
        problems_.push_back(of_trigger(
            trigger, "placement.require." + label,
            "this node has no such label that $self could stand for",
            "cluster.labels of its configuration are those of this node"));
  }

  void check_path(const actors::trigger_ref& trigger,
                  const endpoint_settings& endpoint) {
    const auto [first, is_new] = paths_.emplace(
        std::pair{endpoint.method, endpoint.path}, "trigger " + trigger.id());
    if (!is_new)
      problems_.push_back(
          of_trigger(trigger, "config.http_path",
                     fmt::format("{} {} is that of {} already", endpoint.method,
                                 endpoint.path, first->second)));
  }

  const config::settings& settings_;
  problem_list& problems_;
  std::map<std::pair<std::string, std::string>, std::string> paths_;
};

} // namespace

workflow_files find_workflow_files(const std::vector<std::string>& paths) {
  workflow_files result;
  for (const auto& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error))
      find_in_folder(path, result);
    else
      result.good.push_back(path);
  }
  return result;
}

tl::expected<std::vector<taskflow::workflow_ptr>, problem_list>
read_workflows(const std::vector<std::string>& files,
               const config::environment& variables) {
  std::vector<taskflow::workflow_ptr> workflows;
  problem_list problems;
  for (const auto& each : files) {
    // Not from a pipe, which nobody may write to.
    const auto text = config::read_regular_file(each, config::max_file_size);
    if (!text) {
      problems.push_back(of_file(each, "cannot be read: " + text.error()));
      continue;
    }
    auto read = taskflow::load_text(*text, each, variables);
    if (read)
      workflows.push_back(*std::move(read));
    else
      std::ranges::move(read.error(), std::back_inserter(problems));
  }
  if (!problems.empty())
    return tl::unexpected{std::move(problems)};
  return workflows;
}

problem_list
add_trigger_endpoints(config::settings& settings,
                      const std::vector<taskflow::workflow_ptr>& workflows) {
  problem_list problems;
  check_names(workflows, problems);
  const auto triggers = actors::triggers_of(workflows);
  {
    endpoint_checks checks{settings, problems};
    for (const auto& each : triggers)
      checks.check(each, endpoint_of(each, settings));
  }
  if (!problems.empty())
    return problems;
  for (const auto& each : triggers)
    settings.endpoints.push_back(endpoint_of(each, settings));
  config::complete_endpoints(settings);
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    auto& endpoint =
        settings.endpoints[settings.endpoints.size() - triggers.size() + i];
    endpoint.lifetime = lifetime_of(triggers[i], endpoint, settings);
  }
  return problems;
}

} // namespace mfo::node
