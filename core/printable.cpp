#include "core/printable.hpp"

#include "config/text.hpp"

#include <algorithm>

namespace mfo::core {

namespace {

constexpr std::string_view ellipsis = "\u2026";

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// Also the second set of them (ISO 6429), which UTF-8 has as C2 80 to C2 9F.
std::size_t control_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7F)
    return 1;
  if (first == 0xC2 && text.size() > 1 &&
      static_cast<unsigned char>(text[1]) < 0xA0)
    return 2;
  return 0;
}

/// Where the character with this index begins; the end if there is none.
std::size_t offset_of(std::string_view text, std::size_t character) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_character(text[at]) && character-- == 0)
      break;
  return at;
}

} // namespace

std::string printable(std::string_view text, bool lines) {
  std::string out;
  while (!text.empty()) {
    const auto valid =
        text.substr(0, config::first_invalid_utf8(text).value_or(text.size()));
    for (std::size_t i = 0; i < valid.size();) {
      const auto length = control_length(valid.substr(i));
      if (length == 0 || (lines && valid[i] == '\n'))
        out += valid[i];
      else
        out += '?';
      i += std::max<std::size_t>(length, 1);
    }
    text.remove_prefix(valid.size());
    if (!text.empty()) {
      out += '?';
      text.remove_prefix(1);
    }
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, begins_character));
}

std::string shortened(std::string_view text, std::size_t most) {
  if (width_of(text) <= most)
    return std::string{text};
  if (most == 0)
    return {};
  return std::string{text.substr(0, offset_of(text, most - 1))}.append(
      ellipsis);
}

std::string end_of(std::string_view text, std::size_t most) {
  const auto width = width_of(text);
  if (width <= most)
    return std::string{text};
  if (most == 0)
    return {};
  return std::string{ellipsis}.append(
      text.substr(offset_of(text, width - (most - 1))));
}

} // namespace mfo::core
