#include "api/api_error.hpp"

#include "api/error_shape.hpp"
#include "api/json_body.hpp"
#include "api/text.hpp"
#include "core/text.hpp"

#include "core/http_date.hpp"
#include "core/retry.hpp"
#include "core/retry_after.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <array>

namespace mfo::api {

namespace {

constexpr std::size_t max_message = 512;

/// What a server may ask for at most; whoever waits has a bound of its own.

constexpr std::array<std::string_view, 11> slugs{
    "invalid_request", "unauthorized", "forbidden",       "not_found",
    "rejected",        "busy",         "unavailable",     "server_failed",
    "bad_reply",       "truncated",    "failed_in_stream"};

std::string status_text(int status) {
  const auto reason = boost::beast::http::obsolete_reason(
      static_cast<boost::beast::http::status>(status));
  return reason.starts_with('<') // Beast's word for a status it doesn't know
             ? fmt::format("HTTP {}", status)
             : fmt::format("{} {}", status,
                           std::string_view{reason.data(), reason.size()});
}

/// Whether the body is text for people and not a page for a browser.
bool is_plain_text(const http::client_response& reply) {
  const auto type = core::lower_case(reply.headers.first("Content-Type"));
  const auto begin = reply.body.find_first_not_of(" \t\r\n");
  return begin != std::string::npos && reply.body[begin] != '<' &&
         (type.empty() || type.starts_with("text/plain"));
}

error_shape shape_of(const http::client_response& reply) {
  if (const auto body = parse_json(reply.body))
    return body->is_object() ? read_error_shape(*body)
                             : read_error_value(*body);
  if (is_plain_text(reply))
    return {.message = printable(reply.body, max_message)};
  return {};
}

} // namespace

std::string_view to_string(api_errc code) noexcept {
  return slugs[static_cast<std::size_t>(code) - 1];
}

api_errc errc_of_status(int status) noexcept {
  switch (status) {
  case 401:
    return api_errc::unauthorized;
  case 403:
    return api_errc::forbidden;
  case 404:
  case 410:
    return api_errc::not_found;
  case 429:
    return api_errc::busy;
  case 408:
  case 425:
  case 502:
  case 503:
  case 504:
    return api_errc::unavailable;
  default:
    return status >= 500 ? api_errc::server_failed : api_errc::rejected;
  }
}

api_error error_of_reply(const http::client_response& reply) {
  auto said = shape_of(reply);
  api_error error{.code = errc_of_status(reply.status),
                  .status = reply.status,
                  .server_code = std::move(said.code),
                  .message = std::move(said.message)};
  if (error.message.empty())
    error.message = status_text(reply.status);
  error.retry_after = retry_after_of(reply);
  return error;
}

std::optional<std::chrono::milliseconds>
retry_after_of(const http::client_response& reply,
               std::chrono::milliseconds longest) {
  using wall_time = std::chrono::system_clock::time_point;
  const auto field = reply.headers.first("Retry-After");
  if (field.empty())
    return std::nullopt;
  // Without its clock, no date can be said to be in the future.
  const auto now = core::parse_http_date(reply.headers.first("Date"), {})
                       .value_or(wall_time::max());
  const auto wait = core::parse_retry_after(field, now, longest);
  if (wait.count() == 0)
    return std::nullopt;
  return wait;
}

bool is_transient(const api_error& error) noexcept {
  if (error.status != 0)
    return core::classify_reply(error.status) == core::reply_class::transient;
  return error.code == api_errc::busy || error.code == api_errc::unavailable ||
         error.code == api_errc::truncated;
}

api_error invalid_request(std::string why) {
  return {.code = api_errc::invalid_request, .message = std::move(why)};
}

core::errc error_of_failure(http::client_errc code) noexcept {
  switch (code) {
  case http::client_errc::connect_timeout:
  case http::client_errc::timeout:
    return core::errc::upstream_timeout;
  case http::client_errc::queue_full:
    return core::errc::saturated;
  case http::client_errc::closed:
    return core::errc::draining;
  case http::client_errc::reply_broken:
  case http::client_errc::reply_too_large:
    return core::errc::upstream_failed;
  case http::client_errc::invalid_request:
    return core::errc::internal_error;
  default:
    return core::errc::upstream_unreachable;
  }
}

} // namespace mfo::api
