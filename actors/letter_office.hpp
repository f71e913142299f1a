#pragma once

#include "actors/letter_desk.hpp"
#include "dead_letters/writer.hpp"
#include "http/undelivered.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::actors {

/// Writes undelivered events to the dead-letter sinks. An event that no sink
/// takes is kept, with its room, and offered again; so what is kept is bounded
/// by what the node may hold in all. Thread-safe.
///
/// Each event is one line of the log when it is written; and one before that
/// if it has to be kept, since then someone may have to do something. How many
/// are kept is said once a minute while there are any.
class letter_office final : public http::dead_letter_office {
public:
  using clock = std::chrono::steady_clock;

  letter_office(std::unique_ptr<dead_letters::writer> writer,
                std::string node_name, telemetry::observer observer,
                std::function<clock::time_point()> now = clock::now);
  letter_office(const letter_office&) = delete;
  letter_office& operator=(const letter_office&) = delete;

  /// As `stop` with no time. Not on the writer's thread.
  ~letter_office() override;

  void take(http::undelivered what) noexcept override;

  /// Offers again what no sink took. Call it every second or so.
  void offer_again();

  /// Writes what is left, within `longest`, and takes no more. What no sink
  /// has taken by then, and half a second later, is lost: each such event is
  /// logged, and counted as refused for an internal error. That is done by
  /// then; but the return may be later, by what a sink takes for the write that
  /// is going on. If that one goes well, the log says so too. Not on the
  /// writer's thread; once or more often.
  void stop(std::chrono::milliseconds longest);

  // The parts of `stop` that do not wait for a write that is going on, for whom
  // has several offices to stop by the same time. `stop` must follow.

  /// As `stop` until then, but returns at once.
  void begin_stop(clock::time_point end);

  /// Returns when no event is left: all are written, or lost as with `stop`.
  /// Requires: `begin_stop` was called.
  void give_up(clock::time_point end);

  /// Events that no sink has taken yet. Thread-safe.
  [[nodiscard]] std::size_t waiting() const;

  [[nodiscard]] std::vector<dead_letters::sink_state> sinks() const {
    return writer_->states();
  }

private:
  void offer(letter_desk::item what);

  // The writer calls the desk back, not the office: who drops the office ends
  // the writer's thread, and must not be on it.
  std::shared_ptr<letter_desk> desk_;
  std::unique_ptr<dead_letters::writer> writer_;
  std::string node_name_;
  std::function<clock::time_point()> now_;
};

} // namespace mfo::actors
