#include "taskflow/expression/jq_joint.hpp"

#include "taskflow/expression/jq_prelude.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

/// A function that makes its argument one.
constexpr std::string_view apart = "_apart";

bool is_mark(const jq_tokens& read, std::size_t at, std::string_view mark) {
  return at < read.tokens.size() &&
         read.tokens[at].what == jq_token::kind::mark &&
         read.tokens[at].text == mark;
}

class joiner {
public:
  explicit joiner(const std::vector<std::string_view>& expressions)
    : expressions_(expressions) {
    out_.paths.resize(expressions.size());
  }

  joint_program join() {
    out_.text = jq_prelude;
    if (expressions_.size() == 1) {
      out_.text += expressions_.front();
    } else {
      out_.text += fmt::format("def {}(f): f; ", apart);
      add(0, expressions_.size(), 1);
    }
    return std::move(out_);
  }

private:
  /// A tree of forks, whose depth is the logarithm of their number.
  void add(std::size_t from, std::size_t to, std::size_t level) {
    if (to - from == 1) {
      // The line may end in a comment; a second pair of brackets is for what is
      // no single argument.
      out_.text +=
          fmt::format(".[0] | {}((\n{}\n))", apart, expressions_[from]);
      return;
    }
    const auto middle = from + (to - from) / 2;
    for (auto i = from; i < to; ++i)
      out_.paths[i].push_back(i >= middle);
    out_.text += fmt::format("if .[{}] then ", level);
    add(middle, to, level + 1);
    out_.text += " else ";
    add(from, middle, level + 1);
    out_.text += " end";
  }

  const std::vector<std::string_view>& expressions_;
  joint_program out_;
};

} // namespace

bool may_be_joined(const jq_tokens& read) {
  if (!read.balanced)
    return false;
  for (std::size_t i = 0; i < read.tokens.size(); ++i) {
    const auto& token = read.tokens[i];
    if (token.text == "__loc__" || token.text == apart)
      return false;
    if (is_mark(read, i, "?") && is_mark(read, i + 1, "/") &&
        is_mark(read, i + 2, "/"))
      return false;
  }
  return true;
}

joint_program join_jq(const std::vector<std::string_view>& expressions) {
  return joiner(expressions).join();
}

} // namespace mfo::taskflow
