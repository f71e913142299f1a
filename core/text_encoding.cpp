#include "core/text_encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace mfo::core {

namespace {

constexpr std::uint8_t no_digit = 16;

constexpr auto hex_values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::uint8_t value = 0; value < no_digit; ++value)
    for (const std::string_view digits :
         {"0123456789abcdef", "0123456789ABCDEF"})
      table[static_cast<unsigned char>(digits[value])] = value;
  return table;
}();

std::uint8_t hex_value(char c) noexcept {
  return hex_values[static_cast<unsigned char>(c)];
}

/// OpenSSL's decoder is lenient (it trims white space and takes '=' anywhere);
/// this is the shape that it must have had.
bool is_strict_base64(std::string_view text) noexcept {
  if (text.size() % 4 != 0)
    return false;
  auto digits = text;
  for (int i = 0; i < 2 && digits.ends_with('='); ++i)
    digits.remove_suffix(1);
  return std::all_of(digits.begin(), digits.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}

} // namespace

std::string encode_hex(std::span<const std::uint8_t> bytes) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += hex[byte >> 4];
    out += hex[byte & 0xF];
  }
  return out;
}

std::string encode_base64(std::span<const std::uint8_t> bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  // Writes a terminator as well, where std::string has room for one.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                  static_cast<int>(bytes.size()));
  return out;
}

std::optional<decoded_bytes> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return std::nullopt;
  std::optional<decoded_bytes> out{std::in_place, text.size() / 2,
                                   boost::container::default_init};
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < out->size(); ++i) {
    const auto high = hex_value(text[2 * i]);
    const auto low = hex_value(text[2 * i + 1]);
    seen = static_cast<std::uint8_t>(seen | high | low);
    (*out)[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  if (seen >= no_digit)
    out.reset();
  return out;
}

std::optional<decoded_bytes> decode_base64(std::string_view text) {
  if (!is_strict_base64(text) ||
      text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return std::nullopt;
  decoded_bytes out(text.size() / 4 * 3);
  const auto size = EVP_DecodeBlock(
      out.data(), reinterpret_cast<const unsigned char*>(text.data()),
      static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  const auto padding = text.size() - text.find_last_not_of('=') - 1;
  out.resize(static_cast<std::size_t>(size) - (text.empty() ? 0 : padding));
  return out;
}

} // namespace mfo::core
