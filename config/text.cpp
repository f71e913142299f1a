#include "config/text.hpp"

#include <algorithm>
#include <cstdint>

namespace mfo::config {

namespace {

/// What a lead byte says of its sequence; the second byte's range is narrower
/// than that of the others where a wider one would be overlong, a surrogate or
/// beyond U+10FFFF (RFC 3629, section 4).
struct sequence {
  std::size_t length;
  std::uint8_t second_low;
  std::uint8_t second_high;
};

std::optional<sequence> sequence_after(std::uint8_t lead) {
  if (lead < 0x80)
    return sequence{1, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF)
    return sequence{2, 0x80, 0xBF};
  if (lead >= 0xE0 && lead <= 0xEF)
    return sequence{3, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),
                    static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
  if (lead >= 0xF0 && lead <= 0xF4)
    return sequence{4, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),
                    static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
  return std::nullopt;
}

bool is_well_formed(std::string_view bytes, const sequence& expected) {
  if (bytes.size() < expected.length)
    return false;
  for (std::size_t i = 1; i < expected.length; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    const auto low = i == 1 ? expected.second_low : std::uint8_t{0x80};
    const auto high = i == 1 ? expected.second_high : std::uint8_t{0xBF};
    if (byte < low || byte > high)
      return false;
  }
  return true;
}

} // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto expected = sequence_after(static_cast<std::uint8_t>(text[at]));
    if (!expected || !is_well_formed(text.substr(at), *expected))
      return at;
    at += expected->length;
  }
  return std::nullopt;
}

std::optional<std::size_t> first_control_character(std::string_view text) {
  const auto* found = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool allowed = c == '\t' || c == '\n' || c == '\r';
    return (byte < 0x20 && !allowed) || byte == 0x7F;
  });
  if (found == text.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - text.begin());
}

std::size_t edit_distance(std::string_view from, std::string_view to) {
  const auto width = to.size() + 1;
  std::vector<std::size_t> cells((from.size() + 1) * width);
  const auto cell = [&](std::size_t row, std::size_t column) -> std::size_t& {
    return cells[row * width + column];
  };
  for (std::size_t i = 0; i <= from.size(); ++i)
    cell(i, 0) = i;
  for (std::size_t j = 0; j <= to.size(); ++j)
    cell(0, j) = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t change = from[i - 1] == to[j - 1] ? 0 : 1;
      auto best = std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1,
                            cell(i - 1, j - 1) + change});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
                           from[i - 2] == to[j - 1];
      if (swapped)
        best = std::min(best, cell(i - 2, j - 2) + 1);
      cell(i, j) = best;
    }
  }
  return cell(from.size(), to.size());
}

std::optional<std::string_view>
nearest(std::string_view word,
        const std::vector<std::string_view>& candidates) {
  // A long word is no typing mistake of ours, and the distance is quadratic.
  constexpr std::size_t longest_word = 64;
  if (word.size() > longest_word)
    return std::nullopt;
  const auto tolerance = std::max<std::size_t>(2, word.size() / 3);
  std::optional<std::string_view> best;
  auto best_distance = tolerance + 1;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

} // namespace mfo::config
