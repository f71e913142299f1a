#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::telemetry {

/// Bytes of a text that a log line shows; of a longer one it says how long it
/// was. Escaped, they are at most six times as many.
inline constexpr std::size_t max_logged_value = 256;

/// Appends `text` as a JSON string (RFC 8259), so that whoever wrote it can
/// neither end the line, nor move a terminal's cursor, nor change the order or
/// the look of what stands around it: besides the control characters of ASCII,
/// those of Unicode are escaped that are not seen: C1 (a terminal may take
/// U+009B for ESC [), line and paragraph separators, and what changes the
/// direction of text or has no width (Unicode Technical Report 36, section 2;
/// CVE-2021-42574). A byte that is not UTF-8 becomes U+FFFD.
///
/// What is too long is cut between two characters, and gets a mark with its
/// length: `… (100000 bytes)`.
void append_logged(std::string& out, std::string_view text);

} // namespace mfo::telemetry
