#pragma once

#include "taskflow/json.hpp"

#include <string>
#include <string_view>

/// Values in texts.
namespace mfo::taskflow {

/// A text as it is, anything else as JSON without blanks. What is not UTF-8
/// becomes U+FFFD in JSON.
[[nodiscard]] std::string as_text(const json& value);

/// For people: `an object`, `a list`, `a text`, `a number`, `true`, `false` or
/// `null`.
[[nodiscard]] std::string_view type_of(const json& value) noexcept;

} // namespace mfo::taskflow
