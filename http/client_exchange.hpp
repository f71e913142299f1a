#pragma once

#include "http/client.hpp"

#include <atomic>
#include <chrono>
#include <utility>

namespace mfo::http {

using steady_time = std::chrono::steady_clock::time_point;

inline client_timing::microseconds between(steady_time from,
                                           steady_time to) noexcept {
  return std::chrono::duration_cast<client_timing::microseconds>(to - from);
}

/// One request and the promise to answer it. It answers once: by `answer`, or
/// with `client_errc::closed` when it goes away unanswered, so that no path
/// through the client, not even an I/O context torn down under it, can forget
/// a caller. It also keeps how far the request has come, for the answer.
class client_exchange {
public:
  /// Counts itself in `outstanding` until it is answered; the counter outlives
  /// the exchange.
  client_exchange(client_request request, client_callback done,
                  steady_time begun, std::atomic<std::size_t>& outstanding)
    : request_(std::move(request)), done_(std::move(done)), begun_(begun),
      outstanding_(&outstanding) {
    outstanding_->fetch_add(1, std::memory_order_relaxed);
  }

  client_exchange(client_exchange&& other) noexcept
    : request_(std::move(other.request_)),
      done_(std::exchange(other.done_, nullptr)), begun_(other.begun_),
      timing_(other.timing_), sent_(other.sent_),
      outstanding_(other.outstanding_) {}

  client_exchange& operator=(client_exchange&&) = delete;

  ~client_exchange() {
    if (done_)
      fail(client_errc::closed, "the client was closed");
  }

  const client_request& request() const noexcept {
    return request_;
  }

  steady_time deadline() const noexcept {
    return begun_ + request_.timeout;
  }

  /// All but the total, which the answer adds.
  client_timing& timing() noexcept {
    return timing_;
  }

  /// A connection takes it up.
  void stop_waiting(steady_time now) noexcept {
    timing_.waiting = between(begun_, now);
  }

  /// From now on some of it may have reached the server.
  void set_sent(bool sent) noexcept {
    sent_ = sent;
  }

  /// Requires: not answered yet. The callback may destroy the client.
  void answer(client_response reply, steady_time now) {
    timing_.total = between(begun_, now);
    reply.timing = timing_;
    settle(std::move(reply));
  }

  void fail(client_errc code, std::string detail) {
    timing_.total = between(begun_, std::chrono::steady_clock::now());
    settle(
        tl::unexpected(client_error{code, std::move(detail), timing_, sent_}));
  }

private:
  void settle(client_result result) {
    auto done = std::exchange(done_, nullptr);
    outstanding_->fetch_sub(1, std::memory_order_relaxed);
    done(std::move(result));
  }

  client_request request_;
  client_callback done_;
  steady_time begun_;
  client_timing timing_{};
  bool sent_ = false;
  std::atomic<std::size_t>* outstanding_;
};

} // namespace mfo::http
