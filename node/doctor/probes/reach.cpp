#include "node/doctor/probes/reach.hpp"

#include "node/doctor/probes/name_probe.hpp"

#include "cluster/certificates/describe.hpp"
#include "http/beast_request.hpp"
#include "http/beast_tls.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <charconv>
#include <istream>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node::doctor {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t max_reply = 16 * 1024; ///< head of a reply to CONNECT
constexpr auto too_late = "no answer in time";

milliseconds until(steady_clock::time_point deadline) {
  return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(
                                       deadline - steady_clock::now()));
}

/// A connection on its way, step by step.
class journey {
public:
  journey(const reach_target& target, steady_clock::time_point deadline)
    : target_(target), deadline_(deadline) {}

  reach_seen go() {
    if (find_addresses() && connect() && open_tunnel() && secure())
      seen_.stopped_at = reach_stage::there;
    return std::move(seen_);
  }

private:
  bool stop(reach_stage at, std::string error) {
    seen_.stopped_at = at;
    seen_.error = std::move(error);
    return false;
  }

  /// Runs what was begun to its end, or to the deadline: then nothing of it is
  /// left, as what it wanted is closed.
  bool finished(const std::optional<error_code>& result) {
    io_.restart();
    io_.run_until(deadline_);
    if (result)
      return true;
    error_code ignored;
    socket_.close(ignored);
    io_.restart();
    io_.run();
    return false;
  }

  static auto into(std::optional<error_code>& result) {
    return [&result](const error_code& ec, auto&&...) {
      result = ec;
    };
  }

  bool find_addresses() {
    const auto& host = target_.via ? target_.via->host : target_.server.host;
    const auto port = target_.via ? target_.via->port : target_.server.port;
    const auto found = look_up(host, until(deadline_));
    if (found.late)
      return stop(reach_stage::name, "DNS: no answer in time");
    if (!found.error.empty())
      return stop(reach_stage::name, "DNS: " + found.error);
    for (const auto& each : found.addresses) {
      error_code ec;
      const auto address = asio::ip::make_address(each, ec);
      if (!ec)
        endpoints_.emplace_back(address, port);
    }
    return true;
  }

  bool connect() {
    std::optional<error_code> result;
    asio::async_connect(socket_, endpoints_, into(result));
    if (!finished(result))
      return stop(reach_stage::connect, too_late);
    return !*result || stop(reach_stage::connect, result->message());
  }

  bool open_tunnel() {
    if (!target_.via || !target_.server.tls)
      return true;
    http::client_config config{.server = target_.server, .via = target_.via};
    const auto head = http::connect_head(config);
    std::optional<error_code> result;
    asio::async_write(socket_, asio::buffer(head), into(result));
    if (!finished(result))
      return stop(reach_stage::tunnel, too_late);
    if (*result)
      return stop(reach_stage::tunnel, result->message());
    asio::streambuf reply{max_reply};
    result.reset();
    asio::async_read_until(socket_, reply, "\r\n\r\n", into(result));
    if (!finished(result))
      return stop(reach_stage::tunnel, too_late);
    if (*result)
      return stop(reach_stage::tunnel, result->message());
    std::istream in{&reply};
    std::string version;
    in >> version >> seen_.proxy_status;
    if (!in || !version.starts_with("HTTP/1."))
      return stop(reach_stage::tunnel, "it answers, but not in HTTP");
    return seen_.proxy_status / 100 == 2 ||
           stop(reach_stage::tunnel,
                fmt::format("it answered {}", seen_.proxy_status));
  }

  bool secure() {
    if (!target_.server.tls)
      return true;
    auto context = http::make_tls_context(target_.tls);
    if (!context)
      return stop(reach_stage::tls, context.error());
    asio::ssl::stream<tcp::socket&> stream{socket_, *context};
    if (!http::expect_host(stream.native_handle(), target_.server.host))
      return stop(reach_stage::tls, "OpenSSL refuses the host's name");
    std::optional<error_code> result;
    stream.async_handshake(asio::ssl::stream_base::client, into(result));
    if (!finished(result))
      return stop(reach_stage::tls, too_late);
    if (*result)
      return stop(reach_stage::tls,
                  http::is_from_openssl(*result)
                      ? "TLS: " + http::explain_handshake(
                                      stream.native_handle(), *result)
                      : "TLS handshake: " + result->message());
    note_certificate(stream.native_handle());
    return true;
  }

  void note_certificate(SSL* session) {
    const cluster::certificates::certificate_ptr shown{
        SSL_get1_peer_certificate(session)};
    if (!shown)
      return;
    if (const auto said =
            cluster::certificates::describe(shown.get(), target_.server.host))
      seen_.certificate = {said->not_before, said->not_after};
  }

  const reach_target& target_;
  steady_clock::time_point deadline_;
  asio::io_context io_;
  tcp::socket socket_{io_};
  std::vector<tcp::endpoint> endpoints_;
  reach_seen seen_;
};

} // namespace

reach_seen reach(const reach_target& target,
                 steady_clock::time_point deadline) {
  return journey{target, deadline}.go();
}

} // namespace mfo::node::doctor
