#pragma once

#include <cstdint>
#include <system_error>
#include <type_traits>

namespace mfo::http {

/// Why a request got no reply.
enum class client_errc : std::uint8_t {
  resolve_failed = 1, ///< no address for the host name
  connect_failed,     ///< refused, unreachable
  connect_timeout,    ///< no connection within the connect time-out
  tls_failed,         ///< handshake, certificate or host name
  send_failed,        ///< the connection broke before the request was sent
  reply_broken,       ///< closed or malformed before the reply was whole
  reply_too_large,    ///< the reply's header or body is over the bound
  timeout,            ///< no whole reply within the request's time-out
  queue_full,         ///< too many requests wait for a connection
  closed,             ///< the client was closed
  invalid_request,    ///< a header that must not be sent, e.g. one with CR LF
  proxy_refused,      ///< the proxy answered, and did not let us through
  address_refused,    ///< the host has an address that must not be called
  cancelled,          ///< nobody wants the reply any more
};

const std::error_category& client_category() noexcept;
std::error_code make_error_code(client_errc code) noexcept;

} // namespace mfo::http

template <>
struct std::is_error_code_enum<mfo::http::client_errc> : std::true_type {};
