#pragma once

#include "http/undelivered.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace mfo::actors {

/// Which undelivered events the writer has and which no sink took, and what
/// the log and the books say of each. Thread-safe.
///
/// Each event is offered, and then written, or refused and kept; what was kept
/// may be offered again.
class letter_desk {
public:
  using clock = std::chrono::steady_clock;
  using item = std::shared_ptr<http::undelivered>;

  explicit letter_desk(telemetry::observer observer);
  letter_desk(const letter_desk&) = delete;
  letter_desk& operator=(const letter_desk&) = delete;

  /// The writer is given it.
  void offered(const item& what);

  void written(const item& what, const std::string& sink);

  /// No sink took it: it is kept, or lost after `close`.
  void refused(const item& what, const std::string& error);

  /// What is kept, which the caller then offers again.
  [[nodiscard]] std::vector<item> take_kept();

  /// Says how many events wait for a sink that have been refused before, a
  /// minute after the first of them was and then every minute.
  void sum_up(clock::time_point now);

  /// Until the writer has called back for all, or that time.
  void wait_for_answers(clock::time_point until);

  /// All that is kept or offered is lost, and what is refused later.
  void close();

  /// Events that are offered or kept.
  [[nodiscard]] std::size_t waiting() const;

private:
  void lose(const item& what, const std::string& error);

  telemetry::observer observer_;
  mutable std::mutex mutex_; ///< guards all that follows
  std::condition_variable answered_;
  std::unordered_set<item> offered_;
  std::vector<item> kept_;
  /// Of those, the ones that the log has named.
  std::unordered_set<item> named_;
  std::string last_error_;
  std::optional<clock::time_point> sum_up_at_;
  bool closed_ = false;
};

} // namespace mfo::actors
