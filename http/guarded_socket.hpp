#pragma once

#include "http/connection_guard.hpp"
#include "http/guarded_transport.hpp"
#include "http/listener_tls.hpp"
#include "http/peer_address.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// A stream socket for RESTinio whose reads yield nothing but whole, strict
/// HTTP/1.1 requests, one at a time, within the listener's bounds. What is
/// refused is answered here, and RESTinio sees the connection end.
///
/// Why: RESTinio 0.6.16 closes a connection without an answer when a limit is
/// passed or a sender is slow, and its parser lets requests through that an
/// intermediary may read differently (docs/adr/0004-guarded-socket.md).
///
/// With TLS below (`guard_shared::tls`) the handshake comes first; the guard
/// sees no difference.
namespace mfo::http {

class guarded_socket {
public:
  using socket_type = guarded_transport::socket_type;
  using executor_type = socket_type::executor_type;
  using error_code = boost::system::error_code;
  using clock = std::chrono::steady_clock;

  guarded_socket(boost::asio::io_context& io,
                 std::shared_ptr<guard_shared> shared)
    : state_(std::make_shared<state>(io, std::move(shared))) {}

  // What RESTinio asks of a socket.
  auto& lowest_layer() {
    return state_->socket().lowest_layer();
  }
  const auto& lowest_layer() const {
    return state_->socket().lowest_layer();
  }
  executor_type get_executor() {
    return state_->transport.get_executor();
  }
  auto remote_endpoint() const {
    return state_->socket().remote_endpoint();
  }
  bool is_open() const {
    return state_->socket().is_open();
  }
  template <class... Args>
  void cancel(Args&&... args) {
    state_->socket().cancel(std::forward<Args>(args)...);
  }
  template <class... Args>
  void shutdown(Args&&... args) {
    state_->transport.end_writing();
    state_->socket().shutdown(std::forward<Args>(args)...);
  }
  template <class... Args>
  void close(Args&&... args) {
    state_->timer.cancel();
    state_->socket().close(std::forward<Args>(args)...);
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    state_->transport.async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// Completes with bytes that belong to one accepted request, or with `eof`
  /// once nothing more is to be expected.
  template <class Buffer, class Handler>
  auto async_read_some(const Buffer& buffer, Handler&& handler);

  /// Counts the connection, makes the handshake of TLS, and starts the clock;
  /// once, after accepting. Then calls `started()`, or `failed(error)` and the
  /// connection is to be closed. Both keep the socket alive.
  template <class Started, class Failed>
  void begin(Started started, Failed failed) {
    state_->begin(std::move(started), std::move(failed));
  }

private:
  struct state final : closable, std::enable_shared_from_this<state> {
    state(boost::asio::io_context& io, std::shared_ptr<guard_shared> settings)
      : transport(io), timer(io), shared(std::move(settings)) {}

    ~state() {
      shared->open.remove(*this);
    }

    [[nodiscard]] socket_type& socket() noexcept {
      return transport.socket();
    }
    template <class Started, class Failed>
    void begin(Started started, Failed failed);
    error_code turn_away();
    error_code handshake_ended(error_code error);
    [[nodiscard]] bool outlived_its_lists() const;
    void close() noexcept override;
    void expect_bytes();
    void wait();

    guarded_transport transport;
    boost::asio::steady_timer timer;
    std::shared_ptr<guard_shared> shared;
    std::shared_ptr<listener_tls> tls; ///< of its beginning; null: plain
    std::optional<connection_guard> guard;
    std::optional<connection_guard::phase> phase;
    clock::time_point phase_deadline = clock::time_point::max();
    /// Of the read under way; `max` while the sender owes nothing.
    clock::time_point deadline = clock::time_point::max();
    clock::time_point wakes_at = clock::time_point::max();
    bool timed_out = false;
  };

  struct read_operation;

  static constexpr std::chrono::milliseconds retry_of_cancel{20};

  std::shared_ptr<state> state_;
};

/// One read, as a state machine in the manner of asio's composed operations.
struct guarded_socket::read_operation {
  enum class step : std::uint8_t {
    start,
    pass_on,
    read,
    refuse,
    linger,
    hang_up,
  };

  read_operation(std::shared_ptr<state> of, boost::asio::mutable_buffer into)
    : owner_(std::move(of)), buffer_(into) {}

  template <class Self>
  void operator()(Self& self, error_code error = {}, std::size_t size = 0) {
    switch (at_) {
    case step::start:
      if (owner_->outlived_its_lists())
        return act(self, {connection_guard::ruling::hang_up, 0}, true);
      return act(self, owner_->guard->next(space()), true);
    case step::pass_on:
      return self.complete(error, passed_);
    case step::read:
      owner_->deadline = clock::time_point::max();
      if (std::exchange(owner_->timed_out, false))
        return act(self, owner_->guard->timed_out(), false);
      if (error)
        return self.complete(error, 0);
      return act(self, owner_->guard->received(space(), size), false);
    case step::refuse:
      // The sender may still be sending: closing now would make the kernel
      // reset the connection, and the answer might be lost on the way.
      owner_->transport.end_writing();
      owner_->socket().shutdown(socket_type::shutdown_send, error);
      linger_left_ = max_lingering_bytes;
      return linger(self);
    case step::linger:
      if (error || size >= linger_left_)
        return self.complete(boost::asio::error::eof, 0);
      linger_left_ -= size;
      return linger(self);
    case step::hang_up:
      return self.complete(boost::asio::error::eof, 0);
    }
  }

private:
  /// How much a refused sender may go on sending, and for how long.
  static constexpr std::size_t max_lingering_bytes = 4 * 1024 * 1024;
  static constexpr std::chrono::seconds lingering_time{2};
  static constexpr std::string_view continue_message{
      "HTTP/1.1 100 Continue\r\n\r\n"};

  std::span<char> space() const {
    return {static_cast<char*>(buffer_.data()), buffer_.size()};
  }

  template <class Self>
  void act(Self& self, connection_guard::decision decision, bool at_once) {
    using ruling = connection_guard::ruling;
    auto& transport = owner_->transport;
    passed_ = decision.size;
    switch (decision.what) {
    case ruling::read_more:
      at_ = step::read;
      owner_->expect_bytes();
      return transport.async_read_some(buffer_, std::move(self));
    case ruling::pass_on:
      if (!at_once)
        return self.complete({}, passed_);
      // Within the initiating function a handler must not be called.
      at_ = step::pass_on;
      return boost::asio::post(transport.get_executor(), std::move(self));
    case ruling::send_continue:
      at_ = step::pass_on;
      return boost::asio::async_write(
          transport,
          boost::asio::buffer(continue_message.data(), continue_message.size()),
          std::move(self));
    case ruling::hang_up:
      // As above: not within the initiating function.
      at_ = step::hang_up;
      return boost::asio::post(transport.get_executor(), std::move(self));
    case ruling::refuse: {
      at_ = step::refuse;
      const auto& text = owner_->guard->refusal();
      return boost::asio::async_write(transport, boost::asio::buffer(text),
                                      std::move(self));
    }
    }
  }

  template <class Self>
  void linger(Self& self) {
    if (at_ != step::linger) {
      at_ = step::linger;
      owner_->deadline = clock::now() + lingering_time;
      owner_->wait();
    }
    // What comes is not looked at, nor deciphered.
    owner_->socket().async_read_some(buffer_, std::move(self));
  }

  std::shared_ptr<state> owner_;
  boost::asio::mutable_buffer buffer_;
  step at_ = step::start;
  std::size_t passed_ = 0;
  std::size_t linger_left_ = 0;
};

template <class Buffer, class Handler>
auto guarded_socket::async_read_some(const Buffer& buffer, Handler&& handler) {
  using signature = void(error_code, std::size_t);
  return boost::asio::async_compose<Handler, signature>(
      read_operation{state_, boost::asio::mutable_buffer{buffer}}, handler,
      state_->transport);
}

template <class Started, class Failed>
void guarded_socket::state::begin(Started started, Failed failed) {
  error_code gone;
  const auto peer = socket().remote_endpoint(gone);
  guard.emplace(shared, gone ? std::nullopt
                             : std::optional{peer_address(peer.address())});
  shared->open.add(*this);
  tls = shared->tls;
  if (!tls)
    return started();
  if (const auto refused = turn_away())
    return failed(refused);
  deadline = clock::now() + shared->limits.header_timeout;
  wait();
  transport.async_handshake(
      tls->current(), [self = shared_from_this(), started = std::move(started),
                       failed = std::move(failed)](error_code error) {
        if ((error = self->handshake_ended(error)))
          failed(error);
        else
          started();
      });
}

/// A handshake costs us more than the sender: who is to be refused gets none.
/// Accounts for it where the result says so.
inline guarded_socket::error_code guarded_socket::state::turn_away() {
  using telemetry::handshake_result;
  error_code gone;
  const auto peer = socket().remote_endpoint(gone);
  const auto refuse = [&](handshake_result result, std::string_view why) {
    shared->dropped.fetch_add(1);
    tls->ended(result, why, peer);
    return make_error_code(boost::asio::error::no_buffer_space);
  };
  if (guard->refuses_connection())
    return refuse(handshake_result::over_limit, "too many connections");
  const auto address = peer_address(peer.address());
  if (!gone && !shared->trusted_proxies.contains(address) &&
      !tls->may_begin(address, clock::now()))
    return refuse(handshake_result::over_rate, "too many handshakes");
  return {};
}

/// Accounts for it. The result says whether the connection can be used.
inline guarded_socket::error_code
guarded_socket::state::handshake_ended(error_code error) {
  using telemetry::handshake_result;
  deadline = clock::time_point::max();
  error_code ignored;
  const auto peer = socket().remote_endpoint(ignored);
  if (std::exchange(timed_out, false))
    error = boost::asio::error::timed_out;
  if (error == boost::asio::error::timed_out) {
    tls->ended(handshake_result::timeout, "timed out", peer);
  } else if (error) {
    const auto [result, why] =
        explain_server_handshake(transport.session(), error);
    tls->ended(result, why, peer);
  } else {
    tls->ended(handshake_result::ok, {}, peer);
  }
  return error;
}

/// Whether the sender was let in by lists of clients that others have replaced;
/// never within a request.
inline bool guarded_socket::state::outlived_its_lists() const {
  return transport.encrypted() && transport.context()->asks_clients &&
         guard->current_phase().what == connection_guard::phase::part::idle &&
         (!shared->tls || transport.context() != shared->tls->current());
}

inline void guarded_socket::state::close() noexcept {
  // Whatever is under way completes with an error, and RESTinio gives up the
  // connection.
  error_code ignored;
  timer.cancel(ignored);
  transport.end_writing();
  socket().close(ignored);
}

/// Sets the deadline of what the sender owes. The timer is lazy: it is only
/// touched when it would fire too late; when it fires early it waits again. A
/// sender that is quick costs no timer operation.
inline void guarded_socket::state::expect_bytes() {
  const auto now_in = guard->current_phase();
  if (phase != now_in) {
    phase = now_in;
    phase_deadline = clock::now() + guard->patience();
  }
  deadline = phase_deadline;
  if (wakes_at > deadline)
    wait();
}

inline void guarded_socket::state::wait() {
  wakes_at = deadline;
  timer.expires_at(deadline);
  timer.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!self || error)
      return;
    self->wakes_at = clock::time_point::max();
    if (self->deadline == clock::time_point::max())
      return; // nothing is owed: the next read starts the timer again
    if (clock::now() < self->deadline)
      return self->wait();
    self->timed_out = true;
    error_code ignored;
    self->socket().cancel(ignored);
    if (!self->transport.encrypted())
      return;
    // TLS goes on reading where part of a record had come at this moment.
    self->deadline = clock::now() + retry_of_cancel;
    self->wait();
  });
}

} // namespace mfo::http
