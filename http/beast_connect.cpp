// The way of a connection from nothing to its first request: DNS, TCP, the
// proxy's tunnel, TLS.

#include "core/certificate_end.hpp"
#include "http/beast_connection.hpp"
#include "http/beast_tls.hpp"
#include "http/beast_tls_resumption.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <utility>
#include <vector>

namespace mfo::http {

namespace {

namespace beast_http = boost::beast::http;

asio::ip::address to_asio(const config::ip_address& address) {
  const asio::ip::address_v6 v6{address.bytes()};
  if (address.is_v4())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, v6);
  return v6;
}

config::ip_address from_asio(const asio::ip::address& address) {
  return address.is_v4() ? config::ip_address::v4(address.to_v4().to_uint())
                         : config::ip_address{address.to_v6().to_bytes()};
}

/// It answered, but not in HTTP, or without an end.
bool is_malformed(const error_code& ec) {
  return ec != beast_http::error::end_of_stream &&
         ec != beast_http::error::partial_message &&
         ec.category() ==
             make_error_code(beast_http::error::bad_version).category();
}

} // namespace

void connection::resolve() {
  const auto& config = settings_.config;
  const auto& host = config.via ? config.via->host : config.server.host;
  const auto number = config.via ? config.via->port : config.server.port;
  auto port = std::to_string(number);
  error_code not_an_address;
  auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    connect(addresses::create(tcp::endpoint{address, number}, host, port));
    return;
  }
  enter(stage::resolving);
  if (config.look_up)
    look_up(host, number);
  else
    resolver_.async_resolve(host, port, resolver::numeric_service,
                            then(&connection::on_resolved));
}

void connection::on_resolved(const error_code& ec, const addresses& found) {
  if (ec)
    fail(client_errc::resolve_failed, peer_name() + ": " + ec.message());
  else
    connect(found);
}

void connection::look_up(const std::string& host, std::uint16_t port) {
  settings_.config.look_up(host,
                           [self = shared_from_this(), port](
                               tl::expected<address_list, std::string> found) {
                             asio::post(self->stream_.get_executor(),
                                        [self, port, found = std::move(found)] {
                                          if (self->stage_ != stage::closed)
                                            self->on_looked_up(found, port);
                                        });
                           });
}

void connection::on_looked_up(
    const tl::expected<address_list, std::string>& found, std::uint16_t port) {
  if (!found || found->empty())
    return fail(client_errc::resolve_failed,
                peer_name() + ": " + (found ? "no address" : found.error()));
  std::vector<tcp::endpoint> endpoints;
  for (const auto& each : *found)
    endpoints.emplace_back(to_asio(each), port);
  connect(addresses::create(endpoints.begin(), endpoints.end(), peer_name(),
                            std::to_string(port)));
}

void connection::connect(const addresses& found) {
  if (const auto& check = settings_.config.check_addresses) {
    address_list all;
    for (const auto& each : found)
      all.push_back(from_asio(each.endpoint().address()));
    if (auto why = check(all))
      return fail(client_errc::address_refused, *std::move(why));
  }
  enter(stage::connecting);
  asio::async_connect(stream_.socket(), found, then(&connection::on_connected));
}

void connection::on_connected(const error_code& ec) {
  auto failure = ec;
  if (!failure)
    stream_.tune(failure);
  if (failure)
    fail(client_errc::connect_failed, peer_name() + ": " + failure.message());
  else if (stream_.is_tls() && settings_.config.via)
    open_tunnel();
  else if (stream_.is_tls())
    secure();
  else
    send();
}

void connection::open_tunnel() {
  enter(stage::tunnelling);
  head_ = connect_head(settings_.config);
  asio::async_write(stream_.socket(), asio::buffer(head_),
                    then(&connection::on_tunnel_asked));
}

void connection::on_tunnel_asked(const error_code& ec) {
  if (ec)
    fail_in_tunnel(ec);
  else
    await_tunnel();
}

void connection::await_tunnel() {
  // A reply to CONNECT that lets us through has no body (RFC 9110, section
  // 9.3.6), and that of another is not wanted.
  parser_.emplace(true, 0);
  beast_http::async_read_header(stream_.socket(), buffer_, *parser_,
                                then(&connection::on_tunnel_answered));
}

void connection::on_tunnel_answered(const error_code& ec) {
  if (ec)
    fail_in_tunnel(ec);
  else if (parser_->is_interim())
    await_tunnel();
  else if (parser_->status() / 100 != 2)
    fail(client_errc::proxy_refused,
         proxy_refusal(*settings_.config.via, parser_->status()));
  else if (buffer_.size() > 0)
    // A server says nothing before its client has begun TLS.
    fail(client_errc::proxy_refused,
         peer_name() + " sent something after its reply to CONNECT");
  else
    secure();
}

void connection::fail_in_tunnel(const error_code& ec) {
  if (is_malformed(ec))
    fail(client_errc::proxy_refused,
         peer_name() + ", reply to CONNECT: " + ec.message());
  else
    fail(client_errc::connect_failed,
         peer_name() + ", CONNECT: " + ec.message());
}

void connection::secure() {
  enter(stage::securing);
  auto* session = stream_.tls_session();
  if (!expect_host(session, settings_.config.server.host))
    return fail(client_errc::tls_failed, "OpenSSL refuses the host's name");
  offer_session(session, entered_);
  stream_.async_handshake(then(&connection::on_secured));
}

void connection::on_secured(const error_code& ec) {
  auto* session = stream_.tls_session();
  if (!ec) {
    if (const auto end =
            core::certificate_end(SSL_get0_peer_certificate(session)))
      owner_.on_certificate(*end);
    return send();
  }
  forget_session(session);
  if (is_from_openssl(ec))
    fail(client_errc::tls_failed, explain_handshake(session, ec));
  else
    // A server that went away; nothing was said about its certificate.
    fail(client_errc::connect_failed, "TLS handshake: " + ec.message());
}

} // namespace mfo::http
