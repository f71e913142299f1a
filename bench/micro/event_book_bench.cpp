// What it costs an event that its story is written down: its marks, its place
// among those in flight, and its record.

#include "core/envelope.hpp"
#include "telemetry/event_book.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace {

using namespace mfo;
using namespace std::chrono_literals;

core::event_ptr make_one() {
  auto endpoint = std::make_shared<config::endpoint_settings>();
  endpoint->id = "github";
  endpoint->event_type = "github.pull_request";
  endpoint->lifetime = 1h;
  return core::make_event(
      {.payload = R"({"action":"opened"})",
       .delivery_id = "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
      std::move(endpoint),
      {.node_name = "node",
       .depths = std::make_shared<core::stage_depths>(),
       .random =
           [] {
             return std::uint64_t{42};
           }},
      {1'700'000'000s, std::chrono::steady_clock::now()});
}

/// The way through the stages, as every event goes it.
void event_marks(benchmark::State& state) {
  const auto event = make_one();
  const auto to =
      std::make_shared<const core::destinations>(core::destinations{"default"});
  for (auto _ : state) {
    core::stage_marker marker;
    core::trail trail;
    for (const auto each :
         {core::stage::validator, core::stage::router, core::stage::task_runner,
          core::stage::mfo_connector})
      marker.move_to(each, std::chrono::steady_clock::now());
    trail.routed(to);
    benchmark::DoNotOptimize(marker);
  }
}
BENCHMARK(event_marks);

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
BENCHMARK(event_written_down)->Arg(0)->Arg(1'000)->Arg(10'000);
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
