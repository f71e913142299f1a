#pragma once

#include "core/envelope.hpp"
#include "telemetry/answer_times.hpp"
#include "telemetry/ledger.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace mfo::telemetry {

/// What came to the node, and what became of it, step by step: so that somebody
/// who looks only now can see since when something is wrong. In memory, and
/// bounded: steps of 10 s for an hour, of a minute for a day. Thread-safe.
class history {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::minutes fine_time{60};
  static constexpr std::chrono::minutes longest_time{24 * 60};

  /// What has been counted by one moment.
  struct sample {
    ledger::totals events{};
    answer_counts answers{};
  };

  struct step {
    ledger::totals events{}; ///< in this step; `in_flight`: at its end
    std::optional<answer_times> answers{}; ///< nothing: there was none
  };

  struct view {
    std::chrono::seconds length;    ///< of a step
    std::chrono::milliseconds from; ///< since 1970: the first step begins
    /// The oldest first; nothing: that is not known.
    std::vector<std::optional<step>> steps{};
  };

  /// Nothing has been counted before `begin`.
  explicit history(clock::time_point begin);

  /// Takes a sample where a step has ended. To be called every second or so, by
  /// one thread.
  void look(clock::time_point now, const std::function<sample()>& take);

  /// So much time up to the last step that has ended; 1 minute to
  /// `longest_time`. The steps are fine up to `fine_time`.
  [[nodiscard]] view last(std::chrono::minutes time,
                          const core::instant& now) const;

  /// How long the answers of the last minute took, up to 10 s more; `counted`:
  /// all up to now.
  [[nodiscard]] std::optional<answer_times>
  last_minute(const answer_counts& counted) const;

private:
  /// Steps of one length.
  class series {
  public:
    series(std::chrono::seconds length, std::chrono::minutes kept,
           clock::time_point begin);

    [[nodiscard]] bool is_due(clock::time_point now) const noexcept {
      return now >= ends_;
    }
    void add(clock::time_point now, const sample& counted);
    [[nodiscard]] view last(std::chrono::minutes time,
                            const core::instant& now) const;

  private:
    std::chrono::seconds length_;
    std::size_t most_;
    clock::time_point ends_; ///< the step under way
    sample before_{};        ///< when it began
    std::deque<std::optional<step>> steps_{};
  };

  mutable std::mutex mutex_; ///< guards what follows
  series fine_;
  series coarse_;
  /// The answers as each of the last fine steps had ended, for a minute.
  std::deque<answer_counts> answers_ = std::deque<answer_counts>(1);
};

} // namespace mfo::telemetry
