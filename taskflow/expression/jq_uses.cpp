// What an expression refers to, as its words show.

#include "taskflow/expression/jq_tokens.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::taskflow {

namespace {

using token_kind = jq_token::kind;

/// What reads other inputs, writes to a terminal, ends the process, or shows
/// the environment or the file system.
constexpr std::string_view outward[] = {
    "debug",           "env",        "get_jq_origin",  "get_prog_origin",
    "get_search_list", "halt",       "halt_error",     "import",
    "include",         "input",      "input_filename", "input_line_number",
    "inputs",          "modulemeta", "module",         "stderr"};

std::optional<std::string> why_refused(const jq_token& token) {
  const bool variable = token.what == token_kind::variable;
  if (!variable && (token.what != token_kind::identifier || token.key))
    return std::nullopt;
  if (token.text == "SECRETS" || (variable && token.text == "secrets"))
    return "a secret cannot be used in jq";
  const bool reaches_out =
      variable ? token.text == "ENV"
               : std::ranges::find(outward, token.text) != std::end(outward);
  if (!reaches_out)
    return std::nullopt;
  return "`" + std::string(variable ? "$" : "") + token.text +
         "` is not allowed, as it reaches out of the workflow";
}

bool is_mark(const std::vector<jq_token>& tokens, std::size_t at, char c) {
  return at < tokens.size() && tokens[at].what == token_kind::mark &&
         tokens[at].text == std::string_view(&c, 1);
}

/// The name of the task behind `$tasks`, whose index `at` is.
const std::string* task_behind(const std::vector<jq_token>& tokens,
                               std::size_t at) {
  ++at;
  if (at < tokens.size() && tokens[at].what == token_kind::field)
    return &tokens[at].text;
  const bool dot = is_mark(tokens, at, '.');
  at += dot ? 1 : 0;
  const bool bracket = is_mark(tokens, at, '[');
  at += bracket ? 1 : 0;
  const bool named = (dot || bracket) && at < tokens.size() &&
                     tokens[at].what == token_kind::string &&
                     (!bracket || is_mark(tokens, at + 1, ']'));
  return named ? &tokens[at].text : nullptr;
}

/// The steps and operators of what has no `.`, up to the end or a pipe.
class dot_finder {
public:
  explicit dot_finder(const std::vector<jq_token>& tokens) : tokens_(tokens) {}

  bool may_see_dot() {
    for (; at_ < tokens_.size(); ++at_) {
      if (is_mark(tokens_, at_, '|'))
        return is_mark(tokens_, at_ + 1, '=');
      if (!is_known())
        return true;
    }
    return false;
  }

private:
  bool is_known() {
    constexpr std::string_view words[] = {"and", "or", "true", "false", "null"};
    const auto& token = tokens_[at_];
    switch (token.what) {
    case token_kind::variable:
    case token_kind::string:
      return true;
    case token_kind::field:
      return goes_on();
    case token_kind::identifier:
      return std::ranges::find(words, token.text) != std::end(words);
    case token_kind::mark:
      return is_known_mark();
    }
    return false;
  }

  bool is_known_mark() {
    if (is_mark(tokens_, at_, '['))
      return goes_on() && skip_index();
    if (is_mark(tokens_, at_, '='))
      return is_comparison();
    // '0' is any number.
    return std::string_view("0<>!+-*/%,?").find(tokens_[at_].text) !=
           std::string_view::npos;
  }

  /// Behind a value, of which a step takes a part.
  bool goes_on() const {
    return at_ > 0 &&
           (tokens_[at_ - 1].what == token_kind::variable ||
            tokens_[at_ - 1].what == token_kind::field ||
            is_mark(tokens_, at_ - 1, ']') || is_mark(tokens_, at_ - 1, '?'));
  }

  bool skip_index() {
    const auto index = at_ + 1;
    if (index >= tokens_.size() || !is_mark(tokens_, index + 1, ']') ||
        !(tokens_[index].what == token_kind::string ||
          is_mark(tokens_, index, '0')))
      return false;
    at_ = index + 1;
    return true;
  }

  /// And no assignment.
  bool is_comparison() const {
    if (is_mark(tokens_, at_ + 1, '='))
      return true;
    return at_ > 0 &&
           (is_mark(tokens_, at_ - 1, '=') || is_mark(tokens_, at_ - 1, '!') ||
            is_mark(tokens_, at_ - 1, '<') || is_mark(tokens_, at_ - 1, '>'));
  }

  const std::vector<jq_token>& tokens_;
  std::size_t at_ = 0;
};

} // namespace

jq_uses uses_of(const std::vector<jq_token>& tokens) {
  jq_uses uses;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!uses.refused)
      uses.refused = why_refused(tokens[i]);
    if (tokens[i].what != token_kind::variable)
      continue;
    if (std::ranges::find(uses.variables, tokens[i].text) ==
        uses.variables.end())
      uses.variables.push_back(tokens[i].text);
    if (tokens[i].text != "tasks")
      continue;
    if (const auto* task = task_behind(tokens, i))
      uses.tasks.push_back(*task);
    else
      uses.any_task = true;
  }
  uses.dot = dot_finder(tokens).may_see_dot();
  return uses;
}

} // namespace mfo::taskflow
