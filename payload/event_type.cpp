#include "payload/event_type.hpp"

#include "config/address.hpp"
#include "core/json_slices.hpp"

namespace mfo::payload {

std::string type_from_header(const config::event_type_source& source,
                             std::string_view value) {
  return config::parse_event_type(source.prefix + std::string{value})
      .value_or("");
}

std::string type_from_payload(const config::event_type_source& source,
                              std::string_view payload) {
  const auto found = core::find_in_json(payload, source.field);
  const auto text = found ? core::string_value(*found) : std::nullopt;
  return text ? type_from_header(source, *text) : "";
}

} // namespace mfo::payload
