#pragma once

#include "taskflow/expression/jq.hpp"
#include "taskflow/expression/reference_path.hpp"
#include "taskflow/expression/value_template.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The parts that a scalar of a template is made of, for value_template.cpp.
namespace mfo::taskflow {

/// A path or a jq expression.
class expression {
public:
  /// What it refers to is added to `references`, and what is to be compiled
  /// before it is evaluated to `later`.
  static tl::expected<expression, expression_problem>
  read(std::string_view text, config::place where,
       std::vector<reference>& references,
       std::vector<uncompiled_expression>& later);

  /// Of a path that was found to be one.
  expression(reference_path path, std::string_view text, config::place where);

  [[nodiscard]] evaluated<json> evaluate(const scope& in) const;

  /// A text as it is, anything else as JSON without blanks.
  [[nodiscard]] evaluated<std::string> evaluate_text(const scope& in) const;

  /// As it stands in the file, in one line, cut to 100 bytes.
  [[nodiscard]] const std::string& text() const noexcept {
    return text_;
  }

  /// With the expression and its place.
  [[nodiscard]] evaluation_error error(std::string message) const;

private:
  expression(jq_program program, std::string_view text, config::place where);

  std::variant<reference_path, jq_program> how_;
  std::string text_; ///< cut
  config::place where_;
};

/// What `path` refers to.
[[nodiscard]] reference reference_of(const reference_path& path,
                                     config::place where);

/// A stretch of a text: as it is, or what stood in `${…}`.
struct text_part {
  bool is_expression = false;
  std::string text;
};

/// `$${` is `${` as it is. A message if a `${` is not closed.
[[nodiscard]] tl::expected<std::vector<text_part>, std::string>
split_text(std::string_view text);

} // namespace mfo::taskflow
