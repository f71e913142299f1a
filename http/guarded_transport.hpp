#pragma once

#include "http/tls_context.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace mfo::http {

/// The bytes of a connection: as they are on the wire, or through TLS. One
/// read and one write at a time, all on one thread. Must not move or go while
/// an operation is under way.
///
/// A plain connection costs one look at a pointer for each operation; one with
/// TLS about 80 KiB of memory, most of it asio's buffers.
class guarded_transport {
public:
  using socket_type = boost::asio::ip::tcp::socket;
  using executor_type = socket_type::executor_type;
  using error_code = boost::system::error_code;

  explicit guarded_transport(boost::asio::io_context& io) : socket_(io) {}

  /// What is below TLS.
  [[nodiscard]] socket_type& socket() noexcept {
    return socket_;
  }
  [[nodiscard]] const socket_type& socket() const noexcept {
    return socket_;
  }
  executor_type get_executor() {
    return socket_.get_executor();
  }

  [[nodiscard]] bool encrypted() const noexcept {
    return tls_ != nullptr;
  }

  /// From now on all bytes are TLS's; once, before any is read or written.
  /// `handler(error_code)` is called when the handshake has ended.
  template <class Handler>
  void async_handshake(listener_context_ptr context, Handler&& handler) {
    context_ = std::move(context);
    tls_ = std::make_unique<stream>(socket_, context_->ssl);
    tls_->async_handshake(boost::asio::ssl::stream_base::server,
                          std::forward<Handler>(handler));
  }

  /// What the files held when it began. Requires: `encrypted()`.
  [[nodiscard]] const listener_context_ptr& context() const noexcept {
    return context_;
  }

  /// OpenSSL's session. Requires: `encrypted()`.
  [[nodiscard]] SSL* session() {
    return tls_->native_handle();
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_)
      tls_->async_read_some(buffers, std::forward<Handler>(handler));
    else
      socket_.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_)
      return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    writing_ = true;
    const auto executor =
        boost::asio::get_associated_executor(handler, get_executor());
    tls_->async_write_some(
        buffers, boost::asio::bind_executor(
                     executor, [this, handler = std::forward<Handler>(handler)](
                                   error_code error, std::size_t size) mutable {
                       writing_ = false;
                       std::move(handler)(error, size);
                     }));
  }

  /// Tells the peer that nothing more comes (close_notify; RFC 8446, section
  /// 6.1), so that it can tell the end from a cut. Never waits, and never
  /// reads: where the peer does not read, it is not told. Nothing can be read
  /// or written after it.
  void end_writing() noexcept {
    // Half a record is on its way: what is put behind it would be garbage.
    if (!tls_ || writing_ || SSL_is_init_finished(session()) != 1 ||
        (SSL_get_shutdown(session()) & SSL_SENT_SHUTDOWN) != 0)
      return;
    error_code ignored;
    socket_.non_blocking(true, ignored);
    if (ignored)
      return;
    // Asio would go on until the peer has answered in kind, through all that it
    // has sent, on the thread of every connection.
    SSL_set_shutdown(session(),
                     SSL_get_shutdown(session()) | SSL_RECEIVED_SHUTDOWN);
    tls_->shutdown(ignored);
  }

private:
  using stream = boost::asio::ssl::stream<socket_type&>;

  socket_type socket_;
  listener_context_ptr context_; ///< outlives `tls_`
  std::unique_ptr<stream> tls_;  ///< null: plain
  bool writing_ = false;         ///< within TLS
};

} // namespace mfo::http
