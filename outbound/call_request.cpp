#include "outbound/call_request.hpp"

#include "core/text.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mfo::outbound {

namespace {

constexpr std::array<std::string_view, 7> methods{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

constexpr std::array<std::string_view, 12> taken{
    "connection",     "content-length",    "expect",  "host",
    "http2-settings", "keep-alive",        "te",      "trailer",
    "trailers",       "transfer-encoding", "upgrade", "user-agent"};

/// What is wrong with a header, or nothing.
std::string_view fault_of(std::string_view name, std::string_view value) {
  const auto lower = core::lower_case(name);
  if (!http::is_token(name))
    return "is no name of a header";
  if (lower.starts_with("proxy-") ||
      std::ranges::find(taken, lower) != taken.end())
    return "is not a taskflow's to set";
  if (!http::is_field_value(value))
    return "has a line break or another control character in its value";
  return {};
}

tl::unexpected<taskflow::call_failure> refuse(std::string message) {
  return tl::unexpected(taskflow::call_failure{.code = "bad_request",
                                               .message = std::move(message),
                                               .refused = false,
                                               .transient = false});
}

} // namespace

tl::expected<http::client_request, taskflow::call_failure>
make_request(taskflow::http_request_call call, std::string target) {
  if (std::ranges::find(methods, call.method) == methods.end())
    return refuse("the method is none that http_call knows");
  if (!call.content_type.empty())
    call.headers.emplace_back("Content-Type", std::move(call.content_type));
  for (const auto& [name, value] : call.headers)
    if (const auto fault = fault_of(name, value); !fault.empty())
      return refuse("the header " +
                    (http::is_token(name) ? name + " " : std::string{}) +
                    std::string{fault});
  http::client_request request;
  request.method = std::move(call.method);
  request.target = std::move(target);
  for (const auto& [name, value] : call.headers)
    request.headers.add(name, value);
  if (!call.body.empty())
    request.body = std::make_shared<const std::string>(std::move(call.body));
  return request;
}

} // namespace mfo::outbound
