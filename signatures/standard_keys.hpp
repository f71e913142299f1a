#pragma once

#include "core/text_encoding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How Standard Webhooks writes keys.
namespace mfo::signatures {

/// The key in `whsec_<base64>`, or in base64 alone.
inline std::optional<std::string> parse_shared_key(std::string_view text) {
  constexpr std::string_view mark{"whsec_"};
  if (text.starts_with(mark))
    text.remove_prefix(mark.size());
  const auto bytes = core::decode_base64(text);
  if (!bytes || bytes->empty())
    return std::nullopt;
  return std::string{bytes->begin(), bytes->end()};
}

/// The key in `whpk_<base64>`: 32 bytes of Ed25519 (RFC 8032, section 5.1.5).
inline std::optional<std::vector<std::uint8_t>>
parse_public_key(std::string_view text) {
  constexpr std::string_view mark{"whpk_"};
  constexpr std::size_t size = 32;
  if (!text.starts_with(mark))
    return std::nullopt;
  const auto bytes = core::decode_base64(text.substr(mark.size()));
  if (!bytes || bytes->size() != size)
    return std::nullopt;
  return std::vector<std::uint8_t>{bytes->begin(), bytes->end()};
}

} // namespace mfo::signatures
