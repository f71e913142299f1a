#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// jq's text as words, as far as is needed to find where an expression ends and
/// what it refers to before jq is asked
/// (https://github.com/jqlang/jq/blob/jq-1.6/src/lexer.l).
namespace mfo::taskflow {

struct jq_token {
  enum class kind : std::uint8_t {
    identifier, ///< a function, a keyword, a key of an object
    variable,   ///< `$name`; the text is `name`
    field,      ///< `.name`; the text is `name`
    string,     ///< nothing is filled in; the text is what it says
    mark,       ///< a character of anything else
  } what;
  std::string text;
  /// It stands where an object's key may: behind `{`, or a comma in one.
  bool key = false;
};

struct jq_tokens {
  std::vector<jq_token> tokens;
  std::size_t end = 0;   ///< offset of what does not belong to it any more
  bool closed = false;   ///< by a `}` that it did not open, which is at `end`
  std::size_t depth = 0; ///< of brackets in one another
  /// Each bracket and text that is opened is closed, by its own, and no other.
  bool balanced = true;
};

/// Reads from `from` up to a `}` that is not the expression's own, or to the
/// end. Anything is read; whether it is jq is jq's to say.
[[nodiscard]] jq_tokens read_jq(std::string_view text, std::size_t from = 0);

/// What an expression refers to.
struct jq_uses {
  std::vector<std::string> variables; ///< without `$`, each once
  std::vector<std::string> tasks;     ///< in order
  /// `$tasks` stands where it is not seen which of them is meant.
  bool any_task = false;
  /// Its `.` may be looked at. False where that surely is not so: `$item.n >
  /// 5`, or variables and literals that are piped on.
  bool dot = true;
  /// Why it is not let in: it would reach out of itself.
  std::optional<std::string> refused;
};

/// Sees `$tasks.name`, `$tasks."name"` and `$tasks["name"]`.
[[nodiscard]] jq_uses uses_of(const std::vector<jq_token>& tokens);

} // namespace mfo::taskflow
