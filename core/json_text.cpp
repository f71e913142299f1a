#include "core/json_text.hpp"

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace mfo::core {

namespace {

/// What a string may hold as it stands, by byte.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte)
    table[byte] = byte != '"' && byte != '\\';
  return table;
}();

constexpr bool is_plain(char c) noexcept {
  return plain_bytes[static_cast<unsigned char>(c)];
}

/// Whether eight bytes are all plain, by the tricks of "Determine if a word has
/// a byte less than n" (graphics.stanford.edu/~seander/bithacks.html).
constexpr bool are_plain(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = ones * 0x80;
  const auto has_zero = [](std::uint64_t word) {
    return (word - ones) & ~word;
  };
  const auto below_space = (bytes - ones * 0x20) & ~bytes;
  return ((bytes | below_space | has_zero(bytes ^ ones * '"') |
           has_zero(bytes ^ ones * '\\') | has_zero(bytes ^ ones * 0x7F)) &
          tops) == 0;
}

/// How many bytes may stand as they are, from the beginning.
std::size_t plain_size(std::string_view text) noexcept {
  std::size_t size = 0;
  std::uint64_t word = 0;
  for (; text.size() - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, text.data() + size, sizeof word);
    if (!are_plain(word))
      break;
  }
  while (size < text.size() && is_plain(text[size]))
    ++size;
  return size;
}

void append_escaped(std::string& out, char c) {
  constexpr char hex[] = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    break;
  case '\\':
    out += "\\\\";
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    out += "\\u00";
    out += hex[(static_cast<unsigned char>(c) >> 4) & 0xF];
    out += hex[static_cast<unsigned char>(c) & 0xF];
  }
}

/// Length of the UTF-8 sequence that the byte announces; 0: none.
constexpr std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead >= 0xC2 && lead <= 0xDF)
    return 2;
  if (lead >= 0xE0 && lead <= 0xEF)
    return 3;
  if (lead >= 0xF0 && lead <= 0xF4)
    return 4;
  return 0;
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = plain_size(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty())
      break;
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
      append_escaped(out, text.front());
      text.remove_prefix(1);
      continue;
    }
    const auto length = sequence_length(lead);
    if (length != 0 && length <= text.size() &&
        simdjson::validate_utf8(text.data(), length)) {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      out += "\xEF\xBF\xBD"; // U+FFFD
      text.remove_prefix(1);
    }
  }
  out += '"';
}

} // namespace mfo::core
