#include "taskflow/run/run_scope.hpp"

#include <algorithm>

namespace mfo::taskflow {

namespace {

json described(const task_run& task) {
  json value{{"outcome", to_string(task.outcome)}};
  if (task.result)
    value["result"] = *task.result;
  if (task.error)
    value["error"] = {{"code", task.error->code},
                      {"message", task.error->message}};
  return value;
}

} // namespace

template <class Member>
const json* run_scope::nearest(Member member) const {
  for (const auto* block = &block_; block; block = around(*block))
    if (const auto& value = block->*member)
      return &*value;
  return nullptr;
}

const json* run_scope::root(std::string_view name) const {
  if (name == "INPUT")
    return block_.flow->input.get().get();
  if (name == "TRIGGER")
    return values_.trigger.get().get();
  if (name == "CONTEXT")
    return &values_.context;
  if (name == "ITEM")
    return nearest(&block_run::item);
  if (name == "INDEX")
    return nearest(&block_run::index);
  if (name == "ITERATION")
    return nearest(&block_run::iteration);
  if (name == "ERROR")
    return nearest(&block_run::error);
  return nullptr;
}

const task_run* run_scope::find(std::string_view task) const {
  for (const auto* block = &block_; block; block = around(*block))
    if (const auto found = block->plan->find(task))
      return &block->tasks[*found];
  return nullptr;
}

const json* run_scope::result(std::string_view task) const {
  const auto* found = find(task);
  return found ? found->result.get() : nullptr;
}

json run_scope::tasks(const std::vector<std::string>& named) const {
  json all = json::object();
  for (const auto& id : named)
    if (const auto* found = find(id); found && found->ended())
      all.emplace(id, described(*found));
  if (!named.empty())
    return all;
  for (const auto* block = &block_; block; block = around(*block)) {
    const auto& definitions = block->definition->tasks;
    for (std::size_t i = 0; i < definitions.size(); ++i)
      if (block->tasks[i].ended())
        all.emplace(definitions[i].id, described(block->tasks[i]));
  }
  return all;
}

json run_scope::dot() const {
  if (!task_)
    return *collected_result(block_);
  const auto& before = task_->definition().waits_for;
  if (before.empty()) {
    const auto& input = block_.flow->input.get();
    return input ? *input : json{};
  }
  if (before.size() == 1) {
    const auto& result = block_.tasks[before.front()].result;
    return result ? *result : json{};
  }
  json results = json::object();
  for (const auto i : before)
    if (block_.tasks[i].result)
      results[block_.definition->tasks[i].id] = *block_.tasks[i].result;
  return results;
}

const std::string* run_scope::secret(std::string_view name) const {
  const auto& secrets = values_.workflow->secrets;
  const auto found =
      std::find_if(secrets.begin(), secrets.end(),
                   [&](const auto& one) { return one.name == name; });
  return found == secrets.end() ? nullptr : &found->value.reveal();
}

} // namespace mfo::taskflow
