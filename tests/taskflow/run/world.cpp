#include "tests/taskflow/run/world.hpp"

#include "tests/taskflow/run/builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace mfo::taskflow::tests {

world::world(workflow_ptr workflow, json input, run_limits limits,
             clock::time_point deadline)
  : running({.workflow = std::move(workflow),
             .input = std::make_shared<const json>(std::move(input)),
             .trigger = nullptr,
             .deadline = deadline,
             .limits = limits,
             .uniform = [] { return 0.5; },
             .observe =
                 [this](const auto& moment) {
                   seen(moment);
                 }}) {}

world::world(flow only, json input, run_limits limits)
  : world(
        [&] {
          std::vector<flow> flows;
          flows.push_back(std::move(only));
          return workflow_of(std::move(flows));
        }(),
        std::move(input), limits) {}

world& world::start() {
  running.start(now);
  act();
  return *this;
}

world& world::answer(const std::string& path, json result) {
  const auto id = call(path).id;
  calls_.erase(id);
  running.finished(id, std::make_shared<const json>(std::move(result)), now);
  act();
  return *this;
}

world& world::refuse(const std::string& path, std::string code) {
  return fail(path, {.code = std::move(code),
                     .message = "no",
                     .refused = true,
                     .transient = false});
}

world& world::fail(const std::string& path, call_failure why) {
  const auto id = call(path).id;
  calls_.erase(id);
  running.finished(id, tl::unexpected(std::move(why)), now);
  act();
  return *this;
}

world& world::pass(std::chrono::milliseconds time) {
  const auto until = now + time;
  for (auto next = running.next_wake(); next && *next <= until;
       next = running.next_wake()) {
    now = std::max(now, *next);
    running.wake(now);
    act();
  }
  now = until;
  return *this;
}

world& world::cancel() {
  running.cancel("the test says so", now);
  act();
  return *this;
}

void world::seen(const task_moment& moment) {
  if (moment.what == task_moment::kind::began)
    began_.push_back(moment.path);
  if (moment.what != task_moment::kind::ended)
    return;
  ended_.push_back(moment.path);
  EXPECT_TRUE(ends_.emplace(moment.path, moment).second)
      << moment.path << " has ended twice";
}

void world::act() {
  for (auto& action : running.take_actions()) {
    if (action.what == run::action::kind::call) {
      const auto id = action.id;
      EXPECT_TRUE(calls_.emplace(id, std::move(action)).second);
      continue;
    }
    const auto found = calls_.find(action.id);
    if (found == calls_.end()) {
      ADD_FAILURE() << "call " << action.id << " is not under way";
      continue;
    }
    called_off_.push_back(found->second.path);
    calls_.erase(found);
  }
}

std::vector<std::string> world::calls() const {
  std::vector<std::string> paths;
  for (const auto& [id, action] : calls_)
    paths.push_back(action.path);
  return paths;
}

const run::action& world::call(const std::string& path) const {
  const auto found = std::ranges::find_if(
      calls_, [&](const auto& one) { return one.second.path == path; });
  if (found != calls_.end())
    return found->second;
  ADD_FAILURE() << path << " calls nobody";
  static const run::action none{
      .what = run::action::kind::call, .id = 0, .path = {}};
  return none;
}

std::string world::outcome_of(const std::string& path) const {
  const auto found = ends_.find(path);
  return found == ends_.end() ? ""
                              : std::string{to_string(found->second.outcome)};
}

std::string world::code_of(const std::string& path) const {
  const auto found = ends_.find(path);
  return found != ends_.end() && found->second.error ? found->second.error->code
                                                     : "";
}

unsigned world::attempts_of(const std::string& path) const {
  const auto found = ends_.find(path);
  return found == ends_.end() ? 0 : found->second.attempts;
}

std::string world::end() const {
  if (!running.done())
    return "under way";
  std::string words{to_string(running.outcome())};
  if (running.error())
    words += " " + running.error()->code;
  return words;
}

json world::result() const {
  return running.result() ? *running.result() : json{};
}

} // namespace mfo::taskflow::tests
