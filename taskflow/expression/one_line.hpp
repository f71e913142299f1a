#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::taskflow {

/// Longer texts are cut by `one_line`, bytes.
inline constexpr std::size_t max_line = 300;

/// `text` for people: each run of blanks and control characters is one space,
/// none at the ends, and what is longer than `most` bytes is cut at a character
/// of UTF-8 and ends in `...`, which counts.
[[nodiscard]] std::string one_line(std::string_view text,
                                   std::size_t most = max_line);

} // namespace mfo::taskflow
