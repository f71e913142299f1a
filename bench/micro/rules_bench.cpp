// The rules that every call passes: pure, so the time is passed in.

#include "config/server_settings.hpp"
#include "core/call_gate.hpp"
#include "core/retry.hpp"
#include "core/retry_budget.hpp"

#include <benchmark/benchmark.h>

#include <chrono>

namespace {

using namespace mfo;
using namespace std::chrono_literals;
using clock_type = core::call_gate::clock;

/// As at 10,000 calls a second.
constexpr auto tick = 100us;

/// A call begins, and ends well.
void gate_ask_and_ended(benchmark::State& state) {
  config::server_settings settings;
  core::call_gate gate(settings);
  clock_type::time_point now{1h};
  for (auto _ : state) {
    now += tick;
    auto answer = gate.ask(now);
    if (answer.what != core::call_gate::verdict::begin) {
      state.SkipWithError("the call did not begin");
      break;
    }
    benchmark::DoNotOptimize(gate.ended(now, answer.ticket, now - tick,
                                        core::call_result::succeeded, 0s, 0.5));
  }
}
BENCHMARK(gate_ask_and_ended);

void gate_ask_while_open(benchmark::State& state) {
  config::server_settings settings;
  settings.breaker.open_for = 1h;
  core::call_gate gate(settings);
  clock_type::time_point now{1h};
  while (gate.circuit() != core::breaker_state::open) {
    const auto answer = gate.ask(now);
    gate.ended(now, answer.ticket, now, core::call_result::failed, 0s, 0.5);
  }
  for (auto _ : state) {
    auto answer = gate.ask(now);
    benchmark::DoNotOptimize(answer);
  }
}
BENCHMARK(gate_ask_while_open);

/// Whether and when a call that has failed is tried again: what the reply
/// means, the policy, and the budget.
void decide_on_a_retry(benchmark::State& state) {
  const config::retry_settings settings;
  const core::retry_policy policy(settings);
  clock_type::time_point now{1h};
  core::retry_budget budget({.ratio = 10}, now);
  unsigned count = 0;
  for (auto _ : state) {
    now += tick;
    budget.on_request(now);
    auto kind = core::classify_reply(503);
    benchmark::DoNotOptimize(kind);
    auto delay = policy.next_delay({.count = 1 + count++ % 4,
                                    .since_first = 1s,
                                    .retry_after = 0ms,
                                    .time_left = 1min},
                                   0.5);
    benchmark::DoNotOptimize(delay);
    auto paid = budget.try_withdraw(now);
    benchmark::DoNotOptimize(paid);
  }
}
BENCHMARK(decide_on_a_retry);

} // namespace
