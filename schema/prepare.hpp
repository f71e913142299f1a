#pragma once

#include "schema/json_schema.hpp"
#include "schema/pattern.hpp"

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mfo::schema {

// In place of `const` and `enum`, with the index of the values: valijson's own
// compare numbers as doubles.
inline constexpr auto const_key = "mfo:const";
inline constexpr auto enum_key = "mfo:enum";

using pattern_map = std::map<std::string, pattern, std::less<>>;
/// The values that each `const` and `enum` takes.
using value_sets = std::vector<std::vector<nlohmann::json>>;

/// A schema made ready for valijson.
struct prepared_schema {
  nlohmann::json document;
  pattern_map patterns; ///< every one that the schema has
  std::shared_ptr<value_sets> accepted = std::make_shared<value_sets>();
};

/// Resolves references, compiles patterns, and takes out of a schema what
/// valijson 1.0 reads otherwise than draft 7 has it.
/// Requires: the meta-schema holds for `document`.
tl::expected<prepared_schema, compile_error> prepare(nlohmann::json document);

} // namespace mfo::schema
