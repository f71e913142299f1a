// Tasks that have blocks: how these begin, and what their ends mean.

#include "taskflow/run/json_size.hpp"
#include "taskflow/run/run_impl.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

child_blocks& children_of(task_run& task) {
  return std::get<child_blocks>(task.work->doing);
}

child_blocks& make_children(task_run& task, std::size_t count) {
  if (!task.work)
    task.work = std::make_unique<task_work>();
  auto& children = task.work->doing.emplace<child_blocks>();
  children.blocks.resize(count);
  children.results.resize(count);
  return children;
}

json_ptr array_of(const std::vector<json_ptr>& results) {
  json list = json::array();
  for (const auto& one : results)
    list.push_back(*one);
  return std::make_shared<const json>(std::move(list));
}

} // namespace

std::optional<std::string> run::impl::input_problem(const flow& of,
                                                    const late_json& input) {
  if (!of.input_schema)
    return std::nullopt;
  if (!input.get())
    return "the input of " + of.id + " is no JSON";
  const auto violations = of.input_schema->check(
      input.get()->dump(-1, ' ', false, json::error_handler_t::replace));
  if (violations.empty())
    return std::nullopt;
  std::string problem = "the input of " + of.id + " does not fit its schema:";
  for (const auto& violation : violations)
    problem += " \"" + violation.pointer + "\" (" + violation.rule + ")";
  return problem;
}

std::unique_ptr<block_run> run::impl::open_block(const block& definition,
                                                 flow_run& in, task_run* parent,
                                                 std::size_t slot) {
  const auto& plan = definition.plan.of(definition);
  auto opened = std::make_unique<block_run>();
  opened->definition = &definition;
  opened->plan = &plan;
  opened->flow = &in;
  opened->parent = parent;
  opened->slot = slot;
  opened->depth = parent ? parent->in->depth + 1 : 1;
  opened->open = definition.tasks.size();
  opened->tasks = std::make_unique<task_run[]>(opened->open);
  for (std::size_t i = 0; i < opened->open; ++i) {
    auto& task = opened->tasks[i];
    task.in = opened.get();
    task.waits_for = plan[i].waits_for;
    if (task.waits_for == 0)
      decidable_.push_back(task);
  }
  if (opened->depth > limits_.max_depth)
    stop(task_outcome::errored,
         {.code = "max_depth",
          .message = "blocks stand in one another more than " +
                     std::to_string(limits_.max_depth) + " deep",
          .task = parent ? path_of(*parent) : ""});
  return opened;
}

block_run& run::impl::begin_child(task_run& task, const block& definition,
                                  std::size_t slot, std::size_t place) {
  auto& child = children_of(task).blocks[place];
  child = open_block(definition, *task.in->flow, &task, slot);
  return *child;
}

void run::impl::begin_as(task_run& task, const for_each_task& config) {
  auto items = value_of(task, config.in);
  if (!items)
    return;
  if (!items->is_array())
    return fail(task, task_outcome::errored, "expression",
                std::string{"in: expected a list, not "} + items->type_name());
  if (items->size() > limits_.max_iterations)
    return stop(task_outcome::errored,
                {.code = "max_iterations",
                 .message = "a list of " + std::to_string(items->size()) +
                            " items, and no more than " +
                            std::to_string(limits_.max_iterations) +
                            " are allowed",
                 .task = path_of(task)});
  auto& children = make_children(task, items->size());
  children.items = std::make_shared<const json>(std::move(*items));
  if (children.items->empty())
    return succeed(task, array_of({}));
  begin_items(task, config);
}

void run::impl::begin_items(task_run& task, const for_each_task& config) {
  auto& children = children_of(task);
  const auto most = config.max_concurrency > 0
                        ? config.max_concurrency
                        : task.in->flow->definition->max_concurrency;
  while (children.next < children.items->size() && children.running < most) {
    const auto i = children.next++;
    ++children.running;
    auto& child = begin_child(task, *config.each, i, i);
    child.item = json_ptr{children.items, &(*children.items)[i]};
    child.index = i;
  }
}

void run::impl::begin_as(task_run& task, const loop_task& config) {
  make_children(task, 1);
  begin_child(task, *config.body, 0, 0).iteration = 0;
}

void run::impl::begin_as(task_run& task, const fork_task& config) {
  auto& children = make_children(task, config.branches.size());
  children.running = children.next = config.branches.size();
  for (std::size_t i = 0; i < config.branches.size(); ++i)
    begin_child(task, *config.branches[i].body, i, i);
}

void run::impl::begin_as(task_run& task, const try_task& config) {
  make_children(task, 1);
  begin_child(task, *config.tasks, 0, 0);
}

void run::impl::begin_as(task_run& task, const subflow_task& config) {
  auto value = value_of(task, config.input);
  if (!value)
    return;
  late_json input{std::make_shared<const json>(std::move(*value))};
  const auto& target = values_.workflow->taskflows[config.taskflow];
  if (auto problem = input_problem(target, input))
    return fail(task, task_outcome::errored, "input_schema",
                std::move(*problem));
  auto& children = make_children(task, 0);
  children.flow = std::make_unique<flow_run>();
  auto& flow = *children.flow;
  flow.definition = &target;
  flow.index = config.taskflow;
  flow.input = std::move(input);
  if (target.timeout.count() > 0 &&
      now_ + target.timeout < task.work->deadline) {
    task.work->deadline = now_ + target.timeout;
    set_timer(task, timer::kind::time_out, task.work->deadline);
  }
  flow.body = open_block(target.body, flow, &task, 0);
}

void run::impl::close(block_run& block) {
  // Before what is left is cancelled: that cannot fail it any more.
  cancel_block(block);
  auto end = end_of(block);
  if (stop_) // its output is too large
    return;
  auto* parent = block.parent;
  if (!parent)
    return end ? settle(task_outcome::succeeded, std::move(*end), std::nullopt)
               : settle(end.error().outcome, nullptr, end.error().error);
  std::visit(
      [&](const auto& config) {
        if constexpr (requires {
                        child_ended(*parent, config, block, std::move(end));
                      })
          child_ended(*parent, config, block, std::move(end));
        else
          end_as(*parent, std::move(end));
      },
      parent->definition().config);
}

run::impl::block_end run::impl::end_of(const block_run& block) {
  if (block.failed)
    return tl::unexpected(*block.failed);
  if (!block.definition->output)
    return collected_result(block);
  auto value = block.definition->output->evaluate(run_scope{values_, block});
  if (!value)
    return tl::unexpected(
        failure{.outcome = task_outcome::errored,
                .error = {.code = "expression",
                          .message = to_string(value.error()),
                          .task = block.parent ? path_of(*block.parent) : ""}});
  count_output(block.parent, json_size(*value));
  return std::make_shared<const json>(std::move(*value));
}

void run::impl::end_as(task_run& task, block_end end) {
  if (end)
    succeed(task, std::move(*end));
  else
    fail(task, std::move(end.error()));
}

bool run::impl::one_of_many_ended(task_run& task, const block_run& child,
                                  block_end end) {
  auto& children = children_of(task);
  --children.running;
  const auto slot = child.slot;
  if (end)
    children.results[slot] = std::move(*end);
  else if (!children.failed)
    children.failed = std::move(end.error());
  children.blocks[slot].reset();
  return children.running == 0 && children.next == children.blocks.size();
}

void run::impl::child_ended(task_run& task, const for_each_task& config,
                            const block_run& child, block_end end) {
  auto& children = children_of(task);
  const bool all = one_of_many_ended(task, child, std::move(end));
  if (children.failed && (all || task.in->flow->definition->fail_fast))
    return fail(task, std::move(*children.failed));
  if (all)
    return succeed(task, array_of(children.results));
  begin_items(task, config);
}

void run::impl::child_ended(task_run& task, const fork_task& config,
                            const block_run& child, block_end end) {
  auto& children = children_of(task);
  const auto slot = child.slot;
  const bool good = end.has_value();
  const bool all = one_of_many_ended(task, child, std::move(end));
  if (config.compete && good)
    return succeed(task, std::make_shared<const json>(
                             json{{"branch", config.branches[slot].name},
                                  {"result", *children.results[slot]}}));
  const bool fast = task.in->flow->definition->fail_fast && !config.compete;
  if (children.failed && (all || fast))
    return fail(task, std::move(*children.failed));
  if (!all)
    return;
  json results = json::object();
  for (std::size_t i = 0; i < config.branches.size(); ++i)
    results[config.branches[i].name] = *children.results[i];
  succeed(task, std::make_shared<const json>(std::move(results)));
}

void run::impl::child_ended(task_run& task, const loop_task& config,
                            const block_run& child, block_end end) {
  if (!end)
    return end_as(task, std::move(end));
  const auto enough = config.until.evaluate(run_scope{values_, child});
  if (!enough)
    return fail(task, task_outcome::errored, "expression",
                to_string(enough.error()));
  if (*enough)
    return end_as(task, std::move(end));
  const auto turns = child.slot + 1;
  if (turns >= config.max_iterations)
    return fail(task, task_outcome::errored, "max_iterations",
                "still not done after " + std::to_string(turns) + " turns");
  if (turns == limits_.max_iterations)
    return stop(
        task_outcome::errored,
        {.code = "max_iterations",
         .message = "a loop of more than " + std::to_string(turns) + " turns",
         .task = path_of(task)});
  begin_child(task, *config.body, turns, 0).iteration = turns;
}

void run::impl::child_ended(task_run& task, const try_task& config,
                            const block_run& /*child*/, block_end end) {
  auto& children = children_of(task);
  if (end || children.rescuing)
    return end_as(task, std::move(end));
  children.rescuing = true;
  const auto [outcome, error] = std::move(end.error());
  begin_child(task, *config.rescue, 0, 0).error =
      json{{"code", error.code},
           {"message", error.message},
           {"task", error.task},
           {"outcome", to_string(outcome)}};
}

} // namespace mfo::taskflow
