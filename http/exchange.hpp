#pragma once

#include "core/admission.hpp"
#include "core/delivery_window.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "http/answer.hpp"
#include "http/recorder.hpp"
#include "http/undelivered.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace mfo::http {

/// What the exchanges of a node share.
struct exchange_services {
  telemetry::observer observer;
  /// For endpoints that acknowledge what they have received; else null.
  std::shared_ptr<dead_letter_office> office{};
  /// Is told of each delivery with an id of its sender's how it has ended; of
  /// one that was acknowledged, and is in no other memory than this node's,
  /// that it is held, and then how it has ended. Any thread; empty: nobody is.
  std::function<void(const core::event_ptr& ev, core::delivery_end end)>
      remember{};
  /// Is told of each event of `ack: replicated` that needs nobody any more: it
  /// was delivered, refused, or is with a sink. Any thread; empty: nobody is.
  std::function<void(const core::event& ev)> settled{};
  /// It is told of all events, whatever their `ack`.
  bool settles_all = false;
};

/// Shared, so that an exchange costs no copy of it.
using exchange_services_ptr = std::shared_ptr<const exchange_services>;

/// `exchange_services::remember` of a node that is alone; of none where there
/// is no window.
[[nodiscard]] inline std::function<void(const core::event_ptr&,
                                        core::delivery_end)>
remember_in(std::shared_ptr<core::delivery_window> window) {
  if (!window)
    return {};
  return [window = std::move(window)](const core::event_ptr& ev,
                                      core::delivery_end end) {
    window->settle(ev->id, ev.get(), end);
  };
}

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
  /// `endpoint` is the ledger's index of the event's endpoint. Counts the event
  /// as received.
  exchange(core::event_ptr event, std::size_t endpoint,
           std::unique_ptr<responder> sender, core::admission::permit room,
           exchange_services_ptr services);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  [[nodiscard]] const core::event_ptr& event() const noexcept {
    return event_;
  }

  /// Its request is recorded: the slip is told how the event ends.
  void record(recording_slip_ptr slip) noexcept {
    slip_ = std::move(slip);
  }

  /// Tells the sender that the event is received, or replicated, as its
  /// endpoint has it, unless it waits for the end. Requires: an office. Does
  /// nothing after `finish`, and the second time.
  void acknowledge() noexcept;

  /// Counts, writes down, logs and answers. A second call does nothing.
  void finish(const core::outcome& result) noexcept;

  /// Makes way for the events that its request turned out to hold, at least
  /// one: an exchange for each, and one answer for all
  /// (http/gathered_answer.hpp). None when there is no room for them; the
  /// sender is told so. None after `finish`.
  [[nodiscard]] std::vector<std::shared_ptr<exchange>>
  divide(const std::vector<core::event_ptr>& events);

private:
  using time_point = std::chrono::steady_clock::time_point;

  exchange(core::event_ptr event, std::size_t endpoint,
           std::unique_ptr<responder> sender, core::admission::permit room,
           exchange_services_ptr services, telemetry::ledger::entry account);

  [[nodiscard]] std::vector<core::admission::permit>
  rooms_for(const std::vector<core::event_ptr>& events);
  /// Nobody but this node has it, and its sender will not send it again.
  [[nodiscard]] bool is_held() const noexcept;
  void remember(core::delivery_end end) noexcept;
  /// Account and story are closed; or the office has them.
  void settle(const core::outcome& result, time_point now);
  [[nodiscard]] std::function<void()> settled() const;
  [[nodiscard]] std::function<void()> secured() const;
  void report(const core::outcome& result, double took_ms) const;

  core::event_ptr event_;
  std::size_t endpoint_;
  std::unique_ptr<responder> sender_; ///< null: answered
  bool acknowledged_ = false;
  bool finished_ = false;
  core::admission::permit room_;
  exchange_services_ptr services_; ///< never null
  telemetry::ledger::entry account_;
  telemetry::event_entry story_;
  recording_slip_ptr slip_; ///< null: nobody records it
};

using exchange_ptr = std::shared_ptr<exchange>;

} // namespace mfo::http
