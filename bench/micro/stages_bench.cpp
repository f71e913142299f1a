// How long the stages of the hot path take for an event, each by itself:
// bench/stages has them, and bench/instructions counts their instructions.

#include "bench/stages/stage.hpp"

#include <benchmark/benchmark.h>

namespace {

void repeat(benchmark::State& state, const mfo::bench::stage& which) {
  const auto once = which.make();
  for (auto _ : state) {
    if (!once()) {
      state.SkipWithError("it did not come out as it should");
      break;
    }
  }
}

[[maybe_unused]] const bool registered = [] {
  for (const auto& each : mfo::bench::all_stages())
    benchmark::RegisterBenchmark(
        each.name.data(),
        [each](benchmark::State& state) { repeat(state, each); });
  return true;
}();

} // namespace
