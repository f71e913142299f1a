#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::api {

/// `text` as it may stand in a log line: control characters (C0, DEL, C1) and
/// what is not UTF-8 become spaces, runs of spaces one, none at either end;
/// at most `max_bytes`, cut between characters; "…" stands behind a cut. Looks
/// at 16 times as many bytes at most.
std::string printable(std::string_view text, std::size_t max_bytes);

/// Whether all of it is ASCII that is seen, 0x21 to 0x7E, and there is any.
bool is_visible_ascii(std::string_view text) noexcept;

} // namespace mfo::api
