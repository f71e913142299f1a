#pragma once

#include <string_view>

namespace mfo::schema {

/// Whether a string has the form that the keyword `format` names (JSON Schema
/// draft 7 validation, section 7.3). Known are:
///
/// | format | source |
/// | --- | --- |
/// | `date-time`, `date`, `time` | RFC 3339, section 5.6; a leap second only in
/// the last minute of a day of UTC | | `email` | RFC 5321, section 4.1.2,
/// Mailbox | | `hostname` | RFC 1123, section 2.1 | | `ipv4`, `ipv6` | RFC
/// 2673, section 3.2; RFC 4291, section 2.2 | | `uri`, `uri-reference` | RFC
/// 3986 | | `uuid` | RFC 9562, section 4: the text, of any version |
///
/// Any other format takes every string, as the specification wants it.
bool conforms_to_format(std::string_view name, std::string_view text);

} // namespace mfo::schema
