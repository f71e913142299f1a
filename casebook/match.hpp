#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::casebook {

/// Whether `text` is what `pattern` says, in which `*` stands for any text.
[[nodiscard]] bool fits(std::string_view pattern,
                        std::string_view text) noexcept;

/// One thing that is not as it was expected. Both texts are for people; one
/// with line breaks is to be shown as it stands.
struct mismatch {
  std::string what; ///< `status`, `calls[0].body.payload.id`
  std::string expected;
  std::string got;
};

/// What `got` lacks of `expected`: objects may have more members, unless
/// `exact`; lists have as many items. `path` is what both are called.
void compare_json(const nlohmann::json& expected, const nlohmann::json& got,
                  bool exact, const std::string& path,
                  std::vector<mismatch>& into);

/// The same of a body, which may be no JSON: then it is a text.
void compare_body(const nlohmann::json& expected, std::string_view got,
                  bool exact, const std::string& path,
                  std::vector<mismatch>& into);

/// A value in one line, cut where it is long.
[[nodiscard]] std::string short_json(const nlohmann::json& value);

/// Of a body, which may be anything.
[[nodiscard]] std::string short_text(std::string_view body);

} // namespace mfo::casebook
