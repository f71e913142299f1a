#include "core/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

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
    const auto plain = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
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
