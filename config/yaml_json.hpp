#pragma once

#include "config/document.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::config {

/// What YAML can say and JSON cannot.
struct yaml_json_problem {
  place where;
  std::string message;
};

/// The value as JSON (RFC 8259). A plain scalar is null, a boolean or a number
/// if it looks like one (YAML 1.2.2, section 10.3.2, core schema), else a
/// string; a quoted one is a string. Refuses a key that is given twice, .inf
/// and .nan, and what becomes larger than a file may be, as aliases are
/// written in full.
[[nodiscard]] tl::expected<std::string, yaml_json_problem>
to_json(const node& value);

/// Where in `value` a JSON Pointer (RFC 6901) leads: the key, or the item; as
/// far as there is something.
[[nodiscard]] place place_of_pointer(const node& value,
                                     std::string_view pointer);

} // namespace mfo::config
