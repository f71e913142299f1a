#pragma once

#include "core/outcome.hpp"
#include "schema/compile.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <vector>

namespace mfo::schema {

/// What `value`, made of so many bytes of text, does not keep of the schema.
/// See `json_schema::check`.
std::vector<core::violation> evaluate(const compiled_schema& schema,
                                      const nlohmann::json& value,
                                      std::size_t text_size);

} // namespace mfo::schema
