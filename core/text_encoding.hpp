#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Hex and base64 (RFC 4648, sections 8 and 4), strict: no white space, no
/// missing padding, nothing after it.
namespace mfo::core {

std::string encode_hex(std::span<const std::uint8_t> bytes);

std::string encode_base64(std::span<const std::uint8_t> bytes);

/// Either case; nothing when `text` is not hex.
std::optional<std::vector<std::uint8_t>> decode_hex(std::string_view text);

std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text);

} // namespace mfo::core
