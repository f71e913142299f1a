#pragma once

#include "api/operation.hpp"
#include "core/outcome.hpp"
#include "http/client.hpp"

#include <chrono>
#include <string_view>

namespace mfo::actors {

/// One thing that is asked of a server, from its arrival to its answer. It
/// owes that answer: one that goes away unanswered answers by itself.
class server_call {
public:
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~server_call() = default;

  /// The request of one try, without authorisation, Idempotency-Key and
  /// traceparent, and without a time-out.
  [[nodiscard]] virtual http::client_request request() const = 0;

  [[nodiscard]] virtual api::operation operation() const noexcept = 0;

  /// Sent as Idempotency-Key with every try
  /// (draft-ietf-httpapi-idempotency-key-header); ties the log together.
  [[nodiscard]] virtual std::string_view id() const noexcept = 0;

  /// W3C Trace Context.
  [[nodiscard]] virtual std::string_view traceparent() const noexcept = 0;

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

  /// Answers it. `reply` is the server's last one, if it gave one.
  virtual void finish(core::outcome result,
                      const http::client_response* reply) = 0;
};

} // namespace mfo::actors
