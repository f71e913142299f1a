#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text of others that people are to see: in a terminal, in a picture.
namespace mfo::core {

/// Control characters and what is not UTF-8 become `?`, so that what a sender
/// sent cannot drive the terminal. A line feed is kept where `lines` says so.
[[nodiscard]] std::string printable(std::string_view text, bool lines = false);

/// Characters, as far as a terminal shows one a code point.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text`, or as much of it as fits into `most` characters with `…` in place
/// of its end. Requires: `text` is UTF-8.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

/// Likewise, with `…` in place of its beginning.
[[nodiscard]] std::string end_of(std::string_view text, std::size_t most);

} // namespace mfo::core
