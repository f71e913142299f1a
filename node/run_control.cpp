#include "node/run_control.hpp"

#include "actors/route.hpp"
#include "actors/trigger_view.hpp"
#include "core/event_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace mfo::node {

namespace {

using http::manual_start;
using http::run_end;
using http::start_refusal;
using reason = http::start_refusal::reason;

using refusal = tl::unexpected<start_refusal>;

refusal refuse(reason why, std::string detail) {
  return refusal{start_refusal{why, std::move(detail)}};
}

tl::expected<actors::trigger_ref, start_refusal>
find_trigger(const std::vector<taskflow::workflow_ptr>& workflows,
             const manual_start& what) {
  const auto workflow = std::ranges::find_if(
      workflows, [&](const auto& each) { return each->name == what.workflow; });
  if (workflow == workflows.end())
    return refuse(reason::unknown,
                  fmt::format("There is no workflow {}.", what.workflow));
  if (std::ranges::find((*workflow)->taskflows, what.taskflow,
                        &taskflow::flow::id) == (*workflow)->taskflows.end())
    return refuse(reason::unknown, fmt::format("{} has no taskflow {}.",
                                               what.workflow, what.taskflow));
  std::vector<actors::trigger_ref> fitting;
  for (auto& each : actors::triggers_of({*workflow}))
    if (std::holds_alternative<taskflow::manual_trigger>(each.get().config) &&
        each.flow().id == what.taskflow &&
        (what.trigger.empty() || each.get().id == what.trigger))
      fitting.push_back(std::move(each));
  if (fitting.size() == 1)
    return fitting.front();
  if (fitting.empty() && !what.trigger.empty())
    return refuse(reason::unknown,
                  fmt::format("{} has no manual trigger {} in use.",
                              what.taskflow, what.trigger));
  if (fitting.empty())
    return refuse(
        reason::no_trigger,
        fmt::format("{} has no trigger of type manual in use.", what.taskflow));
  return refuse(
      reason::no_trigger,
      fmt::format("{} has several manual triggers; say which.", what.taskflow));
}

run_end end_of(const taskflow::run& how) {
  run_end end{.outcome = std::string{taskflow::to_string(how.outcome())},
              .result = {},
              .problem = std::nullopt};
  if (how.result())
    end.result = how.result()->dump(-1, ' ', false,
                                    taskflow::json::error_handler_t::replace);
  if (how.error())
    end.problem = actors::problem_of(*how.error());
  return end;
}

/// An event that never became a run ends here: filtered, or refused on its
/// way, be it acknowledged or not.
class start_responder final : public http::responder {
public:
  start_responder(std::shared_ptr<actors::flow_records> records,
                  std::string run, http::task_control::ended_function ended)
    : records_(std::move(records)), run_(std::move(run)),
      ended_(std::move(ended)) {}

  void send(http::answer value) noexcept override {
    if (!records_->forget(run_) || !ended_)
      return;
    const bool filtered = value.status < 300;
    ended_({.outcome = filtered ? "Succeeded" : "Errored",
            .result = filtered ? "null" : "",
            .problem = telemetry::run_problem{
                .code = filtered ? "filtered" : "not_started",
                .message = filtered ? "the trigger's filter does not want it"
                                    : "the run was not started; the log says "
                                      "why",
                .task = {}}});
  }

  [[nodiscard]] bool waits_for_the_end() const noexcept override {
    return true;
  }

private:
  std::shared_ptr<actors::flow_records> records_;
  std::string run_;
  http::task_control::ended_function ended_;
};

} // namespace

run_control::run_control(std::shared_ptr<actors::flow_records> records,
                         std::function<void(const std::string& run)> cancel)
  : records_(std::move(records)), cancel_(std::move(cancel)) {}

void run_control::adopt(std::vector<taskflow::workflow_ptr> workflows,
                        std::shared_ptr<actors::event_source> source) {
  const std::lock_guard lock{mutex_};
  offer_ = {std::move(workflows), std::move(source)};
}

run_control::offer run_control::in_force() {
  const std::lock_guard lock{mutex_};
  return offer_;
}

void run_control::start(const manual_start& what,
                        http::task_control::begun_function begun,
                        http::task_control::ended_function ended) {
  const auto [workflows, source] = in_force();
  const auto trigger = find_trigger(workflows, what);
  if (!trigger)
    return begun(tl::unexpected{trigger.error()});
  const std::string input = what.input.empty() ? "null" : what.input;
  if (const auto& schema = trigger->flow().input_schema;
      schema && !trigger->get().input_mapping)
    if (const auto violations = schema->check(input); !violations.empty())
      return begun(refuse(reason::bad_input,
                          fmt::format("The input does not keep the taskflow's "
                                      "schema: at \"{}\", {}.",
                                      violations.front().pointer,
                                      violations.front().rule)));
  const auto id = trigger->id();
  const auto delivery = new_delivery();
  // As the event, and so its run, will be called.
  const auto run = core::delivery_uuid(id, delivery);
  records_->await(run, [ended](const taskflow::run& how) {
    if (ended)
      ended(end_of(how));
  });
  // First the word that it has begun; the end may come at once.
  const auto taken =
      source->take({.trigger = id,
                    .payload = input,
                    .type = "manual.start",
                    .source = "manual/" + id,
                    .delivery_id = delivery},
                   std::make_unique<start_responder>(records_, run, ended));
  if (!taken) {
    records_->forget(run);
    return begun(refuse(reason::full,
                        std::string{core::describe(taken.error()).detail}));
  }
  begun(run);
}

std::string run_control::new_delivery() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const std::lock_guard lock{mutex_};
  const auto high = random_();
  return core::uuid_v7(now, high, random_());
}

} // namespace mfo::node
