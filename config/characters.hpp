#pragma once

namespace mfo::config {

/// ASCII only, whatever the locale; a byte of anything else is none of these.

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

constexpr bool is_white(char c) noexcept {
  return is_blank(c) || c == '\n' || c == '\r';
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Of a variable.
constexpr bool is_word_part(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_';
}

/// Of a task's name.
constexpr bool is_name_part(char c) noexcept {
  return is_word_part(c) || c == '-';
}

} // namespace mfo::config
