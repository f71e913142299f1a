#include "payload/handshake.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace mfo::payload {

namespace {

std::optional<std::uint32_t> parse_rate(std::string_view text) {
  std::uint32_t rate = 0;
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, rate);
  if (error != std::errc{} || last != end || rate == 0)
    return std::nullopt;
  return rate;
}

/// "*": any rate.
std::string granted(std::string_view asked, std::uint32_t most) {
  const auto rate = parse_rate(asked);
  if (most == 0)
    return rate ? std::to_string(*rate) : "*";
  return std::to_string(rate ? std::min(*rate, most) : most);
}

} // namespace

std::optional<std::vector<std::pair<std::string, std::string>>>
answer_handshake(const handshake_request& request,
                 const config::handshake_settings& settings) {
  const auto& origins = settings.allowed_origins;
  const auto known =
      std::find_if(origins.begin(), origins.end(), [&](const auto& each) {
        return each == "*" || core::equal_ignoring_case(each, request.origin);
      });
  if (request.origin.empty() || known == origins.end())
    return std::nullopt;
  return {
      {{"WebHook-Allowed-Origin",
        *known == "*" ? "*" : std::string{request.origin}},
       {"WebHook-Allowed-Rate", granted(request.rate, settings.allowed_rate)}}};
}

} // namespace mfo::payload
