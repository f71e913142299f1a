#include "telemetry/log_text.hpp"

#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace mfo::telemetry {

namespace {

constexpr bool is_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80;
}

constexpr bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

constexpr bool is_hidden(std::uint32_t character) noexcept {
  const auto within = [character](std::uint32_t first, std::uint32_t last) {
    return first <= character && character <= last;
  };
  return within(0x80, 0x9F) || character == 0x061C || within(0x200B, 0x200F) ||
         within(0x2028, 0x202E) || within(0x2060, 0x206F) ||
         character == 0xFEFF || within(0xFFF9, 0xFFFB);
}

/// The beginning of `text` that is shown, without half a character at its end.
std::string_view beginning_of(std::string_view text) noexcept {
  if (text.size() <= max_logged_value)
    return text;
  constexpr std::size_t longest_character = 4;
  auto size = max_logged_value;
  while (continues_character(text[size]) &&
         size > max_logged_value - longest_character)
    --size;
  return text.substr(0, size);
}

/// The character that `text` starts with, of two to four bytes, and its size.
struct character {
  std::uint32_t value;
  std::size_t size;
};

/// Requires: `text` is UTF-8 and does not start with ASCII.
character first_of(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i)
    value = value << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {value, size};
}

/// Escapes what is hidden in `out` from `begin` on, which is UTF-8.
void escape_hidden(std::string& out, std::size_t begin) {
  const auto first = std::find_if_not(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_ascii);
  if (first == out.end())
    return; // as nearly always
  const std::string rest{first, out.end()};
  out.erase(first, out.end());
  for (std::string_view left{rest}; !left.empty();) {
    const auto [value, size] =
        is_ascii(left.front()) ? character{0, 1} : first_of(left);
    if (is_hidden(value))
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", value);
    else
      out.append(left.substr(0, size));
    left.remove_prefix(size);
  }
}

} // namespace

void append_logged(std::string& out, std::string_view text) {
  const auto begin = out.size();
  const auto shown = beginning_of(text);
  core::append_json_string(out, shown);
  escape_hidden(out, begin);
  if (shown.size() == text.size())
    return;
  out.pop_back(); // the quote
  fmt::format_to(std::back_inserter(out), "… ({} bytes)\"", text.size());
}

} // namespace mfo::telemetry
