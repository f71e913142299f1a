#include "config/address.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/task_draft.hpp"

#include <memory>

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

/// To be asked at once of one list, and again of one loop.
constexpr std::size_t most_concurrent = 1000;
constexpr std::size_t most_iterations = 10'000;

/// A field for a block of tasks; they are in the draft in the order of the
/// keys, also those that are not in the file.
template <class S>
config::field<S> tasks_field(config::key_spec spec, std::size_t index,
                             std::vector<std::string_view> roots) {
  spec.type = "tasks";
  return reading<S>(std::move(spec),
                    [index, roots](S& draft, const cursor& at, reader& in) {
                      auto& blocks = draft.notes.blocks;
                      if (blocks.size() <= index)
                        blocks.resize(index + 1);
                      blocks[index].roots = roots;
                      read_block(blocks[index], at, in);
                    });
}

task_kind for_each() {
  using t = for_each_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Runs tasks once for each item of a list, which they see as `ITEM` and "
      "`INDEX`; gives the list of what they gave.",
      make_section<s>(
          {filled_in<s>({.key = "in",
                         .help = "The list.",
                         .example = "INPUT.items",
                         .required = true},
                        in_settings(&t::in), {.kind = shape::list}),
           tasks_field<s>(
               {.key = "each", .help = "The tasks.", .required = true}, 0,
               {"ITEM", "INDEX"}),
           config::value<s>(
               {.key = "max_concurrency",
                .help = "How many items are under way at a time.",
                .example = "3",
                .default_text = "the taskflow's"},
               in_settings(&t::max_concurrency),
               config::integer<std::size_t>(1, most_concurrent))}));
}

struct loop_draft {
  loop_task settings_of() && {
    return {nullptr, *std::move(until), max_iterations};
  }

  std::optional<predicate> until;
  std::size_t max_iterations = 1;
  task_notes notes;
};

task_kind loop() {
  using s = loop_draft;
  auto table = make_section<s>(
      {tasks_field<s>({.key = "tasks",
                       .help = "The tasks; they see `ITERATION`, from 0.",
                       .required = true},
                      0, {"ITERATION"}),
       // Sees the tasks of the block, so that what it refers to is the block's.
       reading<s>(
           {.key = "until",
            .help = "Ends the loop when it holds after an iteration; sees its "
                    "tasks.",
            .example = "check.result.done",
            .required = true,
            .type = "condition"},
           [](s& draft, const cursor& at, reader& in) {
             auto& blocks = draft.notes.blocks;
             if (blocks.empty())
               blocks.resize(1);
             draft.until = read_predicate(at, blocks.front().notes, in);
           }),
       config::value<s>({.key = "max_iterations",
                         .help = "To come this far is an error.",
                         .example = "10",
                         .required = true},
                        &s::max_iterations,
                        config::integer<std::size_t>(1, most_iterations))});
  return kind_of("loop",
                 "Runs tasks again and again until a condition holds; gives "
                 "what the last iteration gave.",
                 std::move(table), [](s&& draft, draft_task& task) {
                   if (draft.until)
                     task.made.config = std::move(draft).settings_of();
                 });
}

task_kind fork() {
  using t = fork_task;
  using s = config_draft<t>;
  constexpr std::size_t most_branches = 100;
  return kind_of<t>(
      "Runs several branches at once; gives a map of what they gave.",
      make_section<s>(
          {reading<s>({.key = "branches",
                       .help = "Tasks by the name of their branch.",
                       .required = true,
                       .type = "map of tasks"},
                      [](s& draft, const cursor& at, reader& in) {
                        for (const auto& [name, tasks] :
                             in.read_map(at, most_branches)) {
                          draft.settings.branches.push_back({name, nullptr});
                          read_block(draft.notes.blocks.emplace_back(), tasks,
                                     in);
                        }
                      }),
           config::value<s>({.key = "compete",
                             .help = "The first branch that succeeds ends the "
                                     "others.",
                             .example = "true"},
                            in_settings(&t::compete), config::yes_or_no())}));
}

task_kind try_catch() {
  using t = try_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Runs tasks, and others when they fail.",
      make_section<s>(
          {tasks_field<s>(
               {.key = "tasks", .help = "The tasks.", .required = true}, 0, {}),
           tasks_field<s>({.key = "catch",
                           .help = "The others; they see `ERROR`.",
                           .required = true},
                          1, {"ERROR"})}));
}

} // namespace

const config::section<draft_block>& block_table() {
  static const auto table = make_section<draft_block>(
      {reading<draft_block>(
           {.key = "tasks",
            .help = "The tasks.",
            .required = true,
            .type = "list of tasks"},
           [](draft_block& block, const cursor& at, reader& in) {
             read_tasks(block.tasks, at, in);
           }),
       filled_in<draft_block>(
           {.key = "output",
            .help = "What they give; sees their results.",
            .example = "{id: file.result.id}",
            .default_text = "the result of a single task; else those of the "
                            "tasks that succeeded, by id"},
           &draft_block::output, {})});
  return table;
}

void read_tasks(std::vector<draft_task>& tasks, const cursor& at, reader& in) {
  constexpr std::size_t most_tasks = 1000;
  for (const auto& item : in.read_list(at, most_tasks))
    read_section(task_table(), tasks.emplace_back(), item, in);
}

void read_block(draft_block& block, const cursor& at, reader& in) {
  block.at = at;
  if (at.value->kind == config::node_kind::map)
    read_section(block_table(), block, at, in);
  else
    read_tasks(block.tasks, at, in);
}

std::vector<task_kind> block_kinds() {
  return {for_each(), loop(), fork(), try_catch()};
}

} // namespace mfo::taskflow
