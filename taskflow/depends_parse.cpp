#include "config/characters.hpp"
#include "config/text.hpp"
#include "core/text.hpp"
#include "taskflow/depends.hpp"
#include "taskflow/depends_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::taskflow {

namespace {

using config::is_name_part;
using config::is_white;

constexpr std::size_t max_text = 4096;
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_mentions = 256;

std::optional<outcome_set> outcome_named(std::string_view name) {
  const auto* found = std::ranges::find(task_outcome_names, name);
  if (found == task_outcome_names.end())
    return std::nullopt;
  return set_of(
      {static_cast<task_outcome>(found - task_outcome_names.begin())});
}

std::string outcome_hint(std::string_view word) {
  for (const auto name : task_outcome_names)
    if (core::equal_ignoring_case(name, word))
      return fmt::format("did you mean {}?", name);
  const auto near = config::nearest(
      word, {task_outcome_names.begin(), task_outcome_names.end()});
  return near ? fmt::format("did you mean {}?", *near)
              : fmt::format("the outcomes are {}",
                            fmt::join(task_outcome_names, ", "));
}

/// What the languages that people come from write instead.
std::string operator_hint(std::string_view rest) {
  const auto* word_end = std::ranges::find_if_not(rest, is_name_part);
  const std::string_view word{rest.begin(), word_end};
  if (rest.starts_with('&') || rest.starts_with(',') ||
      core::equal_ignoring_case(word, "and"))
    return "write &&";
  if (rest.starts_with('|') || core::equal_ignoring_case(word, "or"))
    return "write ||";
  if (rest.starts_with('='))
    return "write task.Outcome, as in check.Failed";
  return "";
}

/// One character as a message may have it: of what is not ASCII, it would be a
/// part.
std::string shown(char c) {
  return c > ' ' && c <= '~' ? std::string(1, c) : "this character";
}

std::string not_an_outcome(std::string_view word) {
  constexpr std::size_t longest_shown = 32;
  if (word.empty())
    return "an outcome should follow the point";
  return word.size() > longest_shown
             ? "this is not an outcome"
             : fmt::format("{} is not an outcome", word);
}

} // namespace

class depends_expression::parser {
public:
  explicit parser(std::string_view text) : text_(text) {}

  tl::expected<depends_expression, problem> parse() {
    if (text_.size() > max_text)
      return fail(max_text, "the condition is longer than 4 KiB");
    skip_blanks();
    if (at_ == text_.size())
      return fail(at_, "the condition is empty",
                  "name a task, as in check.Succeeded");
    auto root = either(false);
    if (!root)
      return tl::unexpected(std::move(root.error()));
    if (at_ != text_.size())
      return unexpected_text();
    return depends_expression(std::make_shared<const node>(std::move(*root)),
                              std::move(mentions_));
  }

private:
  using parsed = tl::expected<node, problem>;

  static tl::unexpected<problem> fail(std::size_t offset, std::string message,
                                      std::string hint = "") {
    return tl::unexpected(problem{offset, std::move(message), std::move(hint)});
  }

  /// What stands where an operator or the end should be.
  tl::unexpected<problem> unexpected_text() const {
    const auto c = text_[at_];
    if (c == ')')
      return fail(at_, "this ) closes nothing");
    const auto hint = operator_hint(text_.substr(at_));
    if (is_name_part(c) || c == '(' || c == '!')
      return fail(at_, "&& or || is missing before this", hint);
    return fail(at_, fmt::format("{} is not a part of a condition", shown(c)),
                hint);
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_white(text_[at_]))
      ++at_;
  }

  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token))
      return false;
    at_ += token.size();
    skip_blanks();
    return true;
  }

  std::string_view take_word() {
    const auto begin = at_;
    while (at_ < text_.size() && is_name_part(text_[at_]))
      ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// Negated, `a || b` is `!a && !b` and the other way round.
  parsed either(bool negated) {
    return chain("||", negated ? node::kind::all : node::kind::any,
                 [&] { return both(negated); });
  }

  parsed both(bool negated) {
    return chain("&&", negated ? node::kind::any : node::kind::all,
                 [&] { return single(negated); });
  }

  template <class Operand>
  parsed chain(std::string_view separator, node::kind what,
               const Operand& operand) {
    auto first = operand();
    if (!first || !text_.substr(at_).starts_with(separator))
      return first;
    node all{what, {}, 0, {}};
    all.children.push_back(std::move(*first));
    while (take(separator)) {
      auto next = operand();
      if (!next)
        return next;
      all.children.push_back(std::move(*next));
    }
    return all;
  }

  parsed single(bool negated) {
    const auto begin = at_;
    if (depth_ == max_depth)
      return fail(begin, fmt::format("more than {} levels deep", max_depth));
    ++depth_;
    auto result = take("!")   ? single(!negated)
                  : take("(") ? group(begin, negated)
                              : task(negated);
    --depth_;
    return result;
  }

  parsed group(std::size_t begin, bool negated) {
    auto inner = either(negated);
    if (!inner || take(")"))
      return inner;
    if (at_ == text_.size())
      return fail(begin, "this ( is never closed");
    return unexpected_text();
  }

  parsed task(bool negated) {
    const auto begin = at_;
    const auto id = take_word();
    if (id.empty()) {
      return fail(begin,
                  begin == text_.size()
                      ? "a task is missing at the end"
                      : fmt::format("a task should stand here, not {}",
                                    shown(text_[begin])),
                  "name a task, as in check.Succeeded");
    }
    if (++count_ > max_mentions)
      return fail(begin,
                  fmt::format("more than {} mentions of tasks", max_mentions));
    auto wanted = ended_well;
    if (at_ < text_.size() && text_[at_] == '.') {
      const auto outcome_begin = ++at_;
      const auto name = take_word();
      const auto named = outcome_named(name);
      if (!named)
        return fail(outcome_begin, not_an_outcome(name), outcome_hint(name));
      wanted = *named;
    }
    skip_blanks();
    return node{node::kind::task,
                {},
                mention_of(id, begin),
                negated ? ~wanted : wanted};
  }

  std::size_t mention_of(std::string_view id, std::size_t offset) {
    const auto index = index_of(id, mentions_);
    if (index == mentions_.size())
      mentions_.push_back({std::string(id), offset});
    return index;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t count_ = 0; ///< of mentions, repeated ones too
  std::vector<mention> mentions_;
};

tl::expected<depends_expression, depends_expression::problem>
depends_expression::parse(std::string_view text) {
  auto parsed = parser(text).parse();
  if (parsed)
    parsed->text_ = text;
  return parsed;
}

} // namespace mfo::taskflow
