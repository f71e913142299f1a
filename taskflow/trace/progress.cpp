#include "taskflow/trace/progress.hpp"

#include "core/printable.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/trace/elapsed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

namespace {

// Control sequences of ECMA-48.
constexpr std::string_view to_end_of_line = "\x1b[K";
constexpr std::string_view to_end_of_screen = "\x1b[J";
constexpr std::string_view plain = "\x1b[0m";

constexpr std::size_t outcome_width = 9;

std::string_view colour_of(task_outcome outcome) {
  switch (outcome) {
  case task_outcome::succeeded:
    return "\x1b[32m";
  case task_outcome::failed:
  case task_outcome::errored:
    return "\x1b[31m";
  case task_outcome::cancelled:
    return "\x1b[33m";
  case task_outcome::skipped:
  case task_outcome::omitted:
    break;
  }
  return "\x1b[2m";
}

std::string safe(std::string_view text) {
  return core::printable(one_line(text));
}

bool is_failure(task_outcome outcome) {
  return outcome == task_outcome::failed || outcome == task_outcome::errored;
}

} // namespace

progress_options progress_options_for(bool is_terminal, std::size_t columns,
                                      const config::environment& variables) {
  constexpr std::size_t usual = 80;
  if (!is_terminal || variables("TERM").value_or("") == "dumb")
    return {};
  // A terminal goes to the next line after a character in the last column.
  return {.terminal = true,
          .colour = variables("NO_COLOR").value_or("").empty(),
          .width =
              std::max<std::size_t>(columns == 0 ? usual : columns, 2) - 1};
}

progress::progress(std::string_view taskflow, progress_options how,
                   clock::time_point began)
  : taskflow_(safe(taskflow)), how_(how), began_(began) {}

std::string progress::take(const task_moment& moment) {
  const auto found = tasks_.find(moment.path);
  switch (moment.what) {
  case task_moment::kind::began:
    tasks_.insert_or_assign(
        moment.path, running_task{.began = moment.at, .order = begun_++});
    return {};
  case task_moment::kind::tried_again:
    if (found != tasks_.end())
      found->second.attempts = moment.attempts;
    return {};
  case task_moment::kind::ended:
    break;
  }
  std::optional<clock::duration> took;
  if (found != tasks_.end()) {
    took = moment.at - found->second.began;
    tasks_.erase(found);
  }
  ++ended_[static_cast<std::size_t>(moment.outcome)];
  if (!how_.terminal)
    return line_of(moment, took);
  // What is around a task that failed fails for the same reason.
  const bool stays = is_failure(moment.outcome) &&
                     (!moment.error || moment.error->task == moment.path);
  return stays ? draw(line_of(moment, took), moment.at) : std::string{};
}

std::string progress::redraw(clock::time_point now) {
  return how_.terminal ? draw({}, now) : std::string{};
}

std::string progress::clear() {
  if (drawn_ == 0)
    return {};
  return fmt::format("\x1b[{}A{}", std::exchange(drawn_, 0), to_end_of_screen);
}

std::string progress::finish(task_outcome outcome,
                             const std::optional<run_error>& error,
                             clock::time_point now) {
  auto rest = taskflow_ + "  " + elapsed(now - began_);
  if (error) {
    rest += "  " + safe(error->code);
    if (!error->task.empty())
      rest += " in " + core::printable(error->task);
    if (!error->message.empty())
      rest += ": " + safe(error->message);
  } else if (const auto sums = counts(); !sums.empty()) {
    rest += "  " + sums;
  }
  const auto line = outcome_line(outcome, rest);
  if (drawn_ == 0)
    return line;
  return fmt::format("\x1b[{}A{}{}", std::exchange(drawn_, 0), line,
                     to_end_of_screen);
}

std::string progress::line_of(const task_moment& ended,
                              std::optional<clock::duration> took) const {
  auto rest = core::printable(ended.path);
  if (took)
    rest += "  " + elapsed(*took);
  if (ended.attempts > 1)
    rest += fmt::format("  {} tries", ended.attempts);
  if (ended.error && ended.error->task != ended.path) {
    rest += "  because of " + core::printable(ended.error->task);
  } else if (ended.error) {
    rest += "  " + safe(ended.error->code);
    if (!ended.error->message.empty())
      rest += ": " + safe(ended.error->message);
  }
  return outcome_line(ended.outcome, rest);
}

std::string progress::draw(std::string_view above, clock::time_point now) {
  auto shown = innermost();
  const auto count = shown.size();
  shown.resize(std::min(count, how_.max_rows));

  std::vector<std::string> ends;
  std::size_t end_width = 0;
  for (const auto& each : shown) {
    const auto& task = each->second;
    ends.push_back("  " + elapsed(now - task.began));
    if (task.attempts > 1)
      ends.back() += fmt::format("  try {}", task.attempts);
    end_width = std::max(end_width, ends.back().size());
  }
  constexpr std::size_t indent = 2;
  const auto room = how_.width - std::min(how_.width, indent + end_width);
  std::vector<std::string> paths;
  std::size_t path_width = 0;
  for (const auto& each : shown) {
    paths.push_back(core::end_of(core::printable(each->first), room));
    path_width = std::max(path_width, core::width_of(paths.back()));
  }

  std::string out;
  if (drawn_ > 0)
    out += fmt::format("\x1b[{}A", drawn_);
  out += above;
  out += row(head(count, now));
  for (std::size_t i = 0; i < shown.size(); ++i)
    out +=
        row(std::string(indent, ' ') + paths[i] +
            std::string(path_width - core::width_of(paths[i]), ' ') + ends[i]);
  drawn_ = 1 + shown.size();
  if (count > shown.size()) {
    out += row(fmt::format("  and {} more", count - shown.size()));
    ++drawn_;
  }
  return out.append(to_end_of_screen);
}

std::vector<progress::running::const_iterator> progress::innermost() const {
  std::vector<running::const_iterator> result;
  for (auto each = tasks_.begin(); each != tasks_.end(); ++each) {
    const auto within = each->first + "/";
    const auto next = tasks_.lower_bound(within);
    if (next == tasks_.end() || !next->first.starts_with(within))
      result.push_back(each);
  }
  std::ranges::sort(result, {},
                    [](const auto& each) { return each->second.order; });
  return result;
}

std::string progress::head(std::size_t under_way, clock::time_point now) const {
  constexpr std::string_view spinner = "|/-\\";
  const auto turns =
      std::max<clock::rep>((now - began_) / std::chrono::milliseconds{100}, 0);
  const auto sums = counts();
  return fmt::format("{} {}  {}  {} under way{}{}",
                     spinner[static_cast<std::size_t>(turns) % spinner.size()],
                     taskflow_, elapsed(now - began_), under_way,
                     sums.empty() ? "" : ", ", sums);
}

std::string progress::counts() const {
  std::string out;
  for (std::size_t i = 0; i < ended_.size(); ++i)
    if (ended_[i] > 0)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", ended_[i],
                         task_outcome_names[i]);
  return out;
}

std::string progress::outcome_line(task_outcome outcome,
                                   std::string_view rest) const {
  const auto word = to_string(outcome);
  auto line = row(fmt::format("{:<{}}  {}", word, outcome_width, rest));
  if (how_.colour && line.starts_with(word))
    line.insert(word.size(), plain).insert(0, colour_of(outcome));
  return line;
}

std::string progress::row(std::string_view text) const {
  auto line =
      how_.width == 0 ? std::string{text} : core::shortened(text, how_.width);
  if (how_.terminal)
    line += to_end_of_line;
  return line + "\n";
}

} // namespace mfo::taskflow
