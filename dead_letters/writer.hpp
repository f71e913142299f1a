#pragma once

#include "dead_letters/sink.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace mfo::dead_letters {

struct named_sink {
  std::string name;
  std::unique_ptr<sink> to;
};

/// How a sink is, for health and metrics.
struct sink_state {
  std::string name;
  bool up = true; ///< its last write or probe went well, or there was none
  std::uint64_t written = 0;  ///< letters
  std::uint64_t failures = 0; ///< writes that failed, whatever their size
  std::string last_error{};   ///< stays when it is up again
  /// The last write or probe that went well, and how long it took.
  std::optional<std::chrono::steady_clock::time_point> last_success{};
  std::optional<std::chrono::steady_clock::duration> last_took{};
  /// As sink::certificate_end.
  std::optional<std::chrono::sys_seconds> certificate_end{};
};

struct writer_options {
  using clock = std::chrono::steady_clock;

  std::size_t max_queued = 4'096;          ///< letters
  std::size_t max_queued_bytes = 64 << 20; ///< of their bodies
  /// How long a sink that failed is passed over: doubled with each failure.
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{60'000};
  /// How often sinks are tended while there is nothing to write, and how often
  /// those are probed that were not written to since.
  std::chrono::milliseconds idle_every{5'000};
  std::chrono::milliseconds probe_interval{30'000};
  std::function<clock::time_point()> now = clock::now;
};

/// Puts letters into the first of several sinks that takes them, on a thread
/// of its own, many at a time where many wait.
///
/// A sink that failed is passed over for a while, but before a letter is given
/// up each sink was asked. A batch that none takes is tried letter by letter
/// until two in a row fail: one that is refused does not hold up the rest, and
/// sinks that are down are not asked a hundred times. As a sink may have taken
/// a part of what it failed with, a letter may be in more than one.
class writer {
public:
  /// The sink's name, or why none took it. On the writer's thread, or within
  /// `submit`; must not throw, block, or call `stop`.
  using callback = std::function<void(tl::expected<std::string, std::string>)>;

  explicit writer(std::vector<named_sink> sinks, writer_options options = {});
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  /// As `stop` with no time.
  ~writer();

  /// From any thread, without blocking. Called back exactly once: at once with
  /// an error when too much waits, after `stop`, and without sinks.
  void submit(letter_ptr value, callback answer);

  /// Takes no more, writes what waits, and calls back with an error for what
  /// is left when the time has passed. Returns when all are called back: later
  /// than that by what the sinks take for the write that is going on. Any
  /// thread but the writer's, once or more often.
  void stop(std::chrono::milliseconds longest);

  /// As `stop`, but returns at once. Any thread; `stop` must follow.
  void begin_stop(std::chrono::milliseconds longest);

  /// In the order of the sinks. Any thread.
  [[nodiscard]] std::vector<sink_state> states() const;

  /// Letters that wait or are being written. Any thread.
  [[nodiscard]] std::size_t queued() const;

private:
  using clock = writer_options::clock;

  struct item {
    letter_ptr value;
    callback answer;
  };

  /// What the writer's thread alone knows of a sink.
  struct back_off {
    std::chrono::milliseconds length{0};
    clock::time_point until{};
  };

  /// Why not, or nothing: both are taken.
  std::optional<std::string> enqueue(letter_ptr& value, callback& answer);
  void run();
  void idle();
  void probe_some();
  void probe(std::size_t index);
  void note(std::size_t index, const done& result, clock::time_point began);
  std::vector<item> take_batch();
  void write_batch(std::vector<item> batch);
  tl::expected<std::string, std::string>
  write(std::span<const letter_ptr> letters);
  done write_to(std::size_t index, std::span<const letter_ptr> letters);
  bool is_out_of_time() const;

  std::vector<named_sink> sinks_;
  const writer_options options_;
  std::vector<back_off> pauses_;          ///< of the sinks
  std::vector<clock::time_point> probed_; ///< or written; at each of them

  mutable std::mutex mutex_; ///< guards all that follows
  std::condition_variable changed_;
  std::deque<item> queue_;
  std::size_t queued_ = 0;       ///< letters not called back yet
  std::size_t queued_bytes_ = 0; ///< of their bodies
  std::vector<sink_state> states_;
  bool stopping_ = false;
  clock::time_point stop_by_{};

  std::mutex joining_;
  std::thread thread_; ///< last: it uses the others
};

} // namespace mfo::dead_letters
