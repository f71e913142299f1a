#pragma once

#include "core/admission.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "http/answer.hpp"
#include "http/undelivered.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace mfo::http {

/// One event and the answer its sender is owed. Whoever holds it must finish
/// it; where that is forgotten, or the holder dies, the destructor answers 500
/// and counts. So no sender waits for ever and no event leaves the books.
///
/// An event that was acknowledged has a sender that will not send it again: it
/// ends delivered, or at the dead-letter office.
///
/// Not thread-safe: it has one owner at any time.
class exchange {
public:
  /// `endpoint` is the ledger's index of the event's endpoint.
  exchange(core::event_ptr event, std::size_t endpoint,
           std::unique_ptr<responder> sender, core::admission::permit room,
           telemetry::observer observer,
           std::shared_ptr<dead_letter_office> office = nullptr);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  [[nodiscard]] const core::event_ptr& event() const noexcept {
    return event_;
  }

  /// Tells the sender that the event is received. Requires: an office. Does
  /// nothing after `finish`, and the second time.
  void acknowledge() noexcept;

  /// Counts, logs and answers. A second call does nothing.
  void finish(const core::outcome& result) noexcept;

private:
  [[nodiscard]] std::chrono::duration<double> age() const;
  /// The account is closed; or the office has it.
  void settle(const core::outcome& result);
  void report(const core::outcome& result, double took_ms) const;

  core::event_ptr event_;
  std::size_t endpoint_;
  std::unique_ptr<responder> sender_; ///< null: answered
  bool acknowledged_ = false;
  bool finished_ = false;
  core::admission::permit room_;
  telemetry::observer observer_;
  std::shared_ptr<dead_letter_office> office_;
  telemetry::ledger::entry account_;
};

using exchange_ptr = std::shared_ptr<exchange>;

} // namespace mfo::http
