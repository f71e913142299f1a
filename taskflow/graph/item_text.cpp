#include "taskflow/graph/item_text.hpp"

#include "config/units.hpp"
#include "core/printable.hpp"
#include "taskflow/expression/one_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

namespace {

using kind = picture::kind;

constexpr std::size_t long_line = 60;

std::string shown(const value_template& value) {
  return picture_text(value.shown());
}

std::string quoted(const value_template& value) {
  return "\u201c" + shown(value) + "\u201d";
}

/// Without a query, which may be long, and secret.
std::string address(const value_template& url) {
  const auto whole = url.shown();
  const auto end = std::min(whole.find('?'), whole.size());
  return picture_text(std::string_view{whole}.substr(0, end));
}

/// Sets `what`, `type` and what the configuration says, in a note.
struct describe_config {
  picture::item& item;
  const workflow& file;

  void is(kind what, std::string note = {}) const {
    item.what = what;
    if (!note.empty())
      item.notes.push_back(std::move(note));
  }

  void is_cluster(kind what, std::string sentence) const {
    item.what = what;
    item.type = std::move(sentence);
  }

  void operator()(const tool_execute_task& task) const {
    is(kind::server, shown(task.tool_id));
  }

  void operator()(const chat_send_task& task) const {
    is(kind::chat, task.prompt_template_id.empty()
                       ? quoted(task.prompt)
                       : "prompt " + picture_text(task.prompt_template_id));
  }

  void operator()(const chat_history_task& task) const {
    is(kind::server, "thread " + shown(task.thread_id));
  }

  void operator()(const resource_get_task& task) const {
    is(kind::server, shown(task.resource_id));
  }

  void operator()(const memory_get_task& task) const {
    is(kind::server, shown(task.key));
  }

  void operator()(const memory_store_task& task) const {
    is(kind::server, shown(task.key));
  }

  void operator()(const job_wait_task& task) const {
    is(kind::server,
       "asks every " + config::format_duration(task.poll_interval));
  }

  void operator()(const forward_event_task& task) const {
    const auto* type = task.type.as_constant();
    is(kind::event,
       type && type->is_null() ? "as the event that came" : shown(task.type));
  }

  void operator()(const http_call_task& task) const {
    is(kind::http, picture_text(task.method) + " " + address(task.url));
  }

  void operator()(const ask_user_task& task) const {
    is(kind::person, quoted(task.question));
    if (!task.choices.empty())
      item.notes.push_back(
          picture_text(fmt::format("{}", fmt::join(task.choices, " / "))));
  }

  void operator()(const set_task& task) const {
    is(kind::value, shown(task.value));
  }

  void operator()(const condition_task&) const {
    is(kind::condition);
    item.type.clear();
  }

  void operator()(const wait_task& task) const {
    is(kind::wait, shown(task.duration));
  }

  void operator()(const raise_task& task) const {
    is(kind::raise, shown(task.code));
  }

  void operator()(const subflow_task& task) const {
    is(kind::subflow, "runs " + picture_text(file.taskflows[task.taskflow].id));
  }

  void operator()(const for_each_task& task) const {
    is_cluster(kind::for_each,
               "for each of " + shown(task.in) +
                   (task.max_concurrency == 0
                        ? ""
                        : fmt::format(", {} at a time", task.max_concurrency)));
  }

  void operator()(const loop_task& task) const {
    is_cluster(kind::loop,
               fmt::format("at most {} times, until {}", task.max_iterations,
                           picture_text(task.until.shown())));
  }

  void operator()(const fork_task& task) const {
    is_cluster(kind::fork, task.compete
                               ? "branches at once, the first to succeed wins"
                               : "branches at once");
  }

  void operator()(const try_task&) const {
    is_cluster(kind::attempt, "try");
  }
};

bool needs_telling(const task& of) {
  if (of.depends.text().find("||") != std::string::npos)
    return true;
  const auto& mentions = of.depends.mentions();
  return std::ranges::any_of(mentions, [&](const auto& mention) {
    return !outcomes_text(of.depends, mention.task).empty();
  });
}

/// What any task may have.
void describe_order(const task& of, std::vector<std::string>& notes) {
  if (needs_telling(of))
    notes.push_back("after " + picture_text(of.depends.text(), long_line));
  if (of.when)
    notes.push_back("when " + picture_text(of.when->shown(), long_line));
  if (of.priority != task_priority::normal)
    notes.push_back(of.priority == task_priority::high ? "high priority"
                                                       : "low priority");
  if (of.retry && of.retry->max_count > 1)
    notes.push_back(fmt::format("up to {} tries", of.retry->max_count));
  if (of.timeout.count() > 0)
    notes.push_back("timeout " + config::format_duration(of.timeout));
  if (!of.output_as.empty())
    notes.push_back("gives CONTEXT." + picture_text(of.output_as));
}

struct describe_trigger {
  picture::item& item;

  void operator()(const webhook_trigger& webhook) const {
    item.type = "webhook";
    item.notes.push_back(picture_text(webhook.method) + " " +
                         picture_text(webhook.endpoint.path));
  }

  void operator()(const schedule_trigger& schedule) const {
    item.type = "schedule";
    item.notes.push_back(picture_text(schedule.cron_expression));
    item.notes.push_back(picture_text(schedule.time_zone));
  }

  void operator()(const manual_trigger&) const {
    item.type = "manual";
  }

  void operator()(const event_trigger& event) const {
    item.type = "event";
    for (const auto& type : event.types)
      item.notes.push_back(picture_text(type));
  }
};

picture::item titled(std::string_view title, kind what) {
  return {.id = {},
          .what = what,
          .title = picture_text(title),
          .type = {},
          .notes = {},
          .inside = {}};
}

} // namespace

std::string picture_text(std::string_view text, std::size_t most) {
  return core::shortened(core::printable(one_line(text, text.size())), most);
}

std::string outcomes_text(const depends_expression& depends,
                          std::string_view task) {
  using enum task_outcome;
  constexpr std::size_t many = 3;
  std::vector<std::string_view> good;
  std::vector<std::string_view> bad;
  for (std::size_t i = 0; i < task_outcome_names.size(); ++i)
    (depends.handles(task, static_cast<task_outcome>(i)) ? good : bad)
        .push_back(task_outcome_names[i]);
  if (good.empty() ||
      good == std::vector{to_string(succeeded), to_string(skipped)})
    return {};
  if (bad.empty())
    return "ended";
  if (good.size() > many)
    return fmt::format("not {}", fmt::join(bad, ", not "));
  return fmt::format("{}", fmt::join(good, " || "));
}

picture::item describe(const task& of, const workflow& file) {
  auto item = titled(of.id, kind::server);
  item.type = item.task = type_name(of.config);
  std::visit(describe_config{item, file}, of.config);
  describe_order(of, item.notes);
  return item;
}

picture::item describe(const flow& of) {
  auto item = titled(of.id, kind::flow);
  item.type = picture_text(of.description, long_line);
  if (of.timeout.count() > 0)
    item.notes.push_back("timeout " + config::format_duration(of.timeout));
  if (of.max_concurrency != flow{}.max_concurrency)
    item.notes.push_back(fmt::format("{} at a time", of.max_concurrency));
  if (!of.fail_fast)
    item.notes.emplace_back("goes on after a failure");
  return item;
}

picture::item describe(const trigger& of) {
  auto item = titled(of.id, kind::trigger);
  item.off = !of.enabled;
  std::visit(describe_trigger{item}, of.config);
  if (of.filter)
    item.notes.push_back("if " + picture_text(of.filter->shown()));
  if (item.off)
    item.type += ", off";
  return item;
}

} // namespace mfo::taskflow
