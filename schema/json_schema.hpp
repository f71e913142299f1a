#pragma once

#include "core/outcome.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::schema {

/// Why a text is no schema that can be used. Quotes no value of it.
struct compile_error {
  std::string pointer; ///< where: a JSON Pointer (RFC 6901), "" for the whole
  std::string reason;
  std::string hint; ///< what to do about it, or ""
};

/// At most so many violations are told of one payload.
inline constexpr std::size_t max_violations = 8;
/// A pointer longer than this is cut to that of a value around the place.
inline constexpr std::size_t max_pointer = 256;

// The rules of a violation that are no keyword: what cannot be decided within
// the bounds is refused.
/// A number that no double holds, such as 1e400.
inline constexpr std::string_view rule_number = "bound: number";
/// A string with half of a surrogate pair, which is no Unicode text.
inline constexpr std::string_view rule_unicode = "bound: unicode";
/// Schemas applied in one another, deeper than the stack should bear.
inline constexpr std::string_view rule_depth = "bound: depth";
/// More work than a payload of that size may make.
inline constexpr std::string_view rule_work = "bound: work";

struct compiled_schema;

/// A JSON Schema of draft 7 (https://json-schema.org/draft-07), compiled once,
/// to which payloads are held. What is supported, and the bounds, are in
/// docs/reference/json-schema.md.
///
/// Immutable; a copy shares what is compiled. Everything const may be called
/// from any number of threads at once.
class json_schema {
public:
  /// Refuses what is no JSON, names another draft, breaks the meta-schema,
  /// refers to another document (nothing is ever fetched or opened), goes round
  /// in circles, or has a regular expression that could not be matched in
  /// linear time.
  static tl::expected<json_schema, compile_error>
  compile(std::string_view json_text);

  /// What a payload does not keep, the first few; empty: it conforms.
  /// Requires: `json` is one well-formed JSON text (core/json_check.hpp).
  ///
  /// Takes time in proportion to its size, whatever a sender put into it.
  [[nodiscard]] std::vector<core::violation> check(std::string_view json) const;

private:
  explicit json_schema(std::shared_ptr<const compiled_schema> rules);

  std::shared_ptr<const compiled_schema> rules_;
};

} // namespace mfo::schema
