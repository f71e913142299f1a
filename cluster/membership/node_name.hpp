#pragma once

#include "config/characters.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mfo::cluster {

constexpr std::size_t longest_node_name = 64;

/// The one rule of what a node of a cluster can be called: 1 to 64 of A-Z, a-z,
/// 0-9, `.`, `_` and `-`, the first one a letter or digit. The name stays when
/// the node restarts. Names are compared byte by byte: that order decides who
/// dials whom.
constexpr bool is_node_name(std::string_view text) noexcept {
  const auto begins = [](char c) {
    return config::is_letter(c) || config::is_digit(c);
  };
  const auto fits = [](char c) {
    return config::is_name_part(c) || c == '.';
  };
  return !text.empty() && text.size() <= longest_node_name &&
         begins(text.front()) && std::all_of(text.begin(), text.end(), fits);
}

} // namespace mfo::cluster
