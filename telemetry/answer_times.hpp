#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace mfo::telemetry {

/// How long answers took: so many of a hundred were as fast, or faster. As
/// PromQL's histogram_quantile has it.
struct answer_times {
  using seconds = std::chrono::duration<double>;

  seconds p50, p95, p99;
};

/// How many answers there were, by how long they took: a number for each of the
/// buckets of mfo_event_duration_seconds, without those of the bucket before.
/// Empty: none.
using answer_counts = std::vector<std::uint64_t>;

/// Adds the one to the other.
void add(const answer_counts& one, answer_counts& to);

/// Those of `later` that were not there before. Requires: there were no others
/// before.
[[nodiscard]] answer_counts since(const answer_counts& before,
                                  const answer_counts& later);

/// Nothing: there was no answer.
[[nodiscard]] std::optional<answer_times> times_of(const answer_counts& counts);

} // namespace mfo::telemetry
