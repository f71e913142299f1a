#pragma once

#include <string>
#include <string_view>

namespace mfo::core {

/// Appends `text` as a JSON string with its quotes (RFC 8259, section 7).
/// Control characters are escaped; bytes that are not UTF-8 become U+FFFD, so
/// that the result is always valid JSON whatever a sender put in a header.
void append_json_string(std::string& out, std::string_view text);

} // namespace mfo::core
