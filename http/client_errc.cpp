#include "http/client_errc.hpp"

#include <string>

namespace mfo::http {

namespace {

const char* text_of(client_errc code) noexcept {
  switch (code) {
  case client_errc::resolve_failed:
    return "host name not resolved";
  case client_errc::connect_failed:
    return "connection failed";
  case client_errc::connect_timeout:
    return "connecting took too long";
  case client_errc::tls_failed:
    return "TLS failed";
  case client_errc::send_failed:
    return "request not sent";
  case client_errc::reply_broken:
    return "reply broken";
  case client_errc::reply_too_large:
    return "reply too large";
  case client_errc::timeout:
    return "no reply in time";
  case client_errc::queue_full:
    return "too many requests wait for a connection";
  case client_errc::closed:
    return "client closed";
  case client_errc::invalid_request:
    return "request cannot be sent";
  case client_errc::proxy_refused:
    return "proxy refused";
  case client_errc::address_refused:
    return "address refused";
  case client_errc::cancelled:
    return "cancelled";
  }
  return "unknown client error";
}

class category final : public std::error_category {
public:
  const char* name() const noexcept override {
    return "mfo.http.client";
  }

  std::string message(int code) const override {
    return text_of(static_cast<client_errc>(code));
  }
};

} // namespace

const std::error_category& client_category() noexcept {
  static const category instance;
  return instance;
}

std::error_code make_error_code(client_errc code) noexcept {
  return {static_cast<int>(code), client_category()};
}

} // namespace mfo::http
