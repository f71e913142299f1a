#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfo::core {

enum class json_verdict : std::uint8_t {
  good,        ///< one JSON text
  malformed,   ///< none
  too_complex, ///< beyond a bound; what is behind it was not looked at
};

/// Whether `text` is one JSON text by the grammar of RFC 8259, nested at most
/// `max_depth` deep. Looks at the grammar alone: numbers of any size and lone
/// surrogates in escapes are allowed, as the RFC allows them; whether the bytes
/// are UTF-8 is the caller's to check.
json_verdict recognise_json(std::string_view text, std::size_t max_depth);

/// Whether an object of `text`, which is a JSON text, has two members of one
/// name: which of them counts is for nobody to say (RFC 8259, section 4). A
/// name is compared as it is decoded; as it stands where that cannot be done.
bool repeats_a_name(std::string_view text);

inline bool is_json_text(std::string_view text, std::size_t max_depth) {
  return recognise_json(text, max_depth) == json_verdict::good;
}

} // namespace mfo::core
