#pragma once

#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Texts of prompt templates: `{{name}}` is filled in, blanks within the braces
/// do not count. A name is of letters, digits and `_`, the first one no digit;
/// braces around anything else are text.
namespace mfo::taskflow {

/// The names that stand in `text`, each once, in their order.
[[nodiscard]] std::vector<std::string> variables_of(std::string_view text);

/// `text` with each name as `context`, an object, has it, by `as_text`. What is
/// filled in is not looked at again. The error is a sentence that names the
/// variable that is missing.
[[nodiscard]] tl::expected<std::string, std::string>
fill_prompt(std::string_view text, const json& context);

} // namespace mfo::taskflow
