#include "node/taskflow/run_command.hpp"

#include "node/api_caller.hpp"
#include "node/command.hpp"
#include "node/number_option.hpp"
#include "node/taskflow/dry_run.hpp"
#include "node/taskflow/local_session.hpp"
#include "node/taskflow/run_observers.hpp"
#include "node/taskflow/stand_in.hpp"
#include "node/taskflow/task_argument.hpp"
#include "node/taskflow/workflow_argument.hpp"

#include "actors/trigger_view.hpp"
#include "config/environment.hpp"
#include "config/units.hpp"
#include "core/printable.hpp"
#include "devserver/server.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

struct run_arguments {
  workflow_argument what;
  std::string config;
  stand_in_arguments own;
  std::string input;
  std::string trigger;
  std::string payload;
  std::vector<std::string> answers; ///< TASK=TEXT
  std::vector<std::string> results; ///< TASK=JSON
  std::string trace;
  std::string folded;
  double timeout = 600; ///< seconds
  bool dry = false;
  bool quiet = false;
  bool verbose = false;
};

using done = tl::expected<exit_status, command_failure>;

/// What is run, and by whom it is called.
struct plan {
  config::settings settings;
  taskflow::workflow_ptr workflow;
  std::size_t taskflow = 0;
  std::unique_ptr<devserver::server> stand_in{}; ///< without a configuration
};

tl::expected<plan, command_failure> make_plan(const run_arguments& given) {
  plan made;
  if (!given.config.empty()) {
    auto settings = load_settings(given.config);
    if (!settings)
      return tl::unexpected{std::move(settings.error())};
    made.settings = *std::move(settings);
  }
  auto workflow = load_workflow(given.what);
  if (!workflow)
    return tl::unexpected{std::move(workflow.error())};
  made.workflow = *std::move(workflow);
  if (given.config.empty()) {
    config::server_settings server;
    server.max_waiting = 1'000;
    if (!given.dry) {
      auto own = start_stand_in(given.own, made.settings);
      if (!own)
        return tl::unexpected{std::move(own.error())};
      made.stand_in = *std::move(own);
      server.url = made.stand_in->url();
    }
    made.settings.taskflows.server = server.name;
    made.settings.servers = {std::move(server)};
  }
  return made;
}

tl::expected<json, command_failure> read_or_null(const std::string& text) {
  return text.empty() ? json{} : read_json_argument(text);
}

/// As if an event had come to the trigger.
tl::expected<void, command_failure> meet(const run_arguments& given, plan& made,
                                         actors::flow_request& request) {
  const auto& triggers = made.workflow->triggers;
  const auto trigger =
      std::ranges::find(triggers, given.trigger, &taskflow::trigger::id);
  if (trigger == triggers.end())
    return failure(
        exit_status::usage,
        fmt::format("{} has no trigger {}", given.what.file, given.trigger));
  auto begun = actors::meet(*trigger, *request.event);
  if (!begun)
    return failure(exit_status::not_accepted, begun.error());
  if (!*begun)
    return failure(exit_status::not_accepted,
                   "the trigger's filter does not want the event");
  request.taskflow = trigger->taskflow;
  request.trigger = trigger->id;
  request.view = std::move((*begun)->view);
  request.input = std::move((*begun)->input);
  return {};
}

/// The time of a dry run passes at once, so that it may be long.
milliseconds time_of(const run_arguments& given) {
  return given.dry ? std::chrono::hours{24}
                   : milliseconds{
                         static_cast<milliseconds::rep>(given.timeout * 1000)};
}

tl::expected<actors::flow_request, command_failure>
make_request(const run_arguments& given, plan& made) {
  const bool by_trigger = !given.trigger.empty();
  auto value = read_or_null(by_trigger ? given.payload : given.input);
  if (!value)
    return tl::unexpected{std::move(value.error())};
  const auto payload = value->dump();
  actors::flow_request request;
  request.workflow = made.workflow;
  config::endpoint_settings endpoint;
  endpoint.id = "local";
  endpoint.server = made.settings.taskflows.server;
  endpoint.lifetime = time_of(given);
  request.event = make_local_event(
      {.payload = payload,
       .type = by_trigger ? "webhook.received" : "manual.start",
       .source = "manual/local"},
      std::move(endpoint));
  request.id = request.event->id;
  if (by_trigger)
    return meet(given, made, request).map([&] { return request; });
  auto index = find_taskflow(*made.workflow, given.what.taskflow);
  if (!index)
    return tl::unexpected{std::move(index.error())};
  request.taskflow = *index;
  request.input = std::make_shared<const json>(*std::move(value));
  // What a node's manual trigger lets a run see.
  if (auto view = actors::view_of(*request.event))
    request.view = std::make_shared<const json>(*std::move(view));
  return request;
}

// --- how it ended
// --------------------------------------------------------------

void print_result(const actors::flow_result& result) {
  if (result.value)
    fmt::print("{}\n", core::printable(text_or_json(*result.value), true));
}

void print_error(const actors::flow_result& result) {
  if (!result.error)
    return;
  const auto& [code, message, task] = *result.error;
  fmt::print(stderr, "{}{}{}: {}\n", core::printable(task),
             task.empty() ? "" : ": ", core::printable(code),
             core::printable(message));
}

exit_status status_of(const actors::flow_result& result) {
  return result.how == taskflow::task_outcome::succeeded
             ? exit_status::ok
             : exit_status::not_accepted;
}

// --- the two ways
// ----------------------------------------------------------------

done run_dry(const run_arguments& given, plan& made,
             actors::flow_request request) {
  dry_run::options how{.settings = made.settings,
                       .results = {},
                       .show = [](const std::string& line) {
                         fmt::print("{}\n", line);
                       }};
  for (const auto& each : given.results) {
    auto parts = split_by_task("--result", each);
    if (!parts)
      return tl::unexpected{std::move(parts.error())};
    if (auto found = find_task(*made.workflow, "--result", parts->first);
        !found)
      return tl::unexpected{std::move(found.error())};
    auto value = read_json_argument(parts->second);
    if (!value)
      return tl::unexpected{std::move(value.error())};
    how.results.insert_or_assign(parts->first, *std::move(value));
  }
  const auto result = dry_run{std::move(how)}.run(std::move(request));
  print_error(result);
  if (result.error)
    fmt::print(stderr, "(what a call would have given is null; give it with "
                       "--result TASK=JSON)\n");
  return status_of(result);
}

std::atomic<int> interrupts{0};

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// The first time the run is cancelled; the second ends the program.
void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int signal) {
    if (++interrupts > 1)
      ::_exit(128 + signal);
  };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

tl::expected<void, command_failure> write_spans(const run_arguments& given,
                                                const moment_keeper& kept) {
  tl::expected<void, command_failure> written;
  if (!given.trace.empty())
    written = write_file(given.trace, kept.chrome_trace());
  if (written && !given.folded.empty())
    written = write_file(given.folded, kept.folded());
  return written;
}

done run_real(const run_arguments& given, plan& made,
              actors::flow_request request) {
  const auto variables = config::process_environment();
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const auto display = std::make_shared<progress_display>(
      taskflow::progress_options_for(terminal, columns(), variables));
  const auto keeper = std::make_shared<moment_keeper>();
  local_session::options how{.settings = made.settings,
                             .workflows = {made.workflow},
                             .observers = {},
                             .answers = {},
                             .otherwise = ::isatty(STDIN_FILENO) == 1
                                              ? without_answer::ask
                                              : without_answer::time_up,
                             .verbose = given.verbose};
  if (!given.quiet) {
    how.observers.push_back(display);
    how.asking = [display](bool asking) {
      asking ? display->pause() : display->resume();
    };
  }
  if (!given.trace.empty() || !given.folded.empty())
    how.observers.push_back(keeper);
  auto answers = read_answers(given.answers);
  if (!answers)
    return tl::unexpected{std::move(answers.error())};
  for (const auto& [path, text] : *answers)
    if (auto found = find_task(*made.workflow, "--answer", path); !found)
      return tl::unexpected{std::move(found.error())};
  how.answers = *std::move(answers);
  auto session = local_session::open(std::move(how));
  if (!session)
    return tl::unexpected{std::move(session.error())};
  catch_interrupts();
  const auto result = (*session)->run(std::move(request), [&] {
    if (!given.quiet)
      display->redraw();
    return interrupts > 0;
  });
  if (auto written = write_spans(given, *keeper); !written)
    return tl::unexpected{std::move(written.error())};
  print_result(result);
  if (given.quiet)
    print_error(result); // else it has been shown
  return status_of(result);
}

done run(const run_arguments& given) {
  auto made = make_plan(given);
  if (!made)
    return tl::unexpected{std::move(made.error())};
  auto request = make_request(given, *made);
  if (!request)
    return tl::unexpected{std::move(request.error())};
  return (given.dry ? run_dry : run_real)(given, *made, *std::move(request));
}

void add_options(CLI::App& command, run_arguments& given) {
  auto* config =
      command
          .add_option("-c,--config", given.config,
                      "Configuration with the servers; default: a server of "
                      "the run's own that stands in for MFO")
          ->type_name("FILE");
  add_stand_in_options(command, given.own, *config);
  auto* input = command
                    .add_option("--input", given.input,
                                "Input of the run, JSON; @FILE or @- reads it")
                    ->type_name("JSON");
  auto* trigger =
      command
          .add_option("--trigger", given.trigger,
                      "As if an event came to this trigger: by its filter and "
                      "its input_mapping")
          ->type_name("ID")
          ->excludes(input);
  command
      .add_option("--payload", given.payload,
                  "Payload of that event, JSON; @FILE or @- reads it")
      ->type_name("JSON")
      ->needs(trigger);
  auto* dry = command.add_flag("--dry-run", given.dry,
                               "Call nobody: show what would be called");
  command
      .add_option("--result", given.results,
                  "What the calls of a task give in a dry run; may be repeated")
      ->type_name("TASK=JSON")
      ->allow_extra_args(false)
      ->needs(dry);
  add_answer_option(command, given.answers)->excludes(dry);
  command
      .add_option("--trace", given.trace,
                  "Write what took how long, for chrome://tracing and Perfetto")
      ->type_name("FILE")
      ->excludes(dry);
  command
      .add_option("--folded", given.folded,
                  "The same as folded stacks, for flame graphs")
      ->type_name("FILE")
      ->excludes(dry);
  command
      .add_option("--timeout", given.timeout,
                  "How long the run may take, seconds")
      ->check(number_within(0.001, 86'400))
      ->type_name("SECONDS")
      ->excludes(dry)
      ->capture_default_str();
  command.add_flag("-q,--quiet", given.quiet, "Show the result alone");
  command.add_flag("-v,--verbose", given.verbose,
                   "The log of every try on standard error");
}

} // namespace

void add_run_command_of_files(CLI::App& group, command_action& chosen) {
  auto given = std::make_shared<run_arguments>();
  auto* command = group.add_subcommand(
      "run", "Run one taskflow of a file, here and now, and print its result");
  add_workflow_argument(*command, given->what);
  add_options(*command, *given);
  command->footer("Exit status 0 where it succeeded, 1 where it did not.");
  set_action(*command, chosen, [given] {
    const auto ended = run(*given);
    return ended ? *ended : report("taskflow run", ended.error());
  });
}

} // namespace mfo::node
