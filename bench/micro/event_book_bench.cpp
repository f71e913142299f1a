// What it costs an event that its story is written down, by how many the book
// has, and what it costs to look at them.

#include "bench/stages/fixtures.hpp"
#include "telemetry/event_book.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace {

using namespace mfo;
using namespace std::chrono_literals;

core::event_ptr make_one() {
  return bench::event_of(bench::an_endpoint(), R"({"action":"opened"})");
}

/// From the beginning to the end, in a book of so many.
void event_written_down(benchmark::State& state) {
  static telemetry::event_book book{{.keep = 1'000}};
  book.keep(static_cast<std::size_t>(state.range(0)));
  const auto event = make_one();
  const core::outcome how;
  for (auto _ : state) {
    auto entry = book.begin(event);
    entry.end({.outcome = how, .at = event->received_at + 1ms});
  }
}
BENCHMARK(event_written_down)->Arg(0)->Arg(10'000);
BENCHMARK(event_written_down)->Arg(1'000)->Threads(2);

/// Somebody who looks at all of them.
void events_listed(benchmark::State& state) {
  telemetry::event_book book{
      {.keep = static_cast<std::size_t>(state.range(0))}};
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    auto entry = book.begin(make_one());
    entry.end({.outcome = {}, .at = std::chrono::steady_clock::now()});
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(book.list({}));
}
BENCHMARK(events_listed)->Arg(1'000)->Arg(10'000);

} // namespace
