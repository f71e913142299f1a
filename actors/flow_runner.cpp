#include "actors/flow_runner_parts.hpp"
#include "actors/trigger_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

namespace mfo::actors {

namespace {

using core::errc;
using taskflow::task_outcome;
using telemetry::trigger_result;

/// For the log: `task: code: message`.
std::string shown(const taskflow::run_error& why) {
  return fmt::format("{}{}{}: {}", why.task, why.task.empty() ? "" : ": ",
                     why.code, why.message);
}

errc errc_of(const taskflow::run_error& why) {
  if (why.code == "input_schema") // it will not keep it the next time either
    return errc::schema_violation;
  return why.code == "timeout" ? errc::taskflow_timeout
                               : errc::taskflow_errored;
}

/// What the sender of the event is told of a run.
core::outcome outcome_of(const taskflow::run& run, std::optional<errc> closed) {
  const auto error = run.error().value_or(taskflow::run_error{});
  switch (run.outcome()) {
  case task_outcome::failed:
    return core::refused(errc::taskflow_failed, shown(error));
  case task_outcome::errored:
    return core::refused(errc_of(error), shown(error));
  case task_outcome::cancelled:
    return core::refused(closed.value_or(errc::taskflow_cancelled),
                         shown(error));
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
struct flow_runner::parts {
  explicit parts(done_callback callback) : done(std::move(callback)) {}
  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;

  ~parts() {
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

flow_runner::flow_runner(flow_runner_deps deps, flow_host& host)
  : deps_(std::move(deps)), host_(host) {}

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
flow_runner::~flow_runner() {
  cancel_all(errc::internal_error, "the task runner failed");
}

void flow_runner::begin(const core::event_ptr& event, const route& what,
                        done_callback done) {
  if (closed_)
    return done(core::refused(errc::draining, "the node stops"));
  if (runs_.size() + what.triggers.size() > deps_.settings.max_runs) {
    for (const auto& each : what.triggers)
      deps_.report->met(each, trigger_result::refused, event->id,
                        "max_runs are under way");
    return done(core::refused(errc::saturated, "too many runs"));
  }
  const auto all = std::make_shared<parts>(std::move(done));
  const auto one = [all] {
    ++all->left;
    return [all](const core::outcome& result) {
      all->ended(result);
    };
  };
  if (!what.server.empty()) {
    const auto number = ++last_number_;
    calls_.emplace(number, std::make_unique<one_call>(one_call{.done = one()}));
    deps_.report->call_began();
    event->where.note(core::stage::mfo_connector, host_.now());
    host_.forward(what.server, event, {}, number);
  }
  for (const auto& each : what.triggers)
    meet(event, each,
         what.triggers.size() == 1 ? event->id
                                   : fmt::format("{}.{}", event->id, each.id()),
         one());
  all->ended({});
}

/// An event comes to a trigger.
void flow_runner::meet(const core::event_ptr& event, const trigger_ref& trigger,
                       std::string id, done_callback done) {
  auto begun = actors::meet(trigger.get(), late_view_of(event));
  if (!begun) {
    deps_.report->met(trigger, trigger_result::failed, event->id,
                      begun.error());
    return done(core::refused(errc::taskflow_errored, begun.error()));
  }
  if (!*begun) {
    deps_.report->met(trigger, trigger_result::filtered, event->id);
    return done({});
  }
  deps_.report->met(trigger, trigger_result::started, event->id);
  start({.id = std::move(id),
         .workflow = trigger.workflow,
         .taskflow = trigger.get().taskflow,
         .trigger = trigger.get().id,
         .input = std::move((*begun)->input),
         .view = std::move((*begun)->view),
         .event = event},
        [done = std::move(done)](const flow_result& result) {
          done(result.outcome);
        });
}

void flow_runner::run(flow_request what, result_callback done) {
  if (closed_)
    return done({.outcome = core::refused(errc::draining, "the node stops")});
  if (runs_.size() == deps_.settings.max_runs)
    return done({.outcome = core::refused(errc::saturated, "too many runs")});
  start(std::move(what), std::move(done));
}

void flow_runner::start(flow_request what, result_callback done) {
  const auto number = ++last_number_;
  auto options = taskflow::run::options{.workflow = what.workflow,
                                        .taskflow = what.taskflow,
                                        .input = what.input,
                                        .trigger = what.view,
                                        .deadline = what.event->deadline,
                                        .limits = limits_of(deps_.settings),
                                        .uniform = [this] {
                                          return host_.uniform();
                                        }};
  auto& it =
      *runs_
           .emplace(number,
                    std::make_unique<one_run>(number, std::move(what),
                                              std::move(done), host_.now()))
           .first->second;
  options.observe = [this, &it](const taskflow::task_moment& moment) {
    tell([&](flow_observer& to) { to.moment(it.info, moment); });
  };
  it.run.emplace(std::move(options));
  tell([&](flow_observer& to) { to.began(it.info); });
  it.run->start(it.info.began);
  proceed(number);
}

template <class Say>
void flow_runner::tell(Say say) {
  say(*deps_.report);
  for (const auto& each : deps_.observers)
    say(*each);
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
  const auto took = host_.now() - it.info.began;
  tell([&](flow_observer& to) { to.ended(it.info, *it.run, took); });
  std::exchange(it.done, nullptr)({.outcome = outcome_of(*it.run, closed_),
                                   .how = it.run->outcome(),
                                   .value = it.run->result(),
                                   .error = it.run->error()});
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
    return std::string_view{each.second->info.id};
  });
  if (found == runs_.end())
    return false;
  const auto number = found->first;
  found->second->run->cancel(reason, host_.now());
  proceed(number);
  return true;
}

void flow_runner::abandon() {
  cancel_all(errc::draining, "the node stops");
}

void flow_runner::cancel_all(core::errc because, const std::string& reason) {
  closed_ = because;
  std::vector<std::uint64_t> all;
  for (const auto& [number, run] : runs_)
    all.push_back(number);
  for (const auto number : all)
    if (const auto found = runs_.find(number); found != runs_.end()) {
      found->second->run->cancel(reason, host_.now());
      proceed(number);
    }
}

} // namespace mfo::actors
