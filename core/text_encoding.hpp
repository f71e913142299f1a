#pragma once

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Hex and base64 (RFC 4648, sections 8 and 4), strict: no white space, no
/// missing padding, nothing after it.
namespace mfo::core {

/// What a text says; it takes no memory up to the size of a MAC by SHA-512.
using decoded_bytes = boost::container::small_vector<std::uint8_t, 64>;

std::string encode_hex(std::span<const std::uint8_t> bytes);

std::string encode_base64(std::span<const std::uint8_t> bytes);

/// Either case; nothing when `text` is not hex.
std::optional<decoded_bytes> decode_hex(std::string_view text);

std::optional<decoded_bytes> decode_base64(std::string_view text);

} // namespace mfo::core
