#include "taskflow/expression/jq.hpp"

#include "core/text.hpp"
#include "taskflow/expression/jq_joint.hpp"
#include "taskflow/expression/jq_messages.hpp"
#include "taskflow/expression/jq_pool.hpp"
#include "taskflow/expression/jq_tokens.hpp"
#include "taskflow/expression/jq_value.hpp"
#include "taskflow/expression/reference_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace mfo::taskflow {

struct jq_program::shared {
  std::string text; ///< with what makes the variables
  std::vector<std::string> roots;
  std::vector<std::string> tasks;
  bool dot = true;        ///< it may look at its dot
  bool any_task = false;  ///< it may look at tasks that it does not name
  bool has_tasks = false; ///< it names `$tasks`
  bool joins = false;     ///< may be compiled with others

  std::shared_ptr<const jq_pool> pool; ///< perhaps with others
  joint_path path;                     ///< its own in there

  /// Which may be all of a large input, and is then worth not to be asked for.
  json dot_of(const scope& in) const {
    return dot ? in.dot() : json();
  }

  /// What the expression is given: its dot, or, with variables, a list of it
  /// and of their values.
  tl::expected<jq_value, std::string> own_input(const scope& in) const {
    if (roots.empty() && !has_tasks)
      return to_jq(dot_of(in));
    jq_value list(jv_array());
    std::optional<std::string> why_not;
    const auto append = [&](const json& value) {
      auto converted = to_jq(value);
      if (converted)
        list = jq_value(jv_array_append(list.release(), converted->release()));
      else
        why_not = std::move(converted.error());
    };
    append(dot_of(in));
    for (const auto& root : roots) {
      const auto* value = in.root(root);
      append(value == nullptr ? json() : *value);
    }
    if (has_tasks)
      append(in.tasks(any_task ? std::vector<std::string>() : tasks));
    if (why_not)
      return tl::make_unexpected(*std::move(why_not));
    return list;
  }

  /// What the program is given that the expression is a part of.
  tl::expected<jq_value, std::string> input(const scope& in) const {
    auto own = own_input(in);
    if (!own || path.empty())
      return own;
    jq_value list(jv_array_append(jv_array(), own->release()));
    for (const bool second : path)
      list = jq_value(jv_array_append(list.release(), jv_bool(second ? 1 : 0)));
    return list;
  }
};

namespace {

std::optional<jq_program::problem>
refuse(std::string_view text, const jq_tokens& read, const jq_uses& uses) {
  if (text.find('\0') != text.npos)
    return jq_program::problem{"the expression has a zero byte", ""};
  if (text.size() > max_expression)
    return jq_program::problem{
        fmt::format("the expression is longer than {} bytes", max_expression),
        ""};
  if (read.depth > max_expression_depth)
    return jq_program::problem{
        fmt::format("the expression has brackets deeper than {} in one another",
                    max_expression_depth),
        ""};
  if (uses.refused)
    return jq_program::problem{*uses.refused,
                               uses.refused->starts_with("a secret")
                                   ? "give it alone, as ${SECRETS.<name>}"
                                   : ""};
  return std::nullopt;
}

} // namespace

/// Compiles as many together as it can.
class jq_program::compiler {
public:
  explicit compiler(const std::vector<jq_program>& programs)
    : programs_(programs), problems_(programs.size()) {}

  std::vector<std::optional<problem>> run() {
    std::vector<std::size_t> joined;
    for (std::size_t i = 0; i < programs_.size(); ++i)
      if (programs_[i].shared_->joins)
        joined.push_back(i);
      else
        compile(std::span(&i, 1));
    for (std::span<const std::size_t> rest(joined); !rest.empty();) {
      const auto count = first_group(rest);
      compile(rest.first(count));
      rest = rest.subspan(count);
    }
    return std::move(problems_);
  }

private:
  std::size_t first_group(std::span<const std::size_t> rest) const {
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (; count < std::min(rest.size(), max_joint); ++count) {
      bytes += programs_[rest[count]].shared_->text.size();
      if (count > 0 && bytes > max_joint_bytes)
        break;
    }
    return count;
  }

  /// Where jq has something against one of them, it says so of the halves: an
  /// expression that it refuses is alone in the end, and what it says of it
  /// does not depend on the others.
  void compile(std::span<const std::size_t> group) {
    std::vector<std::string_view> texts;
    for (const auto i : group)
      texts.emplace_back(programs_[i].shared_->text);
    auto joint = join_jq(texts);
    auto pool = jq_pool::make(std::move(joint.text));
    if (!pool && group.size() == 1) {
      problems_[group.front()] = jq_problem_of(pool.error());
    } else if (!pool) {
      compile(group.first(group.size() / 2));
      compile(group.subspan(group.size() / 2));
    } else {
      for (std::size_t i = 0; i < group.size(); ++i) {
        auto& program = *programs_[group[i]].shared_;
        program.pool = *pool;
        program.path = std::move(joint.paths[i]);
      }
    }
  }

  const std::vector<jq_program>& programs_;
  std::vector<std::optional<problem>> problems_;
};

jq_program::jq_program(std::shared_ptr<shared> program)
  : shared_(std::move(program)) {}

tl::expected<jq_program, jq_program::problem>
jq_program::read(std::string_view text) {
  const auto read = read_jq(text);
  auto uses = uses_of(read.tokens);
  if (auto why = refuse(text, read, uses))
    return tl::make_unexpected(*std::move(why));
  auto made = std::make_shared<shared>();
  made->joins = may_be_joined(read);
  made->tasks = std::move(uses.tasks);
  made->dot = uses.dot;
  made->any_task = uses.any_task;
  const auto is_used = [&](std::string_view variable) {
    return std::ranges::find(uses.variables, variable) != uses.variables.end();
  };
  std::size_t index = 0;
  const auto bind = [&](std::string_view variable) {
    made->text += fmt::format(".[{}] as ${} | ", ++index, variable);
  };
  for (const auto root : root_names) {
    if (!is_used(core::lower_case(root)))
      continue;
    made->roots.emplace_back(root);
    bind(core::lower_case(root));
  }
  made->has_tasks = is_used("tasks");
  if (made->has_tasks)
    bind("tasks");
  if (index > 0)
    made->text += ".[0] | ";
  made->text += text;
  return jq_program(std::move(made));
}

std::vector<std::optional<jq_program::problem>>
jq_program::compile_all(const std::vector<jq_program>& programs) {
  return compiler(programs).run();
}

tl::expected<jq_program, jq_program::problem>
jq_program::compile(std::string_view text) {
  auto program = read(text);
  if (!program)
    return program;
  if (auto problem = compile_all({*program}).front())
    return tl::make_unexpected(*std::move(problem));
  return program;
}

const std::vector<std::string>& jq_program::tasks() const noexcept {
  return shared_->tasks;
}

const std::vector<std::string>& jq_program::roots() const noexcept {
  return shared_->roots;
}

tl::expected<json, std::string> jq_program::run(const scope& in) const {
  if (shared_->pool == nullptr)
    return tl::make_unexpected(std::string("has not been compiled"));
  auto input = shared_->input(in);
  if (!input)
    return tl::make_unexpected(std::move(input.error()));
  return shared_->pool->run(*std::move(input));
}

} // namespace mfo::taskflow
