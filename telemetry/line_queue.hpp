#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace mfo::telemetry {

/// Lines that wait for a thread of their own to write them, one after the
/// other: whoever has one to write never waits for whoever reads them. Takes
/// memory for those that wait, and for no more. Thread-safe.
class line_queue {
public:
  using writer = std::function<void(std::string_view)>;

  /// Where more than `most` would wait, the oldest is lost. `write` is called
  /// on the thread; must not throw.
  line_queue(std::size_t most, writer write);

  /// Once the lines so far are written.
  ~line_queue();

  line_queue(const line_queue&) = delete;
  line_queue& operator=(const line_queue&) = delete;

  /// Lost, too, where there is no memory for it.
  void add(std::string line) noexcept;

  /// Waits for the lines so far to be written, `longest` at most. Whether they
  /// are, but for those that are lost.
  [[nodiscard]] bool flush(std::chrono::milliseconds longest);

  [[nodiscard]] std::uint64_t lost() const;

private:
  void run();

  /// So many of those that came are written, or lost.
  [[nodiscard]] std::uint64_t done() const noexcept;

  const std::size_t most_;
  const writer write_;
  mutable std::mutex mutex_; ///< guards what follows
  std::condition_variable came_;
  std::condition_variable went_;
  std::deque<std::string> waiting_;
  std::uint64_t taken_ = 0; ///< since the beginning
  std::uint64_t lost_ = 0;
  bool is_writing_ = false; ///< a line that does not wait any more
  bool is_ending_ = false;
  std::thread thread_; ///< the last, so that it finds all of this
};

} // namespace mfo::telemetry
