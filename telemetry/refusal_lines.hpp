#pragma once

#include "core/errc.hpp"
#include "telemetry/line_limit.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace mfo::telemetry {

/// How many log lines the refusals of a node may be: anybody can cause them,
/// and a server that is away causes one for each event. So many a second for
/// each reason; the metrics count all. Thread-safe. Pure: time is passed in.
class refusal_lines {
public:
  using clock = line_limit::clock;

  explicit refusal_lines(unsigned most_per_second)
    : most_per_second_(most_per_second) {}

  /// Whether a refusal for this reason may be a line now; then, how many since
  /// the last line were not.
  [[nodiscard]] std::optional<std::uint64_t> take(core::errc reason,
                                                  clock::time_point now) {
    const std::lock_guard lock{mutex_};
    auto& mine = by_reason_.try_emplace(reason, most_per_second_).first->second;
    if (!mine.limit.take(now)) {
      ++mine.left_out;
      return std::nullopt;
    }
    return std::exchange(mine.left_out, 0);
  }

  /// From now on so many.
  void set_limit(unsigned most_per_second) {
    const std::lock_guard lock{mutex_};
    if (std::exchange(most_per_second_, most_per_second) != most_per_second)
      by_reason_.clear();
  }

private:
  struct entry {
    explicit entry(unsigned most) : limit(most, std::chrono::seconds{1}) {}

    line_limit limit;
    std::uint64_t left_out = 0;
  };

  std::mutex mutex_;
  unsigned most_per_second_; ///< guarded by mutex_, as what follows
  std::map<core::errc, entry> by_reason_;
};

} // namespace mfo::telemetry
