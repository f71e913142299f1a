#pragma once

#include "devserver/header_block.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::devserver {

/// An event as it arrived.
struct recorded_event {
  std::chrono::system_clock::time_point received_at;
  std::string id; ///< its "id" member, else Idempotency-Key, else made up
  header_block headers;
  std::string body; ///< byte for byte
  int status = 0;   ///< of the reply
};

using event_ptr = std::shared_ptr<const recorded_event>;

/// What arrived, in order, bounded in number and in bytes: beyond either the
/// oldest is dropped, and counted. Every member may be called from any thread.
class event_log {
public:
  event_log(std::size_t max_events, std::size_t max_bytes) noexcept
    : max_events_(max_events), max_bytes_(max_bytes) {}

  void append(recorded_event event);

  /// Forgets everything, the counters as well; how many it held.
  std::size_t clear();

  struct counts {
    std::size_t held = 0;
    std::uint64_t dropped = 0; ///< given way since the last `clear`
  };
  [[nodiscard]] counts count() const;

  /// A stretch of the log. Events are numbered from 0 since the last `clear`,
  /// dropped ones included.
  struct page {
    std::vector<event_ptr> events;
    std::uint64_t next = 0; ///< the number to go on with
  };

  /// At most `limit` events numbered [`from`, `to`); dropped ones are skipped.
  [[nodiscard]] page
  read(std::uint64_t from, std::size_t limit,
       std::uint64_t to = std::numeric_limits<std::uint64_t>::max()) const;

  /// The number that the next event gets.
  [[nodiscard]] std::uint64_t end() const;

private:
  mutable std::mutex mutex_;
  std::deque<event_ptr> events_;
  std::uint64_t dropped_ = 0;
  std::size_t bytes_ = 0;
  const std::size_t max_events_;
  const std::size_t max_bytes_;
};

} // namespace mfo::devserver
