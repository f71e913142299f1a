#include "node/taskflows.hpp"

#include <random>
#include <utility>

namespace mfo::node {

namespace {

/// Until there is somebody to ask.
class nobody_outside final : public actors::outside {
public:
  cancellation ask(taskflow::call_request,
                   std::chrono::steady_clock::time_point, const std::string&,
                   const std::string&, answer_callback answer) override {
    answer(tl::unexpected{taskflow::call_failure{
        .code = "not_available",
        .message = "this node asks nobody but its servers",
        .transient = false}});
    return [] {
    };
  }
};

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

taskflows::taskflows(boost::asio::io_context& io,
                     const config::settings& settings,
                     std::vector<taskflow::workflow_ptr> workflows,
                     telemetry::observer observer,
                     actors::event_source::deps source)
  : workflows_(std::move(workflows)),
    report_(std::make_shared<actors::flow_report>(workflows_, observer)),
    source_(make_source(settings, workflows_, std::move(source))),
    clock_(io, actors::triggers_of(workflows_), source_, observer.log) {
  auto deps = std::make_shared<actors::task_runner_deps>();
  deps->flows = {.settings = settings.taskflows,
                 .servers = settings.servers,
                 .report = report_};
  deps->others = std::make_shared<nobody_outside>();
  deps->emit = [to = source_](const core::event_ptr& event) {
    to->pass_on(*event);
  };
  deps->uniform = [random = std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{}(random);
  };
  deps->log = observer.log;
  runner_ = std::move(deps);
}

void taskflows::begin() {
  clock_.begin();
}

void taskflows::cancel() {
  clock_.cancel();
}

} // namespace mfo::node
