#pragma once

#include "config/document.hpp"
#include "taskflow/expression/jq.hpp"
#include "taskflow/expression/scope.hpp"
#include "taskflow/json.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Values of a workflow file that are filled in when they are needed: literals,
/// paths and jq expressions.
///
///     email: INPUT.email                a path alone: the value, of any type
///     text: "to ${INPUT.email}"         within a text: as text
///     n: "${.items | length}"           any other: jq, the value of any type
///     price: "$${5}"                    the text ${5}
namespace mfo::taskflow {

/// What an expression refers to.
struct reference {
  enum class kind : std::uint8_t {
    root,   ///< INPUT, TRIGGER, CONTEXT, ITEM, INDEX, ITERATION, ERROR
    task,   ///< <task_id>.result…
    secret, ///< SECRETS.<name>
  } what;
  std::string name;
  config::place where;

  friend bool operator==(const reference&, const reference&) = default;
};

/// Something that is wrong with an expression as it stands in the file.
struct expression_problem {
  config::place where;
  std::string message;
  std::string hint; ///< what to do about it, or ""
};

/// A jq expression of a file that has been read and is not compiled yet.
struct uncompiled_expression {
  jq_program program;
  config::place where;
  std::string shown; ///< as it stands in the file, cut to 100 bytes
};

/// For each what jq has against it; those of a file at once, as jq_program
/// says.
[[nodiscard]] std::vector<std::optional<expression_problem>>
compile_all(const std::vector<uncompiled_expression>& expressions);

/// Why an expression gave no value.
struct evaluation_error {
  std::string expression; ///< as it stands in the file, cut to 100 bytes
  config::place where;
  std::string message; ///< with the type of the value that did not fit
};

/// One line: `line:column: expression: message`.
[[nodiscard]] std::string to_string(const evaluation_error& error);

template <class T>
using evaluated = tl::expected<T, evaluation_error>;

/// What a compiled template is made of; known to value_template.cpp alone.
struct template_node;

/// Immutable once it is compiled; a copy shares what is compiled. May be
/// evaluated on any number of threads at once.
class value_template {
public:
  /// null.
  value_template();

  /// Every problem in `yaml`, or the template. Paths to tasks are recognised by
  /// their form, `<id>.result` and what follows, not by whether there is such a
  /// task; that is for the checker, by `references`.
  static tl::expected<value_template, std::vector<expression_problem>>
  compile(const config::node& yaml);

  /// Leaves to the caller to compile what is added to `later`, which it is to
  /// do before it evaluates, and, to find all problems, even if it is given
  /// some here.
  static tl::expected<value_template, std::vector<expression_problem>>
  read(const config::node& yaml, std::vector<uncompiled_expression>& later);

  /// Of a value that needs nothing filled in.
  static value_template constant(json value);

  /// In the order of the file.
  [[nodiscard]] const std::vector<reference>& references() const noexcept;

  /// The value, if nothing is to be filled in; else null.
  [[nodiscard]] const json* as_constant() const noexcept;

  /// For people, in one line: a path or a jq expression as it stands in the
  /// file, a text with its expressions in `${…}`, any other value as JSON, in
  /// which lists and objects with expressions are `[…]` and `{…}`. Expressions
  /// are cut to 100 bytes; names of secrets may stand in it, not their values.
  [[nodiscard]] std::string shown() const;

  [[nodiscard]] evaluated<json> evaluate(const scope& in) const;

private:
  friend class predicate;
  explicit value_template(std::shared_ptr<const template_node> root);

  std::shared_ptr<const template_node> root_;
};

/// A jq expression whose value must be true or false: of a `when`, `until` or
/// `filter`. A bare path is good as well. As `value_template` otherwise.
class predicate {
public:
  static tl::expected<predicate, expression_problem>
  compile(const std::string& text, config::place where);

  /// As value_template::read.
  static tl::expected<predicate, expression_problem>
  read(const std::string& text, config::place where,
       std::vector<uncompiled_expression>& later);

  [[nodiscard]] const std::vector<reference>& references() const noexcept;

  /// For people: the expression, in one line, cut to 100 bytes.
  [[nodiscard]] std::string shown() const;

  /// An error where the value is neither true nor false, or there is not
  /// exactly one.
  [[nodiscard]] evaluated<bool> evaluate(const scope& in) const;

private:
  explicit predicate(value_template value);

  value_template value_;
};

} // namespace mfo::taskflow
