#include "taskflow/expression/expression.hpp"

#include "taskflow/expression/jq_tokens.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/json_text.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

constexpr std::size_t shown_length = 100;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

expression_problem problem_of(config::place where, const std::string& text,
                              jq_program::problem&& problem) {
  return {where, "`" + text + "`: " + problem.message, std::move(problem.hint)};
}

} // namespace

reference reference_of(const reference_path& path, config::place where) {
  using start = reference_path::start;
  const auto kind = path.begins_with() == start::root ? reference::kind::root
                    : path.begins_with() == start::task
                        ? reference::kind::task
                        : reference::kind::secret;
  return {kind, path.name(), where};
}

expression::expression(reference_path path, std::string_view text,
                       config::place where)
  : how_(std::move(path)), text_(one_line(text, shown_length)), where_(where) {}

expression::expression(jq_program program, std::string_view text,
                       config::place where)
  : how_(std::move(program)), text_(one_line(text, shown_length)),
    where_(where) {}

tl::expected<expression, expression_problem>
expression::read(std::string_view text, config::place where,
                 std::vector<reference>& references,
                 std::vector<uncompiled_expression>& later) {
  text = trimmed(text);
  if (text.empty())
    return tl::make_unexpected(expression_problem{
        where, "the expression is empty", "write $${} for the text ${}"});
  if (auto path = reference_path::parse(text); path && *path) {
    references.push_back(reference_of(**path, where));
    return expression(**std::move(path), text, where);
  }
  auto program = jq_program::read(text);
  if (!program)
    return tl::make_unexpected(problem_of(where, one_line(text, shown_length),
                                          std::move(program.error())));
  for (const auto& root : program->roots())
    references.push_back({reference::kind::root, root, where});
  for (const auto& task : program->tasks())
    references.push_back({reference::kind::task, task, where});
  later.push_back({*program, where, one_line(text, shown_length)});
  return expression(*std::move(program), text, where);
}

std::vector<std::optional<expression_problem>>
compile_all(const std::vector<uncompiled_expression>& expressions) {
  std::vector<jq_program> programs;
  for (const auto& each : expressions)
    programs.push_back(each.program);
  auto found = jq_program::compile_all(programs);
  std::vector<std::optional<expression_problem>> problems(found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i])
      problems[i] = problem_of(expressions[i].where, expressions[i].shown,
                               *std::move(found[i]));
  return problems;
}

evaluation_error expression::error(std::string message) const {
  return {text_, where_, std::move(message)};
}

evaluated<json> expression::evaluate(const scope& in) const {
  tl::expected<json, std::string> value;
  if (const auto* path = std::get_if<reference_path>(&how_)) {
    json room;
    const auto found = path->find(in, room);
    if (!found)
      return tl::make_unexpected(error(found.error()));
    if (*found == &room)
      return room;
    return **found;
  }
  value = std::get<jq_program>(how_).run(in);
  if (!value)
    return tl::make_unexpected(error(std::move(value.error())));
  return *std::move(value);
}

evaluated<std::string> expression::evaluate_text(const scope& in) const {
  if (const auto* path = std::get_if<reference_path>(&how_)) {
    json room;
    const auto found = path->find(in, room);
    if (!found)
      return tl::make_unexpected(error(found.error()));
    return as_text(**found);
  }
  auto value = evaluate(in);
  if (!value)
    return tl::make_unexpected(std::move(value.error()));
  return as_text(*value);
}

tl::expected<std::vector<text_part>, std::string>
split_text(std::string_view text) {
  std::vector<text_part> parts;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty())
      parts.push_back({false, std::exchange(literal, {})});
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (rest.starts_with("$${")) {
      literal += "${";
      at += 3;
    } else if (rest.starts_with("${")) {
      const auto read = read_jq(text, at + 2);
      if (!read.closed)
        return tl::make_unexpected("`" + one_line(rest, shown_length) +
                                   "` is not closed");
      end_literal();
      parts.push_back(
          {true, std::string(text.substr(at + 2, read.end - at - 2))});
      at = read.end + 1;
    } else {
      literal += text[at++];
    }
  }
  end_literal();
  return parts;
}

} // namespace mfo::taskflow
