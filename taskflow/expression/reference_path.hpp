#pragma once

#include "taskflow/expression/scope.hpp"
#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mfo::taskflow {

/// What a path can begin with, besides a task and `SECRETS`.
inline constexpr std::array<std::string_view, 7> root_names{
    "INPUT", "TRIGGER", "CONTEXT", "ITEM", "INDEX", "ITERATION", "ERROR"};

/// The first of what a path begins with when it leads to a secret.
inline constexpr std::string_view secrets_name = "SECRETS";

/// A path to a value, such as `INPUT.items[0].name`, `classify.result` or
/// `SECRETS.token`, followed without jq:
///
///     path = root steps | task ".result" steps | "SECRETS" step
///     step = "." word | "[" integer "]" | "[" JSON string "]"
///
/// Words and the names of tasks are of letters, digits, `_` and `-`. A negative
/// integer counts from the end. Immutable.
class reference_path {
public:
  enum class start : std::uint8_t { root, task, secret };

  /// Nothing if it is a text like any other. A message if it was meant to be a
  /// path: it begins as one and has no blanks, but does not go on as one.
  static tl::expected<std::optional<reference_path>, std::string>
  parse(std::string_view text);

  [[nodiscard]] start begins_with() const noexcept {
    return start_;
  }

  /// Of the root, the task or the secret.
  [[nodiscard]] const std::string& name() const noexcept {
    return name_;
  }

  /// Where the path leads; a message that names the step and the type of the
  /// value there if it leads nowhere. What is found is the scope's, or is
  /// written to `room`.
  [[nodiscard]] tl::expected<const json*, std::string> find(const scope& in,
                                                            json& room) const;

private:
  using step = std::variant<std::string, std::int64_t>;

  [[nodiscard]] tl::expected<const json*, std::string>
  find_start(const scope& in, json& room) const;
  [[nodiscard]] std::string why_not(const json& value, std::size_t at) const;
  [[nodiscard]] std::string text_before(std::size_t count) const;

  start start_ = start::root;
  std::string name_;
  std::vector<step> steps_;
};

} // namespace mfo::taskflow
