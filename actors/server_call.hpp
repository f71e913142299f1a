#pragma once

#include "api/operation.hpp"
#include "core/outcome.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mfo::actors {

/// One thing that is asked of a server, from its arrival to its answer. It
/// owes that answer: one that goes away unanswered answers by itself.
class server_call {
public:
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~server_call() = default;

  /// The request of one try, without authorisation, Idempotency-Key,
  /// traceparent and tracestate, and without a time-out.
  [[nodiscard]] virtual http::client_request request() const = 0;

  [[nodiscard]] virtual api::operation operation() const noexcept = 0;

  /// Sent as Idempotency-Key with every try
  /// (draft-ietf-httpapi-idempotency-key-header); ties the log together.
  [[nodiscard]] virtual std::string_view id() const noexcept = 0;

  /// W3C Trace Context.
  [[nodiscard]] virtual std::string_view traceparent() const noexcept = 0;

  /// What goes with it; empty: nothing does.
  [[nodiscard]] virtual std::string_view tracestate() const noexcept {
    return {};
  }

  /// By then it is answered.
  [[nodiscard]] virtual time_point deadline() const noexcept = 0;

  /// Whether it waits for a server whose circuit is open, rather than fail at
  /// once: nobody is there who could ask again.
  [[nodiscard]] virtual bool patient() const noexcept {
    return false;
  }

  /// Whether it may be tried again where the server may have acted already.
  [[nodiscard]] virtual bool repeatable() const noexcept {
    return true;
  }

  /// Whether a part of the reply has been handed on, so that there is no
  /// second try.
  [[nodiscard]] virtual bool answered_in_part() const noexcept {
    return false;
  }

  /// Events in it: what it counts for where a number of them is bounded.
  [[nodiscard]] virtual std::size_t weight() const noexcept {
    return 1;
  }

  /// Takes the 2xx that the `tries`th try got. What of the call the server has
  /// settled one way or the other is answered; for the rest, which is then all
  /// of the call, it gives what would be the outcome if it were not tried
  /// again. Nothing: no rest.
  virtual std::optional<core::outcome>
  settle(const http::client_response& reply, unsigned tries) {
    static_cast<void>(reply);
    static_cast<void>(tries);
    return std::nullopt;
  }

  /// Answers it. `reply` is the server's last one, if it gave one.
  virtual void finish(core::outcome result,
                      const http::client_response* reply) = 0;
};

} // namespace mfo::actors
