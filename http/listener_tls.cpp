#include "http/listener_tls.hpp"

#include "core/rfc3339.hpp"
#include "http/beast_tls.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <fmt/format.h>

#include <random>
#include <utility>

namespace mfo::http {

namespace {

using telemetry::handshake_result;

/// Anybody can make handshakes fail: no more lines than this.
constexpr telemetry::line_limit handshake_lines{10, std::chrono::seconds{1}};

/// Addresses that are told apart when they come too often; some 2 MB.
constexpr std::size_t known_addresses = 16'384;

handshake_result result_of_reason(int reason) {
  switch (reason) {
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST:
  case SSL_R_WRONG_VERSION_NUMBER:
    return handshake_result::not_tls;
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_VERSION_TOO_LOW:
  case SSL_R_NO_SHARED_CIPHER:
  case SSL_R_NO_SUITABLE_KEY_SHARE:
  case SSL_R_NO_APPLICATION_PROTOCOL:
    return handshake_result::no_agreement;
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
  case SSL_R_CERTIFICATE_VERIFY_FAILED:
    return handshake_result::certificate;
  default:
    return handshake_result::failed;
  }
}

std::string written(std::chrono::sys_seconds time) {
  return core::to_rfc3339(time.time_since_epoch());
}

} // namespace

listener_tls::listener_tls(config::listener_tls_settings settings,
                           std::string name,
                           const telemetry::observer& observer)
  : settings_(std::move(settings)), name_(std::move(name)), observer_(observer),
    metrics_(observer.metrics->tls().add(name_)),
    files_({settings_.certificate, settings_.key, settings_.client_ca,
            settings_.crl}),
    handshakes_({settings_.handshakes_per_address.per_second,
                 settings_.handshakes_per_address.burst},
                std::random_device{}(), known_addresses),
    lines_(handshake_lines) {}

tl::expected<std::shared_ptr<listener_tls>, std::string>
listener_tls::open(config::listener_tls_settings settings, std::string name,
                   const telemetry::observer& observer) {
  // The constructor is private, so that there is none without files.
  std::shared_ptr<listener_tls> result{
      new listener_tls(std::move(settings), std::move(name), observer)};
  if (auto read = result->read_files(); !read)
    return tl::unexpected{std::move(read.error())};
  return result;
}

listener_context_ptr listener_tls::current() const {
  const std::lock_guard lock{mutex_};
  return current_;
}

tl::expected<void, std::string> listener_tls::read_files() {
  files_.note();
  auto made = make_listener_context(settings_);
  if (!made)
    return tl::unexpected{std::move(made.error())};
  const auto expires = (*made)->expires;
  metrics_.certificate_expiry->Set(
      static_cast<double>(expires.time_since_epoch().count()));
  if (expires <= std::chrono::system_clock::now())
    observer_.log->warn("tls certificate has expired",
                        {{"listener", name_},
                         {"file", settings_.certificate},
                         {"expires", written(expires)}});
  const std::lock_guard lock{mutex_};
  current_ = std::move(*made);
  return {};
}

bool listener_tls::reload() {
  failure_.clear();
  return try_reload();
}

bool listener_tls::reload_changed() {
  return failure_.empty() && !files_.changed() ? true : try_reload();
}

bool listener_tls::try_reload() {
  if (const auto read = read_files(); !read) {
    metrics_.reload_failed->Increment();
    if (std::exchange(failure_, read.error()) != read.error())
      observer_.log->error("tls not reloaded; the former files stay in force",
                           {{"listener", name_}, {"reason", read.error()}});
    return false;
  }
  failure_.clear();
  metrics_.reloaded->Increment();
  observer_.log->info(
      "tls reloaded",
      {{"listener", name_}, {"expires", written(current()->expires)}});
  return true;
}

bool listener_tls::may_begin(const config::ip_address& address,
                             clock::time_point now) {
  auto& bucket = handshakes_.bucket(address, now);
  if (bucket.wait(handshakes_.rate(), now) > clock::duration::zero())
    return false;
  bucket.take(handshakes_.rate(), now);
  return true;
}

void listener_tls::ended(handshake_result result, std::string_view why,
                         const endpoint& peer) {
  const auto index = static_cast<std::size_t>(result);
  metrics_.handshakes[index]->Increment();
  if (result == handshake_result::ok ||
      !observer_.log->enabled(config::log_level::debug) ||
      !lines_.take(clock::now()))
    return;
  observer_.log->debug("tls handshake failed",
                       {{"listener", name_},
                        {"result", telemetry::handshake_results[index]},
                        {"reason", why},
                        {"peer", peer.address().to_string()}});
}

handshake_end explain_server_handshake(SSL* session,
                                       const boost::system::error_code& error) {
  if (!is_from_openssl(error)) {
    const bool gone = error == boost::asio::error::eof ||
                      error == boost::asio::error::connection_reset ||
                      error == boost::asio::ssl::error::stream_truncated;
    return {gone ? handshake_result::closed : handshake_result::failed,
            error.message()};
  }
  const auto verdict = SSL_get_verify_result(session);
  if (verdict == X509_V_ERR_APPLICATION_VERIFICATION)
    return {handshake_result::certificate,
            "the certificate has none of client_names"};
  if (verdict != X509_V_OK)
    return {handshake_result::certificate, explain_handshake(session, error)};
  const auto code = static_cast<unsigned long>(error.value());
  return {ERR_GET_LIB(code) == ERR_LIB_SSL
              ? result_of_reason(ERR_GET_REASON(code))
              : handshake_result::failed,
          error.message()};
}

} // namespace mfo::http
