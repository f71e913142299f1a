#include "http/beast_connection.hpp"

#include "http/beast_tls.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <algorithm>
#include <array>

namespace mfo::http {

namespace {

namespace beast_http = boost::beast::http;
using std::chrono::steady_clock;

/// A small reply in one read; also what an idle connection keeps.
constexpr std::size_t buffer_size = 16 * 1024;

/// Holds the longest header, and a line of chunk framing after it.
constexpr std::size_t max_buffer = 2 * reply_parser::max_header;

bool is_over_a_bound(const error_code& ec) {
  return ec == beast_http::error::body_limit ||
         ec == beast_http::error::header_limit ||
         ec == beast_http::error::buffer_overflow;
}

bool is_from_openssl(const error_code& ec) {
  return ec.category() == asio::error::get_ssl_category();
}

} // namespace

connection::connection(const client_strand& strand,
                       connection_settings& settings, connection_owner& owner)
  : settings_(settings), owner_(owner), resolver_(strand),
    stream_(strand, settings.tls ? &*settings.tls : nullptr),
    buffer_(max_buffer) {
  buffer_.reserve(buffer_size);
}

template <class... Args>
auto connection::then(void (connection::*next)(const error_code&, Args...)) {
  return [self = shared_from_this(), next](const error_code& ec,
                                           const auto&... args) {
    if (self->stage_ == stage::closed)
      return;
    if constexpr (sizeof...(Args) > 0)
      (*self.*next)(ec, args...);
    else
      (*self.*next)(ec);
  };
}

void connection::start(client_exchange next) {
  exchange_.emplace(std::move(next));
  deadline_ = exchange_->deadline();
  if (stage_ == stage::idle) {
    reused_ = true;
    send();
    return;
  }
  deadline_ = std::min(deadline_,
                       steady_clock::now() + settings_.config.connect_timeout);
  resolve();
}

void connection::resolve() {
  stage_ = stage::resolving;
  const auto& server = settings_.config.server;
  auto port = std::to_string(server.port);
  error_code not_an_address;
  auto address = asio::ip::make_address(server.host, not_an_address);
  if (!not_an_address) {
    tcp::endpoint endpoint{address, server.port};
    connect(addresses::create(endpoint, server.host, port));
    return;
  }
  resolver_.async_resolve(server.host, port, resolver::numeric_service,
                          then(&connection::on_resolved));
}

void connection::on_resolved(const error_code& ec, const addresses& found) {
  if (ec)
    fail(client_errc::resolve_failed,
         settings_.config.server.host + ": " + ec.message());
  else
    connect(found);
}

void connection::connect(const addresses& found) {
  stage_ = stage::connecting;
  asio::async_connect(stream_.socket(), found, then(&connection::on_connected));
}

void connection::on_connected(const error_code& ec) {
  auto failure = ec;
  if (!failure)
    stream_.tune(failure);
  if (failure)
    fail(client_errc::connect_failed,
         settings_.config.server.authority() + ": " + failure.message());
  else if (stream_.is_tls())
    secure();
  else
    send();
}

void connection::secure() {
  stage_ = stage::securing;
  if (expect_host(stream_.tls_session(), settings_.config.server.host))
    stream_.async_handshake(then(&connection::on_secured));
  else
    fail(client_errc::tls_failed, "OpenSSL refuses the host's name");
}

void connection::on_secured(const error_code& ec) {
  if (!ec)
    send();
  else if (is_from_openssl(ec))
    fail(client_errc::tls_failed, explain_handshake(stream_.tls_session(), ec));
  else
    // A server that went away; nothing was said about its certificate.
    fail(client_errc::connect_failed, "TLS handshake: " + ec.message());
}

void connection::send() {
  stage_ = stage::sending;
  deadline_ = exchange_->deadline();
  send_error_ = {};
  const auto& request = exchange_->request();
  head_.clear();
  settings_.writer.append_head(head_, request);
  asio::const_buffer body;
  // Plain: head and body leave in one system call. TLS takes one buffer at a
  // time and would make a record and a system call of each.
  if (request.body && stream_.is_tls())
    head_ += *request.body;
  else if (request.body)
    body = asio::buffer(*request.body);
  asio::async_write(
      stream_, std::array{asio::const_buffer{head_.data(), head_.size()}, body},
      [next = then(&connection::on_sent)](const error_code& ec, std::size_t) {
        next(ec);
      });
}

void connection::on_sent(const error_code& ec) {
  // A server may refuse a request before it has read all of it, and close:
  // its reply counts, whatever became of the rest of the request.
  send_error_ = ec;
  receive();
}

void connection::receive() {
  stage_ = stage::receiving;
  parser_.emplace(exchange_->request().method == "HEAD",
                  settings_.config.max_response);
  beast_http::async_read(stream_, buffer_, *parser_,
                         [next = then(&connection::on_received)](
                             const error_code& ec, std::size_t) { next(ec); });
}

void connection::on_received(const error_code& ec) {
  if (ec)
    fail_receiving(ec);
  else if (parser_->status() == 101)
    fail(client_errc::reply_broken, "switching protocols, unasked");
  else if (parser_->is_interim())
    receive();
  else
    finish();
}

void connection::finish() {
  auto reply = parser_->release();
  auto done = std::move(*exchange_);
  exchange_.reset();
  // Bytes after the reply belong to no request.
  if (parser_->keep_alive() && !send_error_ && buffer_.size() == 0) {
    stage_ = stage::idle;
    deadline_ = steady_clock::now() + settings_.config.idle_timeout;
    owner_.on_idle(*this);
  } else {
    close();
    owner_.on_closed(*this);
  }
  done.answer(std::move(reply));
}

void connection::fail_receiving(const error_code& ec) {
  if (is_over_a_bound(ec))
    fail(client_errc::reply_too_large, ec.message());
  else if (is_from_openssl(ec))
    fail(client_errc::tls_failed, ec.message());
  else if (send_error_)
    fail(client_errc::send_failed, send_error_.message());
  else if (ec == beast_http::error::end_of_stream)
    fail(client_errc::reply_broken, reused_ ? "kept connection closed, no reply"
                                            : "connection closed, no reply");
  else
    fail(client_errc::reply_broken, ec.message());
}

void connection::fail(client_errc code, std::string detail) {
  auto failed = std::move(exchange_);
  exchange_.reset();
  close();
  owner_.on_closed(*this);
  if (failed)
    failed->fail(code, std::move(detail));
}

std::string connection::expired_detail() const {
  switch (stage_) {
  case stage::resolving:
    return "while resolving the host's name";
  case stage::connecting:
    return "while connecting";
  case stage::securing:
    return "in the TLS handshake";
  case stage::sending:
    return "while sending the request";
  default:
    return "while waiting for the reply";
  }
}

void connection::expire() {
  auto is_request_over = exchange_ && deadline_ >= exchange_->deadline();
  fail(is_request_over ? client_errc::timeout : client_errc::connect_timeout,
       expired_detail());
}

void connection::abandon() {
  close();
  exchange_.reset(); // answers
}

void connection::close() noexcept {
  // The exchange, and a body of it that is being sent, may go now: an
  // operation on a closed socket ends without looking at its buffers, and
  // TLS encrypts from head_.
  stage_ = stage::closed;
  resolver_.cancel();
  stream_.close();
}

} // namespace mfo::http
