#include "taskflow/depends.hpp"

#include "taskflow/depends_node.hpp"

#include <utility>

namespace mfo::taskflow {

namespace {

constexpr auto failures =
    set_of({task_outcome::failed, task_outcome::errored, task_outcome::omitted,
            task_outcome::cancelled});

} // namespace

depends_expression::depends_expression() = default;

depends_expression::depends_expression(std::shared_ptr<const node> root,
                                       std::vector<mention> mentions)
  : root_(std::move(root)), mentions_(std::move(mentions)) {}

depends_expression
depends_expression::all_of(const std::vector<std::string>& tasks) {
  node root{node::kind::all, {}, 0, {}};
  std::vector<mention> mentions;
  for (const auto& id : tasks) {
    const auto index = index_of(id, mentions);
    if (index < mentions.size())
      continue;
    root.children.push_back({node::kind::task, {}, index, ended_well});
    mentions.push_back({id, 0});
  }
  return depends_expression(std::make_shared<const node>(std::move(root)),
                            std::move(mentions));
}

const std::string& depends_expression::text() const noexcept {
  return text_;
}

const std::vector<depends_expression::mention>&
depends_expression::mentions() const noexcept {
  return mentions_;
}

bool depends_expression::is_plain() const {
  return !root_ || root_->is_plain();
}

bool depends_expression::handles_failure_of(std::string_view task) const {
  const auto index = index_of(task, mentions_);
  return root_ && root_->any_place(index, [](const outcome_set& wanted) {
    return (wanted & failures).any() &&
           !contains(wanted, task_outcome::succeeded);
  });
}

bool depends_expression::handles(std::string_view task,
                                 task_outcome outcome) const {
  const auto index = index_of(task, mentions_);
  return root_ && root_->any_place(index, [=](const outcome_set& wanted) {
    return contains(wanted, outcome);
  });
}

bool depends_expression::holds(
    const std::function<task_outcome(std::size_t)>& outcome_of) const {
  return !root_ || root_->holds(outcome_of);
}

} // namespace mfo::taskflow
