#pragma once

#include "taskflow/json.hpp"

#include <cstddef>

namespace mfo::taskflow {

/// The bytes of `value` as JSON without blanks, its text in UTF-8. Control
/// characters count as six, which some are.
[[nodiscard]] std::size_t json_size(const json& value);

} // namespace mfo::taskflow
