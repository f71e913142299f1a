#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The parts of a JSON text as they stand, byte for byte: numbers keep their
/// digits, strings their escapes. For text that `json_checker` has found to be
/// JSON; of other text the slices mean nothing, but are within it.
namespace mfo::core {

struct json_member {
  std::string name;       ///< decoded
  std::string_view value; ///< as it stands, without white space around it
};

/// The members of an object, in order; nothing when the text is no object, or
/// a name can't be decoded (lone surrogates).
[[nodiscard]] std::optional<std::vector<json_member>>
object_members(std::string_view text);

/// The elements of an array, in order; nothing when the text is no array.
[[nodiscard]] std::optional<std::vector<std::string_view>>
array_elements(std::string_view text);

/// The value of a JSON string; nothing for any other value.
[[nodiscard]] std::optional<std::string> string_value(std::string_view text);

/// What `pointer` (RFC 6901) leads to. Of members of one name, the last.
[[nodiscard]] std::optional<std::string_view>
find_in_json(std::string_view text, std::string_view pointer);

} // namespace mfo::core
