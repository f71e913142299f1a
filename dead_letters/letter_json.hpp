#pragma once

#include "dead_letters/letter.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::dead_letters {

/// A letter as one JSON object (RFC 8259) on one line, without a newline: the
/// form in which every sink keeps it. docs/reference/dead-letters.md describes
/// the members.
///
/// The body comes back byte for byte. Of the other texts, bytes that are not
/// UTF-8 become U+FFFD.
std::string to_json(const letter& value);

/// Reads it back. Members that are not known are passed over, those that are
/// missing keep their defaults, except for the event's id and the body. The
/// error is a sentence that quotes nothing of the text.
tl::expected<letter, std::string> parse_letter(std::string_view json);

} // namespace mfo::dead_letters
