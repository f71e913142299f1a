#include "actors/flow_runner.hpp"

#include "actors/flow_calls.hpp"
#include "actors/trigger_view.hpp"
#include "core/event_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

namespace mfo::actors {

namespace {

using core::errc;
using taskflow::task_outcome;
using telemetry::trigger_result;

/// What the sender of the event is told of a run.
core::outcome outcome_of(const taskflow::run& run, bool abandoned) {
  const auto& error = run.error();
  const auto detail = error ? fmt::format("{}: {}: {}", error->task,
                                          error->code, error->message)
                            : std::string{};
  switch (run.outcome()) {
  case task_outcome::failed:
    return core::refused(errc::taskflow_failed, detail);
  case task_outcome::errored:
    return core::refused(error && error->code == "timeout"
                             ? errc::taskflow_timeout
                             : errc::taskflow_errored,
                         detail);
  case task_outcome::cancelled:
    return core::refused(abandoned ? errc::draining : errc::taskflow_cancelled,
                         detail);
  case task_outcome::succeeded:
  case task_outcome::skipped:
  case task_outcome::omitted:
    break;
  }
  return {};
}

taskflow::run_limits limits_of(const config::taskflow_settings& settings) {
  return {.max_tasks = settings.max_tasks,
          .max_iterations = settings.max_iterations,
          .max_depth = settings.max_depth,
          .max_output = settings.max_output};
}

} // namespace

/// An event's route under way: it has an outcome when no part is left, or when
/// whoever held them is gone.
struct flow_runner::part {
  explicit part(done_callback callback) : done(std::move(callback)) {}
  part(const part&) = delete;
  part& operator=(const part&) = delete;

  ~part() {
    if (left > 0)
      done(core::refused(errc::internal_error, "the task runner failed"));
  }

  done_callback done;
  std::size_t left = 1;  ///< one until all have begun
  core::outcome worst{}; ///< the first that has an error

  void ended(const core::outcome& result) {
    worst.attempts = std::max(worst.attempts, result.attempts);
    if (!worst.error && result.error) {
      const auto attempts = worst.attempts;
      worst = result;
      worst.attempts = attempts;
    }
    if (--left == 0)
      done(std::move(worst));
  }
};

struct flow_runner::one_run {
  std::uint64_t number;
  std::string id;
  trigger_ref trigger;
  core::event_ptr event;
  std::shared_ptr<part> of;
  steady_time began;
  std::optional<taskflow::run> run{};
  std::unordered_map<taskflow::call_id, std::uint64_t> calls{};
  std::optional<steady_time> wakes{};
  /// Of calls that could not be made.
  std::vector<std::pair<taskflow::call_id, taskflow::call_result>> at_once{};

  [[nodiscard]] run_of_flow told() const {
    return {id, trigger, event->id};
  }
};

struct flow_runner::one_call {
  std::uint64_t run = 0; ///< 0: of an event that is forwarded as it came
  taskflow::call_id id = 0;
  taskflow::call_request request{};
  api_request_ptr sent{};     ///< of a call of the API
  core::event_ptr event{};    ///< of one that is forwarded
  std::shared_ptr<part> of{}; ///< without a run
  bool second = false;        ///< next_api_call's
};

flow_runner::flow_runner(flow_runner_deps deps, flow_host& host)
  : deps_(std::move(deps)), host_(host) {}

flow_runner::~flow_runner() = default;

void flow_runner::begin(const core::event_ptr& event, const route& what,
                        done_callback done) {
  if (abandoned_)
    return done(core::refused(errc::draining, "the node stops"));
  if (runs_.size() + what.triggers.size() > deps_.settings.max_runs) {
    for (const auto& each : what.triggers)
      deps_.report->met(each, trigger_result::refused, event->id,
                        "max_runs are under way");
    return done(core::refused(errc::saturated, "too many runs"));
  }
  const auto all = std::make_shared<part>(std::move(done));
  if (!what.server.empty()) {
    ++all->left;
    const auto number = ++last_number_;
    calls_.emplace(number, std::make_unique<one_call>(one_call{.of = all}));
    deps_.report->call_began();
    host_.forward(what.server, event, number);
  }
  for (const auto& each : what.triggers) {
    ++all->left;
    const auto id = what.triggers.size() == 1
                        ? event->id
                        : fmt::format("{}.{}", event->id, each.id());
    if (!start(event, each, id, all))
      all->ended({});
  }
  all->ended({});
}

/// False: the trigger does not want the event.
bool flow_runner::start(const core::event_ptr& event,
                        const trigger_ref& trigger, const std::string& id,
                        const std::shared_ptr<part>& of) {
  const auto fail = [&](const std::string& why) {
    deps_.report->met(trigger, trigger_result::failed, event->id, why);
    of->ended(core::refused(errc::taskflow_errored, why));
    return true;
  };
  auto view = view_of(*event);
  if (!view)
    return fail("the payload is no JSON");
  const auto wanted = wants(trigger.get(), *view);
  if (!wanted)
    return fail("filter: " + taskflow::to_string(wanted.error()));
  if (!*wanted) {
    deps_.report->met(trigger, trigger_result::filtered, event->id);
    return false;
  }
  auto input = input_of(trigger.get(), *view);
  if (!input)
    return fail("input_mapping: " + taskflow::to_string(input.error()));
  deps_.report->met(trigger, trigger_result::started, event->id);

  const auto number = ++last_number_;
  auto made = std::make_unique<one_run>(one_run{.number = number,
                                                .id = id,
                                                .trigger = trigger,
                                                .event = event,
                                                .of = of,
                                                .began = host_.now()});
  auto& it = *made;
  it.run.emplace(taskflow::run::options{
      .workflow = trigger.workflow,
      .taskflow = trigger.get().taskflow,
      .input = std::make_shared<const taskflow::json>(*std::move(input)),
      .trigger = std::make_shared<const taskflow::json>(*std::move(view)),
      .deadline = event->deadline,
      .limits = limits_of(deps_.settings),
      .uniform = [this] { return host_.uniform(); },
      .observe =
          [this, &it](const taskflow::task_moment& what) {
            deps_.report->moment(it.told(), what);
          }});
  runs_.emplace(number, std::move(made));
  deps_.report->began(it.told());
  it.run->start(it.began);
  proceed(number);
  return true;
}

/// Does what the run asks for, until it waits or has ended.
void flow_runner::proceed(std::uint64_t number) {
  const auto found = runs_.find(number);
  if (found == runs_.end())
    return;
  auto& it = *found->second;
  for (auto actions = it.run->take_actions(); !actions.empty();
       actions = it.run->take_actions()) {
    for (auto& each : actions)
      act(it, std::move(each));
    for (auto& [id, result] : std::exchange(it.at_once, {}))
      it.run->finished(id, std::move(result), host_.now());
  }
  if (it.run->done())
    return end(number);
  plan_wake(number, it);
}

void flow_runner::act(one_run& run, taskflow::run::action action) {
  using kind = taskflow::run::action::kind;
  if (action.what == kind::cancel) {
    if (const auto found = run.calls.find(action.id);
        found != run.calls.end()) {
      host_.cancel(found->second);
      forget(run, action.id);
    }
    return;
  }
  action.deadline = std::min(action.deadline, run.event->deadline);
  const auto number = ++last_number_;
  run.calls.emplace(action.id, number);
  calls_.emplace(
      number,
      std::make_unique<one_call>(one_call{
          .run = run.number, .id = action.id, .request = action.request}));
  deps_.report->call_began();
  if (is_api_call(action.request))
    call(run, action, number);
  else if (std::holds_alternative<taskflow::event_call>(action.request))
    forward(run, action, number);
  else
    host_.ask(std::move(action.request), action.deadline, run.id, action.path,
              number);
}

void flow_runner::forget(one_run& run, taskflow::call_id id) {
  const auto found = run.calls.find(id);
  calls_.erase(found->second);
  run.calls.erase(found);
  deps_.report->call_ended();
}

void flow_runner::call(one_run& run, taskflow::run::action& action,
                       std::uint64_t number) {
  const auto& name = run.event->endpoint->server;
  const auto server =
      std::ranges::find(deps_.servers, name, &config::server_settings::name);
  auto made = server != deps_.servers.end()
                  ? to_api_call(action.request, *server)
                  : tl::unexpected{taskflow::call_failure{
                        .code = "internal_error",
                        .message = "no such server: " + name,
                        .transient = false}};
  if (!made) {
    forget(run, action.id);
    run.at_once.emplace_back(action.id,
                             tl::unexpected{std::move(made.error())});
    return;
  }
  // The same whenever the same task of the same event asks for the same: a
  // server that knows it again does not do it twice.
  const auto key = core::delivery_uuid(
      run.id, fmt::format("{}\n{} {}\n{}", action.path, made->method,
                          made->target, made->body ? *made->body : ""));
  auto request = std::make_shared<const api_request>(
      api_request{.call = *std::move(made),
                  .id = key,
                  .traceparent = run.event->traceparent,
                  .deadline = action.deadline});
  calls_.at(number)->sent = request;
  host_.call(name, std::move(request), number);
}

void flow_runner::forward(one_run& run, taskflow::run::action& action,
                          std::uint64_t number) {
  auto& what = std::get<taskflow::event_call>(action.request);
  auto event = run.event;
  if (what.payload || !what.type.empty()) {
    const auto text = what.payload ? what.payload->dump() : std::string{};
    event = core::derive(
        *run.event,
        {.payload =
             what.payload ? std::string_view{text} : run.event->payload(),
         .type = what.type.empty() ? run.event->type()
                                   : std::string_view{what.type},
         .source = fmt::format("taskflow/{}/{}", run.trigger.workflow->name,
                               run.trigger.flow().id),
         .name = run.trigger.id() + "\n" + action.path});
  }
  calls_.at(number)->event = event;
  host_.forward(run.event->endpoint->server, std::move(event), number);
}

void flow_runner::called(std::uint64_t number, const api_result& result) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& it = *found->second;
  if (!it.second) {
    const auto& run = *runs_.at(it.run);
    const auto server =
        std::ranges::find(deps_.servers, run.event->endpoint->server,
                          &config::server_settings::name);
    if (auto next = next_api_call(it.request, *server, result)) {
      it.second = true;
      auto request = *it.sent;
      request.call = *std::move(next);
      request.id += "-2"; // it is another one
      it.sent = std::make_shared<const api_request>(std::move(request));
      return host_.call(server->name, it.sent, number);
    }
  }
  give(number, result_of(it.request, result));
}

void flow_runner::forwarded(std::uint64_t number, const core::outcome& result) {
  const auto found = calls_.find(number);
  if (found == calls_.end())
    return;
  auto& it = *found->second;
  if (it.run == 0) {
    const auto of = std::move(it.of);
    calls_.erase(found);
    deps_.report->call_ended();
    return of->ended(result);
  }
  if (result.error)
    return give(number, tl::unexpected{failure_of(result)});
  const auto event = it.event;
  if (event != runs_.at(it.run)->event)
    host_.emit(event);
  give(number, std::make_shared<const taskflow::json>(
                   taskflow::json{{"event_id", event->id}}));
}

void flow_runner::answered(std::uint64_t number, taskflow::call_result result) {
  if (calls_.contains(number))
    give(number, std::move(result));
}

/// Tells the run that waits.
void flow_runner::give(std::uint64_t number, taskflow::call_result result) {
  const auto id = calls_.at(number)->id;
  auto& it = *runs_.at(calls_.at(number)->run);
  forget(it, id);
  it.run->finished(id, std::move(result), host_.now());
  proceed(it.number);
}

void flow_runner::end(std::uint64_t number) {
  auto node = runs_.extract(number);
  auto& it = *node.mapped();
  if (it.wakes)
    wakes_.erase({*it.wakes, number});
  while (!it.calls.empty()) {
    const auto [id, call] = *it.calls.begin();
    host_.cancel(call);
    forget(it, id);
  }
  deps_.report->ended(it.told(), *it.run, host_.now() - it.began);
  it.of->ended(outcome_of(*it.run, abandoned_));
}

void flow_runner::plan_wake(std::uint64_t number, one_run& run) {
  const auto next = run.run->next_wake();
  if (next == run.wakes)
    return;
  if (run.wakes)
    wakes_.erase({*run.wakes, number});
  run.wakes = next;
  if (next)
    wakes_.emplace(*next, number);
  wake_for_next();
}

void flow_runner::wake_for_next() {
  if (!wakes_.empty())
    host_.wake_at(wakes_.begin()->first);
}

void flow_runner::wake() {
  const auto now = host_.now();
  while (!wakes_.empty() && wakes_.begin()->first <= now) {
    const auto number = wakes_.begin()->second;
    wakes_.erase(wakes_.begin());
    auto& it = *runs_.at(number);
    it.wakes.reset();
    it.run->wake(now);
    proceed(number);
  }
  wake_for_next();
}

bool flow_runner::cancel(const std::string& run, const std::string& reason) {
  const auto found = std::ranges::find(runs_, run, [](const auto& each) {
    return std::string_view{each.second->id};
  });
  if (found == runs_.end())
    return false;
  const auto number = found->first;
  found->second->run->cancel(reason, host_.now());
  proceed(number);
  return true;
}

void flow_runner::abandon() {
  abandoned_ = true;
  std::vector<std::uint64_t> all;
  for (const auto& [number, run] : runs_)
    all.push_back(number);
  for (const auto number : all)
    if (const auto found = runs_.find(number); found != runs_.end()) {
      found->second->run->cancel("the node stops", host_.now());
      proceed(number);
    }
}

} // namespace mfo::actors
