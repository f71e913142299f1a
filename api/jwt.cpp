#include "api/jwt.hpp"

#include "api/json_body.hpp"

#include "core/text_encoding.hpp"

#include <algorithm>

namespace mfo::api {

namespace {

constexpr double longest_ms = 10.0 * 365 * 24 * 3600 * 1000;

/// Of RFC 4648, section 5, without padding as RFC 7515 has it.
std::optional<std::string> decode_base64url(std::string_view text) {
  std::string plain{text};
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  const auto bytes = core::decode_base64(plain);
  if (!bytes)
    return std::nullopt;
  return std::string{bytes->begin(), bytes->end()};
}

std::optional<json> payload_of(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos)
    return std::nullopt;
  const auto text =
      decode_base64url(token.substr(first + 1, second - first - 1));
  return text ? parse_json(*text) : std::nullopt;
}

} // namespace

std::optional<std::chrono::milliseconds>
jwt_lifetime(std::string_view token,
             std::chrono::system_clock::time_point now) {
  const auto payload = payload_of(token);
  const auto* exp = payload ? find_member(*payload, "exp") : nullptr;
  if (exp == nullptr || !exp->is_number())
    return std::nullopt;
  // As numbers: a time beyond the clock's range must not overflow.
  const std::chrono::duration<double, std::milli> by_now =
      now.time_since_epoch();
  const auto left = exp->get<double>() * 1000 - by_now.count();
  if (!(left >= 1 && left <= longest_ms))
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(left)};
}

} // namespace mfo::api
