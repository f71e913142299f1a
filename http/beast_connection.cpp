#include "http/beast_connection.hpp"

#include "http/beast_tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/http/error.hpp>

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

/// Of one read, however long a reply is.
constexpr std::size_t max_read = 64 * 1024;

bool is_over_a_bound(const error_code& ec) {
  return ec == beast_http::error::body_limit ||
         ec == beast_http::error::header_limit ||
         ec == beast_http::error::buffer_overflow;
}

} // namespace

connection::connection(const client_executor& executor,
                       connection_settings& settings, connection_owner& owner)
  : settings_(settings), owner_(owner), resolver_(executor),
    stream_(executor, settings.tls ? &*settings.tls : nullptr),
    buffer_(max_buffer) {
  buffer_.reserve(buffer_size);
}

void connection::start(client_exchange next) {
  auto now = steady_clock::now();
  exchange_.emplace(std::move(next));
  exchange_->stop_waiting(now);
  entered_ = now;
  if (stage_ == stage::idle) {
    reused_ = true;
    send();
    return;
  }
  deadline_ =
      std::min(exchange_->deadline(), now + settings_.config.connect_timeout);
  resolve();
}

void connection::note_time(steady_time now) noexcept {
  auto& timing = exchange_->timing();
  auto spent = between(entered_, now);
  if (stage_ == stage::resolving)
    timing.resolve = spent;
  else if (stage_ == stage::connecting || stage_ == stage::tunnelling)
    timing.connect += spent;
  else if (stage_ == stage::securing)
    timing.tls = spent;
  else if (first_byte_)
    timing.first_byte = between(entered_, *first_byte_);
}

void connection::enter(stage next) {
  auto now = steady_clock::now();
  note_time(now);
  stage_ = next;
  entered_ = now;
}

void connection::send() {
  // A request on a kept connection begins when it stops waiting.
  if (stage_ == stage::idle)
    stage_ = stage::sending;
  else
    enter(stage::sending);
  deadline_ = exchange_->deadline();
  send_error_ = {};
  first_byte_.reset();
  exchange_->set_sent(true);
  const auto& request = exchange_->request();
  head_.clear();
  settings_.writer.append_head(head_, request);
  if (!stream_.is_tls())
    return send_plain();
  // TLS takes one buffer at a time and would make a record and a system call of
  // each.
  if (request.body)
    head_ += *request.body;
  asio::async_write(stream_, asio::buffer(head_), then(&connection::on_sent));
}

/// Head and body leave in one system call, which most often takes them all: no
/// operation is begun then.
void connection::send_plain() {
  const auto& body = exchange_->request().body;
  std::array<asio::const_buffer, 2> left{asio::buffer(head_)};
  if (body)
    left[1] = asio::buffer(*body);
  error_code ec;
  const auto size = stream_.socket().write_some(left, ec);
  if (ec == asio::error::would_block)
    ec = {};
  if (ec || size == asio::buffer_size(left))
    return on_sent(ec, size);
  const auto of_head = std::min(size, head_.size());
  left[0] += of_head;
  left[1] += size - of_head;
  asio::async_write(stream_, left,
                    [size, next = then(&connection::on_sent)](
                        const error_code& failure, std::size_t more) {
                      next(failure, size + more);
                    });
}

void connection::on_sent(const error_code& ec, std::size_t size) {
  // TLS reports no size when it fails, whatever has left.
  if (ec && size == 0 && !stream_.is_tls())
    exchange_->set_sent(false);
  // A server may refuse a request before it has read all of it, and close:
  // its reply counts, whatever became of the rest of the request.
  send_error_ = ec;
  receive();
}

void connection::receive() {
  stage_ = stage::receiving;
  expect_reply();
  // After what else there is to do: Asio asks the system at once for what comes
  // next, and now there is nothing yet.
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->stage_ == stage::receiving)
      self->read();
  });
}

void connection::expect_reply() {
  const auto& request = exchange_->request();
  parser_.emplace(request.method == "HEAD", settings_.config.max_response,
                  request.on_data, request.status_is_enough);
  parser_->eager(true);
}

/// In place of Beast's async_read, which makes two operations of each read and
/// tells nobody when the first byte has come.
void connection::read() {
  const auto size = boost::beast::read_size(buffer_, max_read);
  if (size == 0)
    return on_received(beast_http::error::buffer_overflow);
  stream_.async_read_some(buffer_.prepare(size), then(&connection::on_read));
}

void connection::on_read(const error_code& ec, std::size_t size) {
  buffer_.commit(size);
  if (size > 0 && !first_byte_)
    first_byte_ = steady_clock::now();
  if (!ec)
    return parse();
  if (ec != asio::error::eof)
    return on_received(ec);
  error_code end = beast_http::error::end_of_stream;
  if (parser_->got_some()) {
    end = {};
    parser_->put_eof(end);
  }
  on_received(end);
}

void connection::parse() {
  while (buffer_.size() > 0) {
    error_code ec;
    buffer_.consume(parser_->put(buffer_.cdata(), ec));
    if (ec == beast_http::error::need_more)
      break;
    if (ec || (parser_->is_done() && !parser_->is_interim()))
      return on_received(ec);
    if (parser_->is_done())
      expect_reply();
  }
  read();
}

void connection::on_received(const error_code& ec) {
  // Whatever becomes of the rest of it: a proxy may close with the request's
  // body unread, which cuts its reply off.
  if (asks_proxy() && parser_->status() == 407)
    fail(client_errc::proxy_refused, proxy_refusal(*settings_.config.via, 407));
  else if (ec)
    fail_receiving(ec);
  else if (parser_->status() == 101)
    fail(client_errc::reply_broken, "switching protocols, unasked");
  else
    finish();
}

void connection::finish() {
  auto now = steady_clock::now();
  note_time(now);
  auto reply = parser_->release();
  auto done = std::move(*exchange_);
  exchange_.reset();
  // Bytes after the reply belong to no request.
  if (parser_->keep_alive() && !asks_proxy() && !send_error_ &&
      buffer_.size() == 0) {
    stage_ = stage::idle;
    deadline_ = now + settings_.config.idle_timeout;
    owner_.on_idle(*this);
  } else {
    close();
    owner_.on_closed(*this);
  }
  done.answer(std::move(reply), now);
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
  if (exchange_)
    note_time(steady_clock::now());
  auto failed = std::move(exchange_);
  exchange_.reset();
  close();
  owner_.on_closed(*this);
  if (failed)
    failed->fail(code, std::move(detail));
}

std::string connection::peer_name() const {
  const auto& config = settings_.config;
  return config.via ? "proxy " + config.via->authority()
                    : config.server.authority();
}

std::string connection::expired_detail() const {
  switch (stage_) {
  case stage::resolving:
    return "while resolving the host's name";
  case stage::connecting:
    return "while connecting";
  case stage::tunnelling:
    return "while the proxy connects";
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

void connection::give_up() {
  fail(client_errc::cancelled, expired_detail());
}

void connection::abandon() {
  if (exchange_)
    note_time(steady_clock::now());
  close();
  exchange_.reset(); // answers
}

void connection::close() noexcept {
  // The exchange, and a body of it that is being sent, may go now: an
  // operation on a closed socket ends without looking at its buffers, and
  // TLS encrypts from head_. What one has read already is not parsed.
  stage_ = stage::closed;
  resolver_.cancel();
  stream_.close();
}

} // namespace mfo::http
