#pragma once

#include "http/client.hpp"

#include <atomic>
#include <chrono>
#include <utility>

namespace mfo::http {

using steady_time = std::chrono::steady_clock::time_point;

/// One request and the promise to answer it. It answers once: by `answer`, or
/// with `client_errc::closed` when it goes away unanswered, so that no path
/// through the client, not even an I/O context torn down under it, can forget
/// a caller.
class client_exchange {
public:
  /// Counts itself in `outstanding` until it is answered; the counter outlives
  /// the exchange.
  client_exchange(client_request request, client_callback done,
                  steady_time deadline, std::atomic<std::size_t>& outstanding)
    : request_(std::move(request)), done_(std::move(done)), deadline_(deadline),
      outstanding_(&outstanding) {
    outstanding_->fetch_add(1, std::memory_order_relaxed);
  }

  client_exchange(client_exchange&& other) noexcept
    : request_(std::move(other.request_)),
      done_(std::exchange(other.done_, nullptr)), deadline_(other.deadline_),
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
    return deadline_;
  }

  /// Requires: not answered yet. The callback may destroy the client.
  void answer(client_result result) {
    auto done = std::exchange(done_, nullptr);
    outstanding_->fetch_sub(1, std::memory_order_relaxed);
    done(std::move(result));
  }

  void fail(client_errc code, std::string detail) {
    answer(tl::unexpected(client_error{code, std::move(detail)}));
  }

private:
  client_request request_;
  client_callback done_;
  steady_time deadline_;
  std::atomic<std::size_t>* outstanding_;
};

} // namespace mfo::http
