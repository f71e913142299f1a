#include "node/taskflow/run_commands.hpp"

#include "node/api_caller.hpp"
#include "node/taskflow/admin_client.hpp"
#include "node/taskflow/run_view.hpp"

#include "api/json_body.hpp"
#include "config/units.hpp"
#include "core/printable.hpp"
#include "telemetry/run_book.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

struct runs_arguments {
  admin_arguments where;
  std::string id;
  // of `runs`
  std::string state;
  std::string workflow;
  std::string taskflow;
  std::string outcome;
  unsigned limit = 100;
  // of `start`
  std::string trigger;
  std::string input;
  bool wait = false;
  unsigned wait_s = 600;
};

/// Of whoever waits for a run, beyond the wait itself.
constexpr milliseconds answer_grace{15'000};

template <class Action>
exit_status with_client(const std::string& command,
                        const admin_arguments& where, Action action) {
  const auto client = admin_client::open(where);
  if (!client)
    return report(command, client.error());
  const tl::expected<exit_status, command_failure> done = action(*client);
  return done ? *done : report(command, done.error());
}

std::string query_of(const runs_arguments& given) {
  auto query = fmt::format("?limit={}", given.limit);
  const auto add = [&query](const char* name, const std::string& value) {
    if (!value.empty())
      query += fmt::format("&{}={}", name, encoded(value));
  };
  add("state", given.state);
  add("workflow", given.workflow);
  add("taskflow", given.taskflow);
  add("outcome", given.outcome);
  return query;
}

exit_status runs(const runs_arguments& given) {
  return with_client(
      "taskflow runs", given.where, [&](const admin_client& client) {
        const bool one = !given.id.empty();
        return client
            .get(one ? "/api/v1/runs/" + encoded(given.id)
                     : "/api/v1/runs" + query_of(given))
            .map([&](const json& reply) {
              if (given.where.wants_json())
                print_json(reply);
              else
                fmt::print("{}", one ? run_in_full(reply) : run_list(reply));
              return exit_status::ok;
            });
      });
}

exit_status cancel(const runs_arguments& given) {
  return with_client(
      "taskflow cancel", given.where, [&](const admin_client& client) {
        return client.post("/api/v1/runs/" + encoded(given.id) + "/cancel", "")
            .map([&](const json& reply) {
              if (given.where.wants_json())
                print_json(reply);
              else
                fmt::print("{} is being cancelled\n",
                           core::printable(given.id));
              return exit_status::ok;
            });
      });
}

/// What has become of a run that was started.
exit_status show_start(const runs_arguments& given, const json& reply) {
  const auto outcome = api::optional_text(reply, "outcome");
  const auto run = core::printable(api::optional_text(reply, "run"));
  const bool good = given.wait ? outcome == "Succeeded" : outcome.empty();
  if (given.where.wants_json()) {
    print_json(reply);
  } else if (!given.wait) {
    fmt::print("{}\n", run);
  } else if (outcome.empty()) {
    fmt::print(stderr, "mfo-node taskflow start: {} is still under way\n", run);
  } else if (!good) {
    fmt::print(stderr, "mfo-node taskflow start: {}: {} {}\n", run, outcome,
               core::printable(error_line(reply)));
  } else {
    const auto* result = api::find_member(reply, "result");
    fmt::print("{}\n",
               core::printable(text_or_json(result ? *result : json{}), true));
  }
  return good ? exit_status::ok : exit_status::not_accepted;
}

exit_status start(const runs_arguments& given) {
  std::string body;
  if (!given.input.empty()) {
    const auto input = read_json_argument(given.input);
    if (!input)
      return report("taskflow start", input.error());
    body = input->dump();
  }
  const std::chrono::seconds wait{given.wait ? given.wait_s : 0};
  auto target = fmt::format("/api/v1/taskflows/{}/{}/runs?wait={}",
                            encoded(given.workflow), encoded(given.taskflow),
                            config::format_duration(wait));
  if (!given.trigger.empty())
    target += "&trigger=" + encoded(given.trigger);
  return with_client(
      "taskflow start", given.where, [&](const admin_client& client) {
        return client.ask("POST", std::move(target), body, wait + answer_grace)
            .map([&](const json& reply) { return show_start(given, reply); });
      });
}

std::pair<CLI::App*, std::shared_ptr<runs_arguments>>
add(CLI::App& group, command_action& chosen, const std::string& name,
    const std::string& help, exit_status (*run)(const runs_arguments&)) {
  auto given = std::make_shared<runs_arguments>();
  auto* command = group.add_subcommand(name, help);
  set_action(*command, chosen, [given, run] { return run(*given); });
  return {command, given};
}

void add_listing(CLI::App& group, command_action& chosen) {
  const auto [command, given] =
      add(group, chosen, "runs",
          "One line for each run that the node knows of, newest first; or one "
          "run with its tasks",
          runs);
  const std::vector<std::string> outcomes{telemetry::run_outcomes.begin(),
                                          telemetry::run_outcomes.end()};
  command->add_option("id", given->id, "Id of the one run")->type_name("ID");
  command->add_option("--state", given->state, "Only runs in this state")
      ->check(CLI::IsMember({"running", "ended"}));
  command->add_option("--workflow", given->workflow, "Only runs of this one")
      ->type_name("NAME");
  command->add_option("--taskflow", given->taskflow, "Only runs of this one")
      ->type_name("ID");
  command->add_option("--outcome", given->outcome, "Only runs that ended so")
      ->transform(CLI::IsMember(outcomes, CLI::ignore_case));
  command->add_option("--limit", given->limit, "At most so many")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
  add_admin_options(*command, given->where);
}

void add_start(CLI::App& group, command_action& chosen) {
  const auto [command, given] =
      add(group, chosen, "start",
          "Start a run by its manual trigger, and print its id; with --wait "
          "its result",
          start);
  command->add_option("workflow", given->workflow, "Name of the workflow")
      ->required()
      ->type_name("WORKFLOW");
  command->add_option("taskflow", given->taskflow, "Id of the taskflow")
      ->required()
      ->type_name("TASKFLOW");
  command
      ->add_option("--trigger", given->trigger,
                   "The trigger, if there are several manual ones")
      ->type_name("ID");
  command->add_option("--input", given->input, "JSON; @FILE or @- reads it")
      ->type_name("JSON");
  auto* wait = command->add_flag("--wait", given->wait, "Wait until it ends");
  command
      ->add_option("--wait-time", given->wait_s, "How long, at most, seconds")
      ->check(CLI::Range(1u, 600u))
      ->needs(wait)
      ->capture_default_str();
  add_admin_options(*command, given->where);
}

} // namespace

void add_run_commands(CLI::App& group, command_action& chosen) {
  add_listing(group, chosen);
  const auto [command, given] =
      add(group, chosen, "cancel", "End a run that is under way", cancel);
  command->add_option("id", given->id, "Id of the run")
      ->required()
      ->type_name("ID");
  add_admin_options(*command, given->where);
  add_start(group, chosen);
}

} // namespace mfo::node
