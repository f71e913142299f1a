#include "tests/support/http_script_server.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <sys/socket.h>

#include <array>

namespace mfo::test {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

asio::ssl::context make_context(const script_server::options& how) {
  asio::ssl::context context{asio::ssl::context::tls_server};
  context.use_certificate_chain(asio::buffer(how.tls->certificate));
  context.use_private_key(asio::buffer(how.tls->key), asio::ssl::context::pem);
  auto* handle = context.native_handle();
  if (!how.client_authority.empty()) {
    context.add_certificate_authority(asio::buffer(how.client_authority));
    context.set_verify_mode(asio::ssl::verify_peer |
                            asio::ssl::verify_fail_if_no_peer_cert);
    // Without it OpenSSL refuses to resume a session with a certificate.
    SSL_CTX_set_session_id_context(
        handle, reinterpret_cast<const unsigned char*>("mfo"), 3);
  }
  if (how.max_version != 0) {
    // Debian's OpenSSL speaks nothing below 1.2 unless told so.
    SSL_CTX_set_min_proto_version(handle, how.max_version);
    SSL_CTX_set_max_proto_version(handle, how.max_version);
    SSL_CTX_set_cipher_list(handle, "ALL:@SECLEVEL=0");
  }
  return context;
}

} // namespace

std::string reply_of(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string{body};
}

server_peer::server_peer(tcp::socket socket, asio::ssl::context* tls)
  : socket_(std::move(socket)) {
  socket_.set_option(tcp::no_delay{true});
  if (tls)
    tls_.emplace(socket_, *tls);
}

bool server_peer::handshake() {
  error_code ec;
  if (tls_)
    tls_->handshake(asio::ssl::stream_base::server, ec);
  return !ec;
}

bool server_peer::was_resumed() {
  return SSL_session_reused(tls_->native_handle()) == 1;
}

std::optional<http_request> server_peer::read_request() {
  http_request request;
  error_code ec;
  if (tls_)
    boost::beast::http::read(*tls_, buffer_, request, ec);
  else
    boost::beast::http::read(socket_, buffer_, request, ec);
  return ec ? std::nullopt : std::optional{std::move(request)};
}

std::string server_peer::read_some() {
  std::array<char, 4096> bytes{};
  error_code ec;
  auto got = tls_ ? tls_->read_some(asio::buffer(bytes), ec)
                  : socket_.read_some(asio::buffer(bytes), ec);
  return {bytes.data(), got};
}

bool server_peer::write(std::string_view bytes) {
  error_code ec;
  auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (tls_)
    asio::write(*tls_, buffer, ec);
  else
    asio::write(socket_, buffer, ec);
  return !ec;
}

void server_peer::wait_for_close() {
  while (!read_some().empty()) {
  }
}

void server_peer::close() {
  error_code ignored;
  if (tls_) {
    // Sends close_notify and does not wait for the client's.
    socket_.shutdown(tcp::socket::shutdown_receive, ignored);
    tls_->shutdown(ignored);
  }
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

void server_peer::reset() {
  std::lock_guard guard{mutex_};
  error_code ignored;
  socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket_.close(ignored);
}

void server_peer::interrupt() {
  std::lock_guard guard{mutex_};
  ::shutdown(socket_.native_handle(), SHUT_RDWR);
}

script_server::script_server(script each_connection)
  : script_server(std::move(each_connection), options{}) {}

script_server::script_server(script each_connection, options how)
  : script_(std::move(each_connection)),
    acceptor_(io_, {asio::ip::make_address(how.address), 0}) {
  if (how.tls)
    tls_ = make_context(how);
  port_ = acceptor_.local_endpoint().port();
  acceptor_thread_ = std::thread{[this] {
    accept();
  }};
}

script_server::~script_server() {
  stopping_ = true;
  // Wakes accept() on Linux.
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  for (auto& each : peers_)
    each.peer->interrupt();
  for (auto& each : peers_)
    each.thread.join();
}

void script_server::accept() {
  while (!stopping_) {
    error_code ec;
    auto socket = acceptor_.accept(ec);
    if (ec)
      continue;
    auto number = connections_++;
    std::lock_guard guard{mutex_};
    auto& added = peers_.emplace_back();
    added.peer = std::make_unique<server_peer>(std::move(socket),
                                               tls_ ? &*tls_ : nullptr);
    added.thread = std::thread{[this, number, peer = added.peer.get()] {
      if (peer->handshake()) {
        script_(*peer, number);
        peer->close();
      }
      peer->interrupt();
      ++finished_;
    }};
  }
}

script_server::script silent() {
  return [](server_peer& peer, int) {
    peer.wait_for_close();
  };
}

script_server::script always(std::string reply) {
  return [reply = std::move(reply)](server_peer& peer, int) {
    while (peer.read_request() && peer.write(reply)) {
    }
  };
}

} // namespace mfo::test
