#include "telemetry/answer_times.hpp"

#include "telemetry/registration.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace mfo::telemetry {

namespace {

/// Between the bounds of a bucket in proportion; of the last, which has no
/// upper one, the lower. Requires: there are answers.
answer_times::seconds quantile(double part, const answer_counts& of,
                               std::uint64_t total) {
  const auto rank = part * static_cast<double>(total);
  double below = 0; // answers
  double lower = 0; // seconds
  for (std::size_t i = 0; i < of.size() && i < duration_buckets.size(); ++i) {
    const auto count = static_cast<double>(of[i]);
    const auto upper = duration_buckets[i];
    if (count > 0 && below + count >= rank)
      return answer_times::seconds{lower +
                                   (upper - lower) * (rank - below) / count};
    below += count;
    lower = upper;
  }
  return answer_times::seconds{lower};
}

} // namespace

void add(const answer_counts& one, answer_counts& to) {
  to.resize(std::max(one.size(), to.size()));
  for (std::size_t i = 0; i < one.size(); ++i)
    to[i] += one[i];
}

answer_counts since(const answer_counts& before, const answer_counts& later) {
  auto left = later;
  for (std::size_t i = 0; i < before.size() && i < left.size(); ++i)
    left[i] -= before[i];
  return left;
}

std::optional<answer_times> times_of(const answer_counts& counts) {
  const auto total =
      std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (total == 0)
    return std::nullopt;
  return answer_times{quantile(0.5, counts, total),
                      quantile(0.95, counts, total),
                      quantile(0.99, counts, total)};
}

} // namespace mfo::telemetry
