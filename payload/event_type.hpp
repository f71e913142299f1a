#pragma once

#include "config/payload_settings.hpp"

#include <string>
#include <string_view>

namespace mfo::payload {

/// Of an event whose type is in a header, by its value; "" where that makes no
/// event type (words of A-Z, a-z, 0-9, _ and - with dots between), and the
/// endpoint's own is to be taken.
[[nodiscard]] std::string
type_from_header(const config::event_type_source& source,
                 std::string_view value);

/// Of an event whose type is in its payload, at `source.field`, a string; ""
/// as above. Requires: `payload` is JSON.
[[nodiscard]] std::string
type_from_payload(const config::event_type_source& source,
                  std::string_view payload);

} // namespace mfo::payload
