#include "outbound/call_reply.hpp"

#include "api/api_error.hpp"
#include "api/json_body.hpp"
#include "config/text.hpp"
#include "core/json_text.hpp"
#include "core/retry.hpp"
#include "core/text.hpp"
#include "core/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace mfo::outbound {

namespace {

using taskflow::call_failure;
using taskflow::json;

/// The longest wait that a host may ask for; what a retry policy allows is its
/// own affair.
constexpr std::chrono::hours longest_wait{24};

bool is_accepted(int status, const std::vector<int>& accept) {
  return accept.empty() ? status / 100 == 2
                        : std::ranges::find(accept, status) != accept.end();
}

/// Beyond what an MFO server means by its statuses: hosts of the internet have
/// gateways with statuses of their own, such as 520 to 530.
bool is_transient(int status) {
  return core::classify_reply(status) == core::reply_class::transient ||
         (status > 505 && status < 600);
}

call_failure status_failure(const http::client_response& reply,
                            const std::string& host) {
  const auto status = reply.status;
  const auto transient = is_transient(status);
  const auto wait = api::retry_after_of(reply, longest_wait);
  return {.code = "http_status",
          .message = fmt::format("{} answered {}", host, status),
          .refused = !transient && status / 100 != 5,
          .transient = transient,
          .status = status,
          .retry_after = transient ? wait.value_or(std::chrono::milliseconds{0})
                                   : std::chrono::milliseconds{0}};
}

/// What a sender put there, as text: bytes that are not UTF-8 become U+FFFD.
std::string as_text(std::string_view value) {
  if (!config::first_invalid_utf8(value))
    return std::string{value};
  std::string quoted;
  core::append_json_string(quoted, value);
  return json::parse(quoted).get<std::string>();
}

json headers_of(const http::header_list& headers) {
  auto result = json::object();
  for (const auto& [name, value] : headers) {
    const auto key = core::lower_case(name);
    auto& place = result[key];
    if (key == "set-cookie")
      place.push_back(as_text(value));
    else if (place.is_null())
      place = as_text(value);
    else
      place.get_ref<std::string&>().append(", ").append(as_text(value));
  }
  return result;
}

bool is_json(const http::header_list& headers) {
  const auto field = headers.first("Content-Type");
  const auto type =
      core::lower_case(core::trim_blanks(field.substr(0, field.find(';'))));
  return type == "application/json" || type == "text/json" ||
         type.ends_with("+json");
}

/// It was not asked for, but servers do as they like.
bool is_compressed(const http::header_list& headers) {
  const auto coding = headers.first("Content-Encoding");
  return !coding.empty() && !core::equal_ignoring_case(coding, "identity");
}

/// Nothing: it says that it is JSON, and is not.
std::optional<json> body_of(http::client_response& reply) {
  auto& body = reply.body;
  const auto compressed = is_compressed(reply.headers);
  if (!compressed && is_json(reply.headers))
    return body.empty() ? json{} : api::parse_json(body);
  if (!compressed && !config::first_invalid_utf8(body))
    return json(std::move(body));
  return json::object(
      {{"base64",
        core::encode_base64({reinterpret_cast<const std::uint8_t*>(body.data()),
                             body.size()})}});
}

struct meaning {
  std::string_view code;
  bool transient;
};

meaning meaning_of(http::client_errc code) noexcept {
  switch (code) {
  case http::client_errc::address_refused:
    return {"not_allowed", false};
  case http::client_errc::resolve_failed:
    return {"dns", true};
  case http::client_errc::connect_failed:
  case http::client_errc::proxy_refused:
    return {"connect", true};
  case http::client_errc::connect_timeout:
  case http::client_errc::timeout:
    return {"timeout", true};
  case http::client_errc::tls_failed:
    return {"tls", false};
  case http::client_errc::send_failed:
  case http::client_errc::reply_broken:
    return {"broken", true};
  case http::client_errc::reply_too_large:
    return {"too_large", false};
  case http::client_errc::queue_full:
    return {"busy", true};
  case http::client_errc::closed:
  case http::client_errc::cancelled:
    return {"closed", true};
  case http::client_errc::invalid_request:
    return {"bad_request", false};
  }
  return {"broken", true};
}

} // namespace

taskflow::call_result make_result(http::client_response reply,
                                  const std::vector<int>& accept,
                                  const std::string& host) {
  if (!is_accepted(reply.status, accept))
    return tl::unexpected(status_failure(reply, host));
  auto body = body_of(reply);
  if (!body)
    return tl::unexpected(call_failure{
        .code = "bad_reply",
        .message = fmt::format("{} answered {} with a body that is not JSON, "
                               "though it says so, or nested deeper than {}",
                               host, reply.status, api::max_json_depth),
        .refused = false,
        .transient = false,
        .status = reply.status});
  json result{{"status", reply.status}, {"headers", headers_of(reply.headers)}};
  result["body"] = *std::move(body);
  return std::make_shared<const json>(std::move(result));
}

call_failure make_failure(const http::client_error& error,
                          const std::string& host) {
  const auto [code, transient] = meaning_of(error.code);
  std::string_view detail = error.detail;
  if (detail.starts_with(host + ": "))
    detail.remove_prefix(host.size() + 2);
  return {.code = std::string{code},
          .message = fmt::format("{}: {}{}{}", host,
                                 make_error_code(error.code).message(),
                                 detail.empty() ? "" : ": ", detail),
          .refused = error.code == http::client_errc::address_refused,
          .transient = transient};
}

} // namespace mfo::outbound
