#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::config {

/// A JSON Schema to which payloads are held.
struct payload_schema_settings {
  /// The schema as JSON; empty: none.
  std::string json;
  /// Where it was read from, if it does not stand in the configuration itself.
  std::string file;

  friend bool operator==(const payload_schema_settings&,
                         const payload_schema_settings&) = default;
};

/// What is wrong with a JSON Schema. Quotes no value of it.
struct payload_schema_problem {
  std::string pointer; ///< where: a JSON Pointer (RFC 6901)
  std::string message;
  std::string hint; ///< what to do about it, or ""
};

/// Says what is wrong with a JSON Schema, if anything is. Passed in, since it
/// takes a library to know; an empty function finds nothing.
using payload_schema_check =
    std::function<std::optional<payload_schema_problem>(std::string_view json)>;

} // namespace mfo::config
