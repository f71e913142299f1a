// Expressions: the parts of a text are all of it; a path leads to a value or
// says why not; what cannot be compiled says so in a line; and what is said not
// to look at its dot gives the same whatever that is.

#include "config/text.hpp"
#include "fuzz/target.hpp"
#include "taskflow/expression/expression.hpp"
#include "taskflow/expression/jq_tokens.hpp"
#include "taskflow/expression/value_template.hpp"

#include <algorithm>
#include <string>

namespace mfo::fuzz {

namespace {

using namespace taskflow;

class small_scope final : public scope {
public:
  explicit small_scope(json dot) : dot_(std::move(dot)) {}

  const json* root(std::string_view name) const override {
    return name == "ERROR" ? nullptr : &value_;
  }
  const json* result(std::string_view task) const override {
    return task.starts_with('n') ? nullptr : &value_;
  }
  json tasks(const std::vector<std::string>& named) const override {
    auto all = json::object();
    for (const auto& id : named)
      all[id] = {{"outcome", "Succeeded"}, {"result", value_}};
    return all;
  }
  json dot() const override {
    return dot_;
  }
  const std::string* secret(std::string_view name) const override {
    return name.starts_with('n') ? nullptr : &secret_;
  }

private:
  json dot_;
  json value_{{"a", {1, "x", {{"b", nullptr}}}}, {"n", 3}};
  std::string secret_ = "secret";
};

void check_parts(std::string_view text) {
  const auto parts = split_text(text);
  if (!parts)
    return;
  std::string whole;
  for (const auto& part : *parts) {
    if (part.is_expression) {
      whole += "${" + part.text + "}";
      continue;
    }
    for (std::size_t i = 0; i < part.text.size(); ++i) {
      if (part.text.compare(i, 2, "${") == 0)
        whole += '$';
      whole += part.text[i];
    }
  }
  require(whole == text);
}

void check_path(std::string_view text) {
  const auto path = reference_path::parse(text);
  if (!path || !*path)
    return;
  const small_scope in{nullptr};
  json room;
  const auto found = (*path)->find(in, room);
  require(found ? *found != nullptr : !found.error().empty());
}

/// An expression of few words can neither go on for ever nor grow.
bool is_bounded(const jq_tokens& read) {
  constexpr std::string_view words[] = {"and", "or", "true", "false", "null"};
  return std::ranges::all_of(read.tokens, [&](const jq_token& token) {
    switch (token.what) {
    case jq_token::kind::identifier:
      return token.key ||
             std::ranges::find(words, token.text) != std::end(words);
    case jq_token::kind::mark:
      return token.text != "*" && token.text != "=" &&
             !token.text.starts_with('@');
    default:
      return true;
    }
  });
}

void check_jq(std::string_view text) {
  const auto read = read_jq(text);
  require(read.end <= text.size());
  if (read.closed)
    return;
  const auto program = jq_program::compile(text);
  if (!program) {
    require(!program.error().message.empty());
    require(program.error().message.find('\n') == std::string::npos);
    return;
  }
  if (!is_bounded(read))
    return;
  const auto value = program->run(small_scope{nullptr});
  if (!value)
    require(value.error().find('\n') == std::string::npos);
  if (!uses_of(read.tokens).dot)
    require(value == program->run(small_scope{{{"a", 1}}}));
}

void check_template(std::string_view text) {
  if (config::first_invalid_utf8(text) || config::first_control_character(text))
    return;
  config::node yaml;
  yaml.kind = config::node_kind::scalar;
  yaml.text = text;
  const auto made = value_template::compile(yaml);
  if (made)
    return;
  require(!made.error().empty());
  for (const auto& problem : made.error()) {
    require(!problem.message.empty());
    require(problem.message.find('\n') == std::string::npos);
  }
}

} // namespace

void run(std::string_view input) {
  check_parts(input);
  check_path(input);
  // To compile jq takes its time: one way or the other.
  if (input.starts_with('='))
    check_jq(input.substr(1));
  else if (std::ranges::count(input, '$') <= 2)
    check_template(input);
}

} // namespace mfo::fuzz
