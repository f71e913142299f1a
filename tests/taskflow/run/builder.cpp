#include "tests/taskflow/run/builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace mfo::taskflow::tests {

namespace {

/// The index of each name, e.g. of `depends_on`.
class indices {
public:
  explicit indices(const std::vector<node>& nodes) {
    for (const auto& one : nodes)
      by_id_.emplace(one.made.id, by_id_.size());
  }

  std::size_t of(const std::string& id) const {
    const auto found = by_id_.find(id);
    if (found != by_id_.end())
      return found->second;
    ADD_FAILURE() << "no task " << id;
    return 0;
  }

  std::vector<std::size_t> of(const names& ids) const {
    std::vector<std::size_t> found;
    for (const auto& id : ids)
      found.push_back(of(id));
    return found;
  }

private:
  std::map<std::string, std::size_t> by_id_;
};

void sort_once(std::vector<std::size_t>& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

node branching(std::string id, branches of, bool compete) {
  fork_task config{.branches = {}, .compete = compete};
  for (auto& [name, body] : of)
    config.branches.push_back({std::move(name), std::move(body)});
  return {std::move(id), std::move(config)};
}

} // namespace

value_template filled(std::string_view yaml) {
  const auto document =
      config::parse_document("v: " + std::string{yaml}, "a test");
  if (!document) {
    ADD_FAILURE() << yaml << " is no YAML";
    return {};
  }
  auto made = value_template::compile(*document.value()->entries.at(0).value);
  if (made)
    return *made;
  ADD_FAILURE() << yaml << ": " << made.error().at(0).message;
  return {};
}

predicate asked(std::string_view text) {
  auto made = predicate::compile(std::string{text}, {});
  if (!made) {
    ADD_FAILURE() << text << ": " << made.error().message;
    return *predicate::compile("true", {});
  }
  return *made;
}

node::node(std::string id, task_config config)
  : made{.id = std::move(id),
         .where = {},
         .config = std::move(config),
         .waits_for = {},
         .depends = {},
         .depends_on = {},
         .selected_by = {},
         .when = {},
         .retry = {},
         .output_as = {}} {}

node node::after(names tasks) && {
  made.depends = depends_expression::all_of(tasks);
  return std::move(*this);
}

node node::depends(std::string_view expression) && {
  auto parsed = depends_expression::parse(expression);
  if (parsed)
    made.depends = *std::move(parsed);
  else
    ADD_FAILURE() << expression << ": " << parsed.error().message;
  return std::move(*this);
}

node node::reads(names tasks) && {
  reads_of = std::move(tasks);
  return std::move(*this);
}

node node::when(std::string_view expression) && {
  made.when = asked(expression);
  return std::move(*this);
}

node node::priority(task_priority given) && {
  made.priority = given;
  return std::move(*this);
}

node node::retry(config::retry_settings given) && {
  made.retry = given;
  return std::move(*this);
}

node node::timeout(milliseconds given) && {
  made.timeout = given;
  return std::move(*this);
}

node node::output_as(std::string name) && {
  made.output_as = std::move(name);
  return std::move(*this);
}

node call(std::string id) {
  tool_execute_task config{.tool_id = value_template::constant(id),
                           .arguments = {}};
  return {std::move(id), std::move(config)};
}

node set(std::string id, std::string_view value) {
  return {std::move(id), set_task{filled(value)}};
}

node condition(std::string id, std::vector<choice> cases, names otherwise) {
  condition_task config;
  std::vector<names> selects;
  for (auto& [when, then] : cases) {
    config.cases.push_back({.when = asked(when), .then = {}, .label = when});
    selects.push_back(std::move(then));
  }
  selects.push_back(std::move(otherwise));
  node made{std::move(id), std::move(config)};
  made.selects = std::move(selects);
  return made;
}

node wait(std::string id, std::string_view duration) {
  return {std::move(id), wait_task{filled(duration)}};
}

node raise(std::string id, std::string_view code, std::string_view message) {
  return {std::move(id),
          raise_task{.code = filled(code), .message = filled(message)}};
}

block made_of(std::vector<node> nodes, std::string_view output) {
  const indices index{nodes};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    auto* condition = std::get_if<condition_task>(&nodes[i].made.config);
    if (!condition)
      continue;
    const auto& selects = nodes[i].selects;
    for (std::size_t c = 0; c < condition->cases.size(); ++c)
      condition->cases[c].then = index.of(selects[c]);
    condition->otherwise = index.of(selects.back());
    for (const auto& some : selects)
      for (const auto target : index.of(some))
        nodes[target].made.selected_by.push_back(i);
  }
  block made;
  for (auto& one : nodes) {
    auto& task = one.made;
    for (const auto& mention : task.depends.mentions())
      task.depends_on.push_back(index.of(mention.task));
    sort_once(task.selected_by);
    task.waits_for = index.of(one.reads_of);
    for (const auto* more : {&task.depends_on, &task.selected_by})
      task.waits_for.insert(task.waits_for.end(), more->begin(), more->end());
    sort_once(task.waits_for);
    made.tasks.push_back(std::move(task));
  }
  if (!output.empty())
    made.output = filled(output);
  return made;
}

shared_block shared(std::vector<node> nodes, std::string_view output) {
  return std::make_shared<const block>(made_of(std::move(nodes), output));
}

node each_of(std::string id, std::string_view in, shared_block each,
             std::size_t most) {
  return {std::move(id), for_each_task{.in = filled(in),
                                       .each = std::move(each),
                                       .max_concurrency = most}};
}

node loop(std::string id, shared_block body, std::string_view until,
          std::size_t most) {
  return {std::move(id), loop_task{.body = std::move(body),
                                   .until = asked(until),
                                   .max_iterations = most}};
}

node fork(std::string id, branches of) {
  return branching(std::move(id), std::move(of), false);
}

node compete(std::string id, branches of) {
  return branching(std::move(id), std::move(of), true);
}

node attempt(std::string id, shared_block tasks, shared_block rescue) {
  return {std::move(id),
          try_task{.tasks = std::move(tasks), .rescue = std::move(rescue)}};
}

node subflow(std::string id, std::size_t taskflow, std::string_view input) {
  return {std::move(id),
          subflow_task{.taskflow = taskflow, .input = filled(input)}};
}

flow flow_of(std::vector<node> nodes, std::string_view output) {
  flow made;
  made.id = "main";
  made.body = made_of(std::move(nodes), output);
  return made;
}

workflow_ptr workflow_of(std::vector<flow> flows) {
  workflow made;
  made.name = "a test";
  made.taskflows = std::move(flows);
  return std::make_shared<const workflow>(std::move(made));
}

} // namespace mfo::taskflow::tests
