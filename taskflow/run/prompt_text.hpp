#pragma once

#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::taskflow {

/// A value within a text: a text as it is, anything else as JSON.
[[nodiscard]] std::string as_text(const json& value);

/// `text` with each {{variable}} as `context`, an object, has it; blanks within
/// the braces do not count. What is filled in is not looked at again. The error
/// is a sentence that names the variable that is missing.
[[nodiscard]] tl::expected<std::string, std::string>
fill_prompt(std::string_view text, const json& context);

} // namespace mfo::taskflow
