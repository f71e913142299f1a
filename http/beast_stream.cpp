#include "http/beast_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <sys/socket.h>

#include <cerrno>

namespace mfo::http {

void client_stream::tune(error_code& ec) {
  socket_.non_blocking(true, ec);
  if (!ec)
    socket_.set_option(tcp::no_delay{true}, ec);
}

bool client_stream::is_quiet() noexcept {
  char byte = 0;
  if (!tls_) {
    auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  // Bytes on the socket may be session tickets, which are fine, or an alert
  // that the server closes; only OpenSSL can tell. The socket does not block.
  error_code ec;
  tls_->read_some(asio::buffer(&byte, 1), ec);
  return ec == asio::error::would_block;
}

void client_stream::close() noexcept {
  // Without this OpenSSL holds that a session must not be resumed whose
  // connection was not shut down, which TLS gave up (RFC 5246, section 7.2.1).
  if (tls_)
    SSL_set_shutdown(tls_session(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  error_code ignored;
  socket_.close(ignored);
}

} // namespace mfo::http
