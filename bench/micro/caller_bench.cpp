// What a server_caller costs that refuses calls, since the circuit of its
// server is open: from `accept` to the call's answer, with the system's clocks
// and a real outcome, the call itself included. docs/benchmarks.md has the
// bound.

#include "bench/stages/callers.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace {

using namespace mfo;
using namespace std::chrono_literals;

void call(actors::server_caller& caller, std::optional<core::outcome>& result) {
  caller.accept(std::make_unique<bench::short_call>(
      std::chrono::steady_clock::now() + 10s, result));
}

/// By as many failures as it takes.
void open_circuit(actors::server_caller& caller, bench::idle_host& host) {
  std::optional<core::outcome> result;
  for (int i = 0; i < 5; ++i) {
    call(caller, result);
    caller.replied(host.sent.at(static_cast<std::size_t>(i)),
                   http::client_response{500, {}, "{}"});
  }
}

void refuse_while_the_circuit_is_open(benchmark::State& state) {
  bench::idle_host host;
  actors::server_caller caller(bench::caller_deps(), host);
  open_circuit(caller, host);
  const auto sent = host.sent.size();
  std::optional<core::outcome> result;
  for (auto _ : state) {
    result.reset();
    call(caller, result);
    if (!result || result->error != core::errc::circuit_open) {
      state.SkipWithError("the call was not refused");
      break;
    }
    benchmark::DoNotOptimize(result);
  }
  if (host.sent.size() != sent)
    state.SkipWithError("a call went to the server");
}
BENCHMARK(refuse_while_the_circuit_is_open);

/// Of that, the rule alone.
void gate_ask_while_open(benchmark::State& state) {
  config::server_settings settings;
  settings.breaker.open_for = 1h;
  core::call_gate gate(settings);
  core::call_gate::clock::time_point now{1h};
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

} // namespace
