#pragma once

#include "config/characters.hpp"

#include <tl/expected.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::config {

inline constexpr std::size_t longest_node_name = 64;

/// The one rule of what a node can be called, alone or in a cluster: 1 to 64 of
/// A-Z, a-z, 0-9, `.`, `_` and `-`, the first one a letter or digit. The name
/// stays when the node restarts. Names are compared byte by byte: that order
/// decides who dials whom.
constexpr bool is_node_name(std::string_view text) noexcept {
  const auto begins = [](char c) {
    return is_letter(c) || is_digit(c);
  };
  const auto fits = [](char c) {
    return is_name_part(c) || c == '.';
  };
  return !text.empty() && text.size() <= longest_node_name &&
         begins(text.front()) && std::all_of(text.begin(), text.end(), fits);
}

/// A node's name as it stands in a file. The error is a sentence that says what
/// is expected.
[[nodiscard]] tl::expected<std::string, std::string>
parse_node_name(std::string_view text);

/// A node's name made of a host's, which may hold anything: what a node's name
/// may not hold becomes `-`, what it may not begin with is left out, the end is
/// cut, and nothing becomes `node`.
[[nodiscard]] std::string to_node_name(std::string_view host);

} // namespace mfo::config
