#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <optional>
#include <string>
#include <utility>

namespace mfo::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Everything of one client runs on the one thread that runs its I/O context.
/// The executor's type is spelled out: any_io_executor costs an indirection and
/// a reference count in every operation, and a strand a second way through the
/// queue for each.
using client_executor = asio::io_context::executor_type;

/// One connection's byte stream, plain or TLS: an AsyncReadStream and an
/// AsyncWriteStream, so that Asio's and Beast's algorithms work on it.
class client_stream {
public:
  using executor_type = client_executor;
  using socket_type = asio::basic_stream_socket<tcp, client_executor>;

  /// Plain when `tls` is null; otherwise it outlives the stream.
  client_stream(const client_executor& executor, asio::ssl::context* tls)
    : socket_(executor) {
    if (tls)
      tls_.emplace(socket_, *tls);
  }

  executor_type get_executor() noexcept {
    return socket_.get_executor();
  }

  socket_type& socket() noexcept {
    return socket_;
  }

  bool is_tls() const noexcept {
    return tls_.has_value();
  }

  /// Requires: is_tls().
  SSL* tls_session() noexcept {
    return tls_->native_handle();
  }

  /// Requires: is_tls().
  template <class Handler>
  void async_handshake(Handler&& handler) {
    tls_->async_handshake(asio::ssl::stream_base::client,
                          std::forward<Handler>(handler));
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
    if (tls_)
      tls_->async_write_some(buffers, std::forward<Handler>(handler));
    else
      socket_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// Makes a connected socket ready for small requests and for `is_quiet`.
  void tune(error_code& ec);

  /// Whether the peer has neither closed the stream nor sent anything that
  /// nobody asked for. Does not block. Requires: no operation is under way.
  bool is_quiet() noexcept;

  /// Ends all operations. TLS's close_notify is not sent: a reply has ended
  /// by its own framing when a stream is closed in peace.
  void close() noexcept;

private:
  socket_type socket_;
  std::optional<asio::ssl::stream<socket_type&>> tls_;
};

} // namespace mfo::http
