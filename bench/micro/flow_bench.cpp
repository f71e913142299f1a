// What a run with one `forward_event` costs beside the plain forward of the
// same event: from the route to its outcome, in a server that answers at once.
// docs/benchmarks.md has the bound.

#include "actors/flow_runner.hpp"
#include "bench/stages/fixtures.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace mfo;

/// Keeps the number of what it is to forward, and never wakes anybody.
class forwarding_host final : public actors::flow_host {
public:
  steady_time now() override {
    return std::chrono::steady_clock::now();
  }

  double uniform() override {
    return 0.5;
  }

  void forward(const std::string&, core::event_ptr, const std::string&,
               std::uint64_t number) override {
    forwarded = number;
  }

  void call(const std::string&, actors::api_request_ptr, const std::string&,
            std::uint64_t) override {}
  void ask(taskflow::call_request, steady_time, const actors::run_info&,
           const std::string&, std::uint64_t) override {}
  void cancel(std::uint64_t) override {}
  core::outcome emit(core::event_ptr) override {
    return {};
  }
  void wake_at(steady_time) override {}

  std::uint64_t forwarded = 0;
};

taskflow::workflow_ptr forwarding_workflow() {
  return bench::workflow_of("workflow_name: w\n"
                            "triggers:\n"
                            "  - id: t\n"
                            "    type: event\n"
                            "    target_taskflow: main\n"
                            "    config: {event_types: [\"**\"]}\n"
                            "taskflows:\n"
                            "- taskflow_id: main\n"
                            "  tasks:\n"
                            "    - {id: send, type: forward_event}\n");
}

void run_route(benchmark::State& state, bool by_taskflow) {
  const auto workflow = forwarding_workflow();
  const auto observer = bench::an_observer();
  config::server_settings server;
  server.name = "default";
  forwarding_host host;
  actors::flow_runner runner{{.settings = {},
                              .servers = {server},
                              .report = std::make_shared<actors::flow_report>(
                                  std::vector{workflow}, observer)},
                             host};
  const auto event = bench::event_of(
      bench::an_endpoint(),
      bench::payload_of(static_cast<std::size_t>(state.range(0))),
      observer.metrics->depths(), host.now());
  const auto route = by_taskflow ? actors::route{{}, {{workflow, 0}}}
                                 : actors::route{"default", {}};
  for (auto _ : state) {
    bool good = false;
    runner.begin(event, route,
                 [&](const core::outcome& result) { good = !result.error; });
    runner.forwarded(host.forwarded, {});
    if (!good) {
      state.SkipWithError("the event was not forwarded");
      break;
    }
  }
}

void event_plain(benchmark::State& state) {
  run_route(state, false);
}
BENCHMARK(event_plain)->Arg(256)->Arg(4'096)->Arg(65'536);

void event_by_taskflow(benchmark::State& state) {
  run_route(state, true);
}
BENCHMARK(event_by_taskflow)->Arg(256)->Arg(4'096)->Arg(65'536);

} // namespace
