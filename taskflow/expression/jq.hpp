#pragma once

#include "taskflow/expression/scope.hpp"
#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// Longer expressions are refused, bytes.
inline constexpr std::size_t max_expression = 8 * 1024;
/// Brackets that are deeper in one another are refused.
inline constexpr std::size_t max_expression_depth = 64;

/// A jq expression (jq 1.6: https://jqlang.github.io/jq/manual/v1.6/) over a
/// scope: `.` is its dot, and `$input`, `$trigger`, `$context`, `$item`,
/// `$index`, `$iteration` and `$error` are its roots, null where there is none,
/// `$tasks` its tasks. Of these only what it names is asked for and converted
/// (jq_value.hpp says how; integers beyond 2^53 lose digits, which those of a
/// path do not).
///
/// Refused as it is compiled: what reads another input, the environment or a
/// file, writes to a terminal, or ends the process, and secrets. `now` is the
/// system's clock. What jq 1.6 cannot take without ending the process has
/// another definition: jq_prelude.hpp.
///
/// Neither the time nor the memory that an expression takes has a bound, nor
/// the depth of what it builds: it is written by whoever runs the node, not by
/// a sender. A size that a sender chooses is therefore to be checked by a
/// schema before it goes to `range`, `limit`, `*` of a text, or a recursion.
///
/// Immutable once it is compiled; may be run on any number of threads at once.
/// What libjq makes of an expression takes 17 ms, of several at once not much
/// more, and each thread needs one of its own while it runs (jq_pool.hpp): so
/// those of a file are read first and then compiled at once.
class jq_program {
public:
  struct problem {
    std::string message; ///< one line, jq's own without its place
    std::string hint;
  };

  /// Of one alone: `read`, and then `compile_all`.
  static tl::expected<jq_program, problem> compile(std::string_view text);

  /// Refuses what can be seen without jq. What it gives, and all its copies,
  /// can be run once it has been compiled.
  static tl::expected<jq_program, problem> read(std::string_view text);

  /// For each of the programs what jq has against it. Not to be called while
  /// one of them, or a copy, runs. About 0.1 s for 200 of 60 bytes; each that
  /// jq refuses is looked for by halving, which takes it as long a few times.
  [[nodiscard]] static std::vector<std::optional<problem>>
  compile_all(const std::vector<jq_program>& programs);

  /// Tasks that it names as `$tasks.name`, `$tasks."name"` or
  /// `$tasks["name"]`, in order. Not seen: those whose name is computed, and
  /// those that are reached through another name for `$tasks`.
  [[nodiscard]] const std::vector<std::string>& tasks() const noexcept;

  /// Of `root_names`, those that it names by their variables.
  [[nodiscard]] const std::vector<std::string>& roots() const noexcept;

  /// The one value it gives; a message, in one line, if it fails or gives none
  /// or several, or if it has not been compiled.
  [[nodiscard]] tl::expected<json, std::string> run(const scope& in) const;

private:
  struct shared;
  class compiler;
  explicit jq_program(std::shared_ptr<shared> program);

  std::shared_ptr<shared> shared_;
};

} // namespace mfo::taskflow
