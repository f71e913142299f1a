#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace mfo::config {

/// The offset of the first byte that is not a part of well-formed UTF-8
/// (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view);

/// The offset of the first control character that YAML does not allow
/// (YAML 1.2, c-printable): all but tab, line feed and carriage return.
[[nodiscard]] std::optional<std::size_t>
    first_control_character(std::string_view);

/// How many single-character insertions, deletions and substitutions, and
/// swaps of neighbours, lead from one word to the other (optimal string
/// alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view from,
                                        std::string_view to);

/// The candidate that a typing mistake most probably meant, or nothing if none
/// is near: a third of the word's length at most, two edits for short words.
[[nodiscard]] std::optional<std::string_view>
nearest(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace mfo::config
