#pragma once

#include "taskflow/load/draft.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// The names that stand in `{{…}}`, each once, in their order; nothing between
/// the braces but letters, digits and `_` makes a name, anything else is text.
[[nodiscard]] std::vector<std::string> variables_of(std::string_view text);

} // namespace mfo::taskflow
