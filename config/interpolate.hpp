#pragma once

#include "config/environment.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::config {

/// Letters, digits and `_`, the first one no digit (POSIX.1-2017, section 8.1,
/// and lower case).
[[nodiscard]] bool is_variable_name(std::string_view text);

/// Replaces variables in one scalar, after YAML has been parsed, so that a
/// value can never add keys or lists:
///
/// - `${NAME}`: the variable's value; an error if it is not set
/// - `${NAME:-default}`: the default if it is not set or empty; the default
///   is taken as it stands up to the first `}` and cannot hold another `${`
/// - `$$`: one `$`; any other `$` stands for itself
///
/// What a variable holds is not looked at again. The error is a sentence that
/// names the variable at most, never a part of the text.
[[nodiscard]] tl::expected<std::string, std::string>
interpolate(std::string_view text, const environment& variables);

} // namespace mfo::config
