#include "http/syntax.hpp"

#include <http_parser.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace mfo::http {

namespace {

constexpr bool is_one_of(char c, std::string_view characters) noexcept {
  return characters.find(c) != std::string_view::npos;
}

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z');
}

constexpr bool is_hex_digit(char c) noexcept {
  return is_one_of(c, "0123456789abcdefABCDEF");
}

/// For each byte whether it may be in such a text: of each message that a node
/// takes in or sends, every byte of its head is looked up in one.
using byte_table = std::array<bool, 256>;

template <class Allowed>
constexpr byte_table table_of(Allowed allowed) noexcept {
  byte_table table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = allowed(static_cast<char>(i));
  return table;
}

constexpr auto token_bytes = table_of([](char c) {
  return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
});

constexpr auto value_bytes = table_of([](char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
});

bool are_all_in(const byte_table& table, std::string_view text) noexcept {
  bool all = true;
  for (const char c : text)
    all &= table[static_cast<unsigned char>(c)];
  return all;
}

/// Unreserved characters, sub-delims and escapes (RFC 3986, section 3.2.2).
bool is_reg_name(std::string_view text) noexcept {
  while (!text.empty()) {
    const bool escape = text.front() == '%';
    if (escape &&
        (text.size() < 3 || !is_hex_digit(text[1]) || !is_hex_digit(text[2])))
      return false;
    if (!escape && !is_alphanumeric(text.front()) &&
        !is_one_of(text.front(), "-._~!$&'()*+,;="))
      return false;
    text.remove_prefix(escape ? 3 : 1);
  }
  return true;
}

/// What stands between the brackets of an IPv6 address.
bool is_in_brackets(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_hex_digit(c) || is_one_of(c, ":.");
  });
}

} // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && are_all_in(token_bytes, text);
}

bool is_field_value(std::string_view text) noexcept {
  return are_all_in(value_bytes, text);
}

bool is_target(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F;
  });
}

bool is_known_method(std::string_view method) noexcept {
  constexpr std::string_view known[] = {
#define MFO_METHOD_NAME(number, name, text) #text,
      HTTP_METHOD_MAP(MFO_METHOD_NAME)
#undef MFO_METHOD_NAME
  };
  return std::find(std::begin(known), std::end(known), method) !=
         std::end(known);
}

bool is_host(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos ||
        !is_in_brackets(text.substr(1, end - 1)))
      return false;
    text.remove_prefix(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    if (!is_reg_name(text.substr(0, end)))
      return false;
    text.remove_prefix(end);
  }
  return text.empty() ||
         (text.front() == ':' &&
          text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool is_absolute_form(std::string_view target) noexcept {
  return target.starts_with("http://") || target.starts_with("https://");
}

bool is_good_absolute_form(std::string_view target) noexcept {
  if (!is_absolute_form(target))
    return false;
  target.remove_prefix(target.find("://") + 3);
  // A fragment is no part of it (RFC 3986, section 4.3); http_parser bears one
  // behind a path, and fails on one behind the authority.
  const auto end = std::min(target.find_first_of("/?#"), target.size());
  const auto authority = target.substr(0, end);
  return !authority.empty() && authority.front() != ':' &&
         !target.substr(end).starts_with('#') && is_host(authority);
}

} // namespace mfo::http
