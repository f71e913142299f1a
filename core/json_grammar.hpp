#pragma once

#include <cstddef>
#include <string_view>

namespace mfo::core {

/// Whether `text` is one JSON text by the grammar of RFC 8259, nested at most
/// `max_depth` deep. Looks at the grammar alone: numbers of any size and lone
/// surrogates in escapes are allowed, as the RFC allows them; whether the bytes
/// are UTF-8 is the caller's to check.
bool is_json_text(std::string_view text, std::size_t max_depth);

} // namespace mfo::core
