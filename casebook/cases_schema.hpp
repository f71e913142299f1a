#pragma once

#include <string>

namespace mfo::casebook {

/// The JSON Schema of files of cases, for editors.
[[nodiscard]] std::string cases_schema();

} // namespace mfo::casebook
