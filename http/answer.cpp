#include "http/answer.hpp"

#include "core/http_date.hpp"
#include "core/problem.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace mfo::http {

namespace {

using std::chrono::seconds;

/// What Retry-After says where nobody knows better.
constexpr seconds usual_wait{1};

/// Of an answer: `to_message` puts it before the body.
constexpr std::size_t usual_head = 256;

seconds round_up(std::chrono::milliseconds wait) {
  return std::chrono::ceil<seconds>(wait);
}

void append_field(std::string& out, std::string_view name,
                  std::string_view text) {
  out.append(name).append(": ").append(text).append("\r\n");
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
  return {202, "application/json",
          core::accepted_json(event_id, status, usual_head)};
}

answer make_answer(const core::outcome& result, std::string_view event_id) {
  if (result.delivered())
    return make_acceptance(event_id, "completed");
  if (result.error == core::errc::duplicate)
    return {200, "application/json",
            core::accepted_json(event_id, "duplicate", usual_head)};
  if (result.error == core::errc::handshake)
    return {200, "application/json", result.reply};
  auto refusal = make_refusal(*result.error, event_id, result.retry_after,
                              result.violations);
  if (!result.challenge.empty())
    refusal.fields.emplace_back("WWW-Authenticate", result.challenge);
  return refusal;
}

std::string to_message(answer value,
                       std::chrono::system_clock::time_point now) {
  const auto reason = boost::beast::http::obsolete_reason(
      static_cast<boost::beast::http::status>(value.status));
  // Keeps its memory for the next; the body's is the message's.
  thread_local std::string head;
  head.assign("HTTP/1.1 ").append(std::to_string(value.status)).append(" ");
  head.append(reason.data(), reason.size()).append("\r\nDate: ");
  core::append_http_date(head, now);
  append_field(head.append("\r\n"), "Content-Type", value.media_type);
  append_field(head, "Content-Length", std::to_string(value.body.size()));
  append_field(head, "Connection", value.close ? "close" : "keep-alive");
  if (value.retry_after > seconds{0})
    append_field(head, "Retry-After",
                 std::to_string(value.retry_after.count()));
  if (!value.allow.empty())
    append_field(head, "Allow", value.allow);
  for (const auto& [name, text] : value.fields)
    append_field(head, name, text);
  head.append("\r\n");
  value.body.insert(0, head);
  return std::move(value.body);
}

} // namespace mfo::http
