#pragma once

#include "core/errc.hpp"
#include "http/client.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::api {

/// Why a call has not got what it asked for.
enum class api_errc : std::uint8_t {
  invalid_request = 1, ///< can't be sent; nothing was
  unauthorized,        ///< 401
  forbidden,           ///< 403
  not_found,           ///< 404, 410
  rejected,            ///< any other 3xx or 4xx
  busy,                ///< 429
  unavailable,         ///< 408, 425, 502, 503, 504
  server_failed,       ///< any other 5xx
  bad_reply,           ///< a 2xx whose body is not what was to come
  truncated,           ///< a stream without its end
  failed_in_stream,    ///< an error that came within a stream
};

/// A slug for logs and metrics, e.g. "not_found".
std::string_view to_string(api_errc code) noexcept;

/// A failed call, for the log and for whoever decides what comes next.
struct api_error {
  api_errc code = api_errc::rejected;
  int status = 0;            ///< of the reply; 0: there was none
  std::string server_code{}; ///< the server's own name of the error, or empty
  /// A sentence, or what the server said: printable, cut at 512
  /// bytes.
  std::string message{};
  std::optional<std::chrono::milliseconds> retry_after{};
};

/// The error of a reply that is no 2xx. Understands
/// {"error":{"code","message","status"}}, {"error":"text"} with or without
/// "error_description" (RFC 6749, section 5.2) or "message", RFC 9457 problem
/// details and plain text. Of HTML, and of what is none of these, only the
/// status is told.
api_error error_of_reply(const http::client_response& reply);

/// What the reply's Retry-After asks for, at most `longest`. A date is seen
/// from the reply's own Date, so that it does not matter how our clock and the
/// server's differ; without that a date counts for nothing.
std::optional<std::chrono::milliseconds>
retry_after_of(const http::client_response& reply,
               std::chrono::milliseconds longest = std::chrono::hours{24});

/// What `status`, which is no 2xx, means.
api_errc errc_of_status(int status) noexcept;

/// Whether the same call may succeed later: core::classify_reply for a reply,
/// and a stream that broke off.
bool is_transient(const api_error& error) noexcept;

/// A call that can't be sent; `why` is a sentence that quotes no secret.
api_error invalid_request(std::string why);

/// What a sender is told when the client got no reply.
core::errc error_of_failure(http::client_errc code) noexcept;

} // namespace mfo::api
