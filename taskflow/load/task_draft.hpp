#pragma once

#include "taskflow/load/fields.hpp"
#include "taskflow/load/tables.hpp"

#include <iterator>
#include <string>
#include <utility>

/// What the tables of the types of tasks are made of.
namespace mfo::taskflow {

/// A task's configuration while it is read.
template <class T>
struct config_draft {
  T settings{};
  task_notes notes;
};

/// A member of it.
template <class M, class T>
auto in_settings(M T::*member) {
  return [member](auto& draft) -> auto& {
    return draft.settings.*member;
  };
}

/// Adds what was found in a part to what was found before.
inline void append(task_notes& all, task_notes&& part) {
  const auto move_all = [](auto& to, auto& from) {
    to.insert(to.end(), std::move_iterator(from.begin()),
              std::move_iterator(from.end()));
  };
  move_all(all.uses, part.uses);
  move_all(all.pending, part.pending);
  move_all(all.blocks, part.blocks);
  move_all(all.targets, part.targets);
  if (part.taskflow)
    all.taskflow = std::move(part.taskflow);
  if (part.prompt)
    all.prompt = std::move(part.prompt);
}

/// `finish` makes the settings of the draft.
template <class Draft, class Finish>
task_kind kind_of(std::string_view name, std::string help,
                  config::section<Draft> table, Finish finish) {
  auto keys = table.keys;
  return {std::string(name), std::move(help), std::move(keys),
          [table = std::move(table), finish](
              draft_task& task, const config::cursor& at, config::reader& in) {
            Draft draft;
            config::read_section(table, draft, at, in);
            append(task.notes, std::move(draft.notes));
            finish(std::move(draft), task);
          }};
}

template <class T>
task_kind kind_of(std::string help, config::section<config_draft<T>> table) {
  return kind_of(type_name(T{}), std::move(help), std::move(table),
                 [](config_draft<T>&& draft, draft_task& task) {
                   task.made.config = std::move(draft.settings);
                 });
}

} // namespace mfo::taskflow
