#include "node/taskflows.hpp"

#include "actors/flow_outside.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

namespace mfo::node {

namespace {

std::shared_ptr<actors::event_source>
make_source(const config::settings& settings,
            const std::vector<taskflow::workflow_ptr>& workflows,
            actors::event_source::deps deps) {
  deps.endpoints = settings.endpoints;
  deps.workflows = workflows;
  deps.max_payload = settings.limits.max_body;
  deps.max_hops = settings.taskflows.max_depth;
  return std::make_shared<actors::event_source>(std::move(deps));
}

} // namespace

tl::expected<std::unique_ptr<taskflows>, std::string>
taskflows::open(boost::asio::io_context& io, deps given) {
  auto calls = given.caller
                   ? tl::expected<std::unique_ptr<http_calls>,
                                  std::string>{http_calls::with(given.caller)}
                   : http_calls::open(given.settings.http_call);
  if (!calls)
    return tl::unexpected{std::move(calls.error())};
  return std::unique_ptr<taskflows>{
      new taskflows{io, std::move(given), *std::move(calls)}};
}

taskflows::taskflows(boost::asio::io_context& io, deps given,
                     std::unique_ptr<http_calls> calls)
  : workflows_(std::move(given.workflows)),
    report_(std::make_shared<actors::flow_report>(workflows_, given.observer)),
    source_(make_source(given.settings, workflows_, std::move(given.source))),
    control_(given.books.control),
    keep_runs_(given.settings.taskflows.keep_runs), runs_(given.books.runs),
    clock_(io, actors::triggers_of(workflows_), source_, given.observer.log,
           std::move(given.claim_tick)),
    calls_(std::move(calls)) {
  auto runner = std::make_shared<actors::task_runner_deps>();
  runner->flows = {.settings = given.settings.taskflows,
                   .servers = given.settings.servers,
                   .report = report_,
                   .observers = {given.books.records}};
  std::ranges::move(given.observers,
                    std::back_inserter(runner->flows.observers));
  runner->others = actors::make_outside(calls_->caller(), given.books.questions,
                                        given.observer,
                                        given.settings.log.refusals_per_second);
  if (given.between)
    runner->others = given.between(std::move(runner->others));
  runner->emit = [to = source_](const core::event_ptr& event) {
    return to->pass_on(*event);
  };
  runner->uniform = [random =
                         std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{}(random);
  };
  runner->log = given.observer.log;
  runner_ = std::move(runner);
}

void taskflows::take_over_control() {
  runs_->keep(keep_runs_);
  control_->adopt(workflows_, source_);
}

void taskflows::begin() {
  clock_.begin();
}

void taskflows::begin_after(taskflows& former) {
  former.clock_.hand_over_to(clock_);
}

void taskflows::cancel() {
  clock_.cancel();
}

} // namespace mfo::node
