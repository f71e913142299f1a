#include "http/answer.hpp"

#include "core/http_date.hpp"
#include "core/problem.hpp"

#include <boost/beast/http/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mfo::http {

namespace {

using std::chrono::seconds;

/// What Retry-After says where nobody knows better.
constexpr seconds usual_wait{1};

seconds round_up(std::chrono::milliseconds wait) {
  return std::chrono::ceil<seconds>(wait);
}

} // namespace

answer make_refusal(core::errc code, std::string_view event_id,
                    std::chrono::milliseconds wait,
                    std::span<const core::violation> violations) {
  const auto& entry = core::describe(code);
  return {.status = entry.status,
          .media_type = core::problem_media_type,
          .body = core::problem_json(code, event_id, violations),
          .retry_after = entry.retry_after
                             ? std::max(usual_wait, round_up(wait))
                             : seconds{0},
          // What most endpoints take; who knows the path says what it takes.
          .allow = code == core::errc::method_not_allowed ? "POST" : "",
          .close = code == core::errc::draining};
}

answer make_acceptance(std::string_view event_id, std::string_view status) {
  return {202, "application/json", core::accepted_json(event_id, status)};
}

answer make_answer(const core::outcome& result, std::string_view event_id) {
  if (result.delivered())
    return make_acceptance(event_id, "completed");
  if (result.error == core::errc::duplicate)
    return {200, "application/json",
            core::accepted_json(event_id, "duplicate")};
  if (result.error == core::errc::handshake)
    return {200, "application/json", result.reply};
  auto refusal = make_refusal(*result.error, event_id, result.retry_after,
                              result.violations);
  if (!result.challenge.empty())
    refusal.fields.emplace_back("WWW-Authenticate", result.challenge);
  return refusal;
}

std::string to_message(const answer& value,
                       std::chrono::system_clock::time_point now) {
  const auto reason = boost::beast::http::obsolete_reason(
      static_cast<boost::beast::http::status>(value.status));
  auto out =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\n"
                  "Content-Length: {}\r\nConnection: close\r\n",
                  value.status, std::string_view{reason.data(), reason.size()},
                  core::to_http_date(now), value.media_type, value.body.size());
  if (value.retry_after > seconds{0})
    fmt::format_to(std::back_inserter(out), "Retry-After: {}\r\n",
                   value.retry_after.count());
  if (!value.allow.empty())
    fmt::format_to(std::back_inserter(out), "Allow: {}\r\n", value.allow);
  for (const auto& [name, text] : value.fields)
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, text);
  out.append("\r\n").append(value.body);
  return out;
}

} // namespace mfo::http
