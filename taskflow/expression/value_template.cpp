#include "taskflow/expression/value_template.hpp"

#include "config/yaml_json.hpp"
#include "taskflow/expression/expression.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace mfo::taskflow {

namespace {

struct piece;
struct field;

/// A text with expressions in it.
struct mixed_text {
  std::vector<std::variant<std::string, expression>> parts;
};

struct list {
  std::vector<piece> items;
};

struct object {
  std::vector<field> fields;
};

struct piece {
  std::variant<json, expression, mixed_text, list, object> what;

  bool is_constant() const {
    return std::holds_alternative<json>(what);
  }
};

struct field {
  std::string key;
  piece value;
};

evaluated<json> evaluate(const piece& piece, const scope& in);

evaluated<json> evaluate(const mixed_text& text, const scope& in) {
  std::string out;
  for (const auto& part : text.parts) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      out += *literal;
      continue;
    }
    auto value = std::get<expression>(part).evaluate_text(in);
    if (!value)
      return tl::make_unexpected(std::move(value.error()));
    out += *value;
  }
  return json(std::move(out));
}

evaluated<json> evaluate(const list& list, const scope& in) {
  auto out = json::array();
  for (const auto& item : list.items) {
    auto value = evaluate(item, in);
    if (!value)
      return value;
    out.push_back(*std::move(value));
  }
  return out;
}

evaluated<json> evaluate(const object& object, const scope& in) {
  auto out = json::object();
  for (const auto& [key, part] : object.fields) {
    auto value = evaluate(part, in);
    if (!value)
      return value;
    out[key] = *std::move(value);
  }
  return out;
}

evaluated<json> evaluate(const json& constant, const scope&) {
  return constant;
}

evaluated<json> evaluate(const expression& expression, const scope& in) {
  return expression.evaluate(in);
}

evaluated<json> evaluate(const piece& piece, const scope& in) {
  return std::visit([&](const auto& what) { return evaluate(what, in); },
                    piece.what);
}

struct shown_piece {
  std::string operator()(const json& constant) const {
    if (const auto* text = constant.get_ptr<const std::string*>())
      return one_line(*text);
    return one_line(
        constant.dump(-1, ' ', false, json::error_handler_t::replace));
  }

  std::string operator()(const expression& one) const {
    return one.text();
  }

  std::string operator()(const mixed_text& text) const {
    std::string out;
    for (const auto& part : text.parts)
      if (const auto* literal = std::get_if<std::string>(&part))
        out += *literal;
      else
        out += "${" + std::get<expression>(part).text() + "}";
    return one_line(out);
  }

  std::string operator()(const list& /*of*/) const {
    return "[\u2026]";
  }

  std::string operator()(const object& /*of*/) const {
    return "{\u2026}";
  }
};

} // namespace

struct template_node {
  piece root;
  std::vector<reference> references;
};

namespace {

/// Goes on after a problem, to find the others.
class template_reader {
public:
  explicit template_reader(std::vector<uncompiled_expression>& later)
    : later_(later) {}

  piece read(const config::node& yaml, std::size_t depth = 0) {
    if (depth > config::max_depth)
      return report(yaml.where, fmt::format("nested deeper than {} levels",
                                            config::max_depth));
    switch (yaml.kind) {
    case config::node_kind::sequence:
      return read_list(yaml, depth);
    case config::node_kind::map:
      return read_object(yaml, depth);
    case config::node_kind::scalar:
      return read_scalar(yaml);
    default:
      return {};
    }
  }

  /// The text of a predicate: a path or jq, in `${…}` or not.
  piece read_expression(std::string_view text, config::place where) {
    auto made = expression::read(text, where, references, later_);
    if (made)
      return {*std::move(made)};
    problems.push_back(std::move(made.error()));
    return {};
  }

  std::vector<reference> references;
  std::vector<expression_problem> problems;

private:
  piece report(config::place where, std::string message,
               std::string hint = {}) {
    problems.push_back({where, std::move(message), std::move(hint)});
    return {};
  }

  piece read_list(const config::node& yaml, std::size_t depth) {
    list made;
    for (const auto& item : yaml.items)
      made.items.push_back(read(*item, depth + 1));
    if (!std::ranges::all_of(made.items, &piece::is_constant))
      return {std::move(made)};
    auto constant = json::array();
    for (auto& item : made.items)
      constant.push_back(std::get<json>(std::move(item.what)));
    return {std::move(constant)};
  }

  piece read_object(const config::node& yaml, std::size_t depth) {
    object made;
    std::map<std::string_view, int> lines;
    for (const auto& entry : yaml.entries) {
      const auto [first, is_first] = lines.emplace(entry.key, entry.where.line);
      if (!is_first)
        report(entry.where, fmt::format("the key is given twice; first in line "
                                        "{}",
                                        first->second));
      made.fields.push_back({entry.key, read(*entry.value, depth + 1)});
    }
    if (!std::ranges::all_of(made.fields, [](const auto& field) {
          return field.value.is_constant();
        }))
      return {std::move(made)};
    auto constant = json::object();
    for (auto& [key, value] : made.fields)
      constant[key] = std::get<json>(std::move(value.what));
    return {std::move(constant)};
  }

  piece read_scalar(const config::node& yaml) {
    auto path = reference_path::parse(yaml.text);
    if (!path)
      return report(
          yaml.where,
          fmt::format("`{}` {}", one_line(yaml.text, 100), path.error()),
          "write ${\"…\"} for a text that begins so");
    if (*path) {
      references.push_back(reference_of(**path, yaml.where));
      return {expression(**std::move(path), yaml.text, yaml.where)};
    }
    if (yaml.text.find("${") != std::string::npos)
      return read_text(yaml);
    return read_literal(yaml);
  }

  piece read_literal(const config::node& yaml) {
    const auto text = config::to_json(yaml);
    if (!text)
      return report(text.error().where, text.error().message);
    auto value = json::parse(*text, nullptr, false);
    if (value.is_discarded())
      return report(yaml.where, "the number is too large");
    return {std::move(value)};
  }

  piece read_text(const config::node& yaml) {
    auto split = split_text(yaml.text);
    if (!split)
      return report(yaml.where, std::move(split.error()),
                    "write $${ for the text ${");
    if (split->size() == 1 && split->front().is_expression)
      return read_expression(split->front().text, yaml.where);
    mixed_text made;
    std::string literal;
    for (auto& part : *split) {
      if (!part.is_expression) {
        literal += part.text;
        made.parts.emplace_back(std::move(part.text));
        continue;
      }
      auto inner = expression::read(part.text, yaml.where, references, later_);
      if (inner)
        made.parts.emplace_back(*std::move(inner));
      else
        problems.push_back(std::move(inner.error()));
    }
    const bool constant = std::ranges::none_of(
        *split, [](const auto& part) { return part.is_expression; });
    return constant ? piece{json(std::move(literal))} : piece{std::move(made)};
  }

  std::vector<uncompiled_expression>& later_;
};

/// Of what has been read alone.
void compile_now(const std::vector<uncompiled_expression>& expressions,
                 std::vector<expression_problem>& problems) {
  for (auto& found : compile_all(expressions))
    if (found)
      problems.push_back(*std::move(found));
  std::ranges::stable_sort(problems, {}, [](const expression_problem& each) {
    return std::pair(each.where.line, each.where.column);
  });
}

/// `${…}`, which a predicate has no need of, less what is around it.
std::string without_braces(const std::string& text) {
  const auto split = split_text(text);
  return split && split->size() == 1 && split->front().is_expression
             ? split->front().text
             : text;
}

std::string shown_place(config::place where) {
  return fmt::format("{}:{}", where.line, where.column);
}

} // namespace

std::string to_string(const evaluation_error& error) {
  return one_line(shown_place(error.where) + ": " + error.expression + ": " +
                  error.message);
}

value_template::value_template() : value_template(constant(nullptr)) {}

value_template::value_template(std::shared_ptr<const template_node> root)
  : root_(std::move(root)) {}

tl::expected<value_template, std::vector<expression_problem>>
value_template::compile(const config::node& yaml) {
  std::vector<uncompiled_expression> later;
  auto made = read(yaml, later);
  auto problems =
      made ? std::vector<expression_problem>() : std::move(made.error());
  compile_now(later, problems);
  if (!problems.empty())
    return tl::make_unexpected(std::move(problems));
  return made;
}

tl::expected<value_template, std::vector<expression_problem>>
value_template::read(const config::node& yaml,
                     std::vector<uncompiled_expression>& later) {
  template_reader reader(later);
  auto root = reader.read(yaml);
  if (!reader.problems.empty())
    return tl::make_unexpected(std::move(reader.problems));
  return value_template(std::make_shared<const template_node>(
      template_node{std::move(root), std::move(reader.references)}));
}

value_template value_template::constant(json value) {
  return value_template(std::make_shared<const template_node>(
      template_node{{std::move(value)}, {}}));
}

const std::vector<reference>& value_template::references() const noexcept {
  return root_->references;
}

const json* value_template::as_constant() const noexcept {
  return std::get_if<json>(&root_->root.what);
}

std::string value_template::shown() const {
  return std::visit(shown_piece{}, root_->root.what);
}

evaluated<json> value_template::evaluate(const scope& in) const {
  return taskflow::evaluate(root_->root, in);
}

predicate::predicate(value_template value) : value_(std::move(value)) {}

tl::expected<predicate, expression_problem>
predicate::compile(const std::string& text, config::place where) {
  std::vector<uncompiled_expression> later;
  auto made = read(text, where, later);
  if (!made)
    return made;
  std::vector<expression_problem> problems;
  compile_now(later, problems);
  if (!problems.empty())
    return tl::make_unexpected(std::move(problems.front()));
  return made;
}

tl::expected<predicate, expression_problem>
predicate::read(const std::string& text, config::place where,
                std::vector<uncompiled_expression>& later) {
  const auto inner = without_braces(text);
  if (inner.find_first_not_of(" \t\r\n") == inner.npos)
    return tl::make_unexpected(
        expression_problem{where, "the expression is empty", ""});
  template_reader reader(later);
  auto root = reader.read_expression(inner, where);
  if (!reader.problems.empty())
    return tl::make_unexpected(std::move(reader.problems.front()));
  return predicate(value_template(std::make_shared<const template_node>(
      template_node{std::move(root), std::move(reader.references)})));
}

const std::vector<reference>& predicate::references() const noexcept {
  return value_.references();
}

std::string predicate::shown() const {
  return value_.shown();
}

evaluated<bool> predicate::evaluate(const scope& in) const {
  const auto value = value_.evaluate(in);
  if (!value)
    return tl::make_unexpected(value.error());
  if (const auto* verdict = value->get_ptr<const bool*>())
    return *verdict;
  return tl::make_unexpected(
      std::get<expression>(value_.root_->root.what)
          .error(
              fmt::format("is {}, neither true nor false", type_of(*value))));
}

} // namespace mfo::taskflow
