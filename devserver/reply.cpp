#include "devserver/reply.hpp"

#include "core/http_date.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace mfo::devserver {

namespace {

using nlohmann::json;

struct status_text {
  int status;
  std::string_view reason; // of the status line
  std::string_view code;   // of the error shape
};

constexpr std::array texts = {
    status_text{200, "OK", ""},
    status_text{201, "Created", ""},
    status_text{202, "Accepted", ""},
    status_text{204, "No Content", ""},
    status_text{400, "Bad Request", "bad_request"},
    status_text{401, "Unauthorized", "unauthorized"},
    status_text{403, "Forbidden", "forbidden"},
    status_text{404, "Not Found", "not_found"},
    status_text{405, "Method Not Allowed", "method_not_allowed"},
    status_text{408, "Request Timeout", "request_timeout"},
    status_text{409, "Conflict", "conflict"},
    status_text{410, "Gone", "gone"},
    status_text{413, "Content Too Large", "content_too_large"},
    status_text{429, "Too Many Requests", "rate_limited"},
    status_text{431, "Request Header Fields Too Large", "header_too_large"},
    status_text{500, "Internal Server Error", "internal_error"},
    status_text{502, "Bad Gateway", "bad_gateway"},
    status_text{503, "Service Unavailable", "unavailable"},
    status_text{504, "Gateway Timeout", "gateway_timeout"},
};

status_text text_of(int status) noexcept {
  for (const auto& text : texts)
    if (text.status == status)
      return text;
  return {status, "Status", "error"};
}

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string json_text(std::string_view text) {
  std::string literal;
  core::append_json_string(literal, text);
  return literal;
}

reply json_reply(int status, const json& value) {
  return {.status = status, .body = dumped(value)};
}

reply error_reply(int status, std::string_view message) {
  return json_reply(status, {{"error",
                              {{"code", text_of(status).code},
                               {"message", message},
                               {"status", status}}}});
}

std::string render_head(const reply& answer, const framing& how) {
  std::string head;
  auto out = std::back_inserter(head);
  fmt::format_to(out,
                 "HTTP/1.1 {} {}\r\nDate: {}\r\nServer: mfo-dev-server\r\n",
                 answer.status, text_of(answer.status).reason,
                 core::to_http_date(how.date));
  for (const auto& [name, value] : answer.headers)
    fmt::format_to(out, "{}: {}\r\n", name, value);
  // RFC 9110, section 8.6: neither of the two has a length.
  const bool has_body = answer.status != 204 && answer.status != 304;
  if (has_body)
    fmt::format_to(out, "Content-Type: {}\r\n", answer.content_type);
  if (answer.pieces) {
    if (how.chunked)
      head.append("Transfer-Encoding: chunked\r\n");
  } else if (has_body) {
    const auto length = static_cast<long>(answer.body.size());
    fmt::format_to(out, "Content-Length: {}\r\n",
                   std::max(0L, length + how.length_error));
  }
  if (how.close)
    head.append("Connection: close\r\n");
  return head.append("\r\n");
}

} // namespace mfo::devserver
