#include "api/text.hpp"

#include "config/text.hpp"

#include <algorithm>

namespace mfo::api {

namespace {

constexpr std::string_view ellipsis = "\u2026";

/// Bytes of the character that `text`, valid UTF-8, begins with.
std::size_t first_size(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool is_control(std::string_view character) noexcept {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1)
    return lead < 0x20 || lead == 0x7F;
  // U+0080 to U+009F
  return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

/// Takes the next character away; a space stands for what can't be shown.
std::string_view take(std::string_view& text) {
  // A character has at most four bytes.
  if (config::first_invalid_utf8(text.substr(0, 4)) == 0u) {
    text.remove_prefix(1);
    return " ";
  }
  const auto character = text.substr(0, first_size(text));
  text.remove_prefix(character.size());
  return is_control(character) ? " " : character;
}

} // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  // What is nothing but control characters is not searched to its end.
  text = text.substr(0, 16 * max_bytes);
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const auto character = take(text);
    if (character == " ") {
      gap = !out.empty();
      continue;
    }
    const auto size = character.size() + (gap ? 1 : 0);
    if (out.size() + size > max_bytes)
      return out.append(ellipsis);
    out.append(gap ? " " : "").append(character);
    gap = false;
  }
  return out;
}

bool is_visible_ascii(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F;
  });
}

} // namespace mfo::api
