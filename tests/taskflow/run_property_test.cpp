#include "builder.hpp"
#include "taskflow/run.hpp"
#include "world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

/// Random taskflows against a model that knows the rules and no events: it
/// finds what becomes of each task from what becomes of those before it.
namespace mfo::taskflow::testing {

namespace {

using enum task_outcome;

constexpr unsigned seeds = 10'000;

/// What a predicate gives: of INPUT.yes, INPUT.no and INPUT.bad, a text.
enum class answer : std::uint8_t { yes, no, bad };

std::string text_of(answer one) {
  constexpr std::array texts{"INPUT.yes", "INPUT.no", "INPUT.bad"};
  return texts[static_cast<std::size_t>(one)];
}

bool good(task_outcome outcome) {
  return outcome == succeeded || outcome == skipped;
}

bool is_failure(task_outcome outcome) {
  return outcome == failed || outcome == errored;
}

struct term {
  std::size_t task;
  bool negated;
  std::optional<task_outcome> named; ///< none: the task alone

  bool holds(task_outcome of) const {
    return negated != (named ? *named == of : good(of));
  }
};

/// A task; it refers to those before it in the list alone.
struct model_task {
  bool is_condition = false;
  bool nested = false;               ///< in a branch of a fork
  task_outcome scripted = succeeded; ///< of its call
  std::vector<term> depends;
  bool all_of_depends = true; ///< or any
  std::vector<std::size_t> reads;
  answer when = answer::yes;
  std::vector<std::pair<answer, std::vector<std::size_t>>> cases;
  std::vector<std::size_t> otherwise;
};

class model {
public:
  explicit model(unsigned seed) : random_(seed) {
    tasks.resize(1 + below(10));
    fail_fast = below(2) == 0;
    max_concurrency = 1 + below(4);
    for (std::size_t i = 0; i < tasks.size(); ++i)
      fill(i);
  }

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

  /// As if nothing were ended before its time.
  std::vector<task_outcome> outcomes() const {
    std::vector<task_outcome> found;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      found.push_back(outcome_of(i, found));
    return found;
  }

  bool handles(std::size_t task, task_outcome outcome) const {
    return std::ranges::any_of(tasks, [&](const auto& other) {
      return std::ranges::any_of(other.depends, [&](const term& one) {
        return one.task == task && one.holds(outcome);
      });
    });
  }

  std::vector<std::size_t> waits_for(std::size_t task) const {
    auto all = tasks[task].reads;
    for (const auto& one : tasks[task].depends)
      all.push_back(one.task);
    for (std::size_t c = 0; c < task; ++c)
      if (may_select(c, task))
        all.push_back(c);
    return all;
  }

  flow made() {
    std::vector<node> nodes;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      nodes.push_back(node_of(i));
    std::ranges::shuffle(nodes, random_);
    auto flow = flow_of(std::move(nodes));
    flow.fail_fast = fail_fast;
    flow.max_concurrency = max_concurrency;
    return flow;
  }

  static std::string name(std::size_t i) {
    return "t" + std::to_string(i);
  }

  /// Of its call.
  std::string path(std::size_t i) const {
    return tasks[i].nested ? name(i) + "/x/inner" : name(i);
  }

  std::vector<model_task> tasks;
  bool fail_fast;
  std::size_t max_concurrency;

private:
  std::vector<std::size_t> some(std::size_t from, std::size_t to) {
    std::vector<std::size_t> chosen;
    for (auto i = from; i < to; ++i)
      if (below(4) == 0)
        chosen.push_back(i);
    return chosen;
  }

  answer any_answer() {
    const auto n = below(10);
    return n < 6 ? answer::yes : n < 9 ? answer::no : answer::bad;
  }

  void fill(std::size_t i) {
    auto& task = tasks[i];
    task.is_condition = below(4) == 0;
    task.nested = !task.is_condition && below(5) == 0;
    const auto n = below(10);
    task.scripted = n < 7 ? succeeded : n < 9 ? failed : errored;
    for (const auto before : some(0, i)) {
      std::optional<task_outcome> named;
      if (below(2) == 0)
        named = static_cast<task_outcome>(below(5));
      task.depends.push_back({before, below(4) == 0, named});
    }
    task.all_of_depends = below(2) == 0;
    if (below(3) == 0)
      task.reads = some(0, i);
    if (below(4) == 0)
      task.when = any_answer();
    if (!task.is_condition)
      return;
    for (auto left = 1 + below(2); left > 0; --left)
      task.cases.emplace_back(any_answer(), some(i + 1, tasks.size()));
    task.otherwise = some(i + 1, tasks.size());
  }

  static bool has(const std::vector<std::size_t>& list, std::size_t one) {
    return std::ranges::find(list, one) != list.end();
  }

  bool may_select(std::size_t condition, std::size_t task) const {
    const auto& of = tasks[condition];
    return of.is_condition &&
           (has(of.otherwise, task) ||
            std::ranges::any_of(of.cases, [&](const auto& one) {
              return has(one.second, task);
            }));
  }

  /// Of a condition that has succeeded.
  bool selects(std::size_t condition, std::size_t task) const {
    for (const auto& [when, then] : tasks[condition].cases)
      if (when == answer::yes)
        return has(then, task);
    return has(tasks[condition].otherwise, task);
  }

  bool depends_hold(const model_task& task,
                    const std::vector<task_outcome>& found) const {
    const auto holds = [&](const term& one) {
      return one.holds(found[one.task]);
    };
    return task.depends.empty() ||
           (task.all_of_depends ? std::ranges::all_of(task.depends, holds)
                                : std::ranges::any_of(task.depends, holds));
  }

  task_outcome outcome_of(std::size_t i,
                          const std::vector<task_outcome>& found) const {
    const auto& task = tasks[i];
    bool selectable = false;
    bool selected = false;
    for (std::size_t c = 0; c < i; ++c)
      if (may_select(c, i)) {
        selectable = true;
        selected = selected || (found[c] == succeeded && selects(c, i));
      }
    if (selectable && !selected)
      return skipped;
    if (!depends_hold(task, found))
      return omitted;
    for (const auto read : task.reads) {
      const bool named = std::ranges::any_of(
          task.depends, [&](const auto& one) { return one.task == read; });
      if (!named && !may_select(read, i) && !good(found[read]))
        return omitted;
    }
    if (task.when != answer::yes)
      return task.when == answer::no ? skipped : errored;
    if (!task.is_condition)
      return task.scripted;
    for (const auto& [when, then] : task.cases) {
      if (when == answer::bad)
        return errored;
      if (when == answer::yes)
        break;
    }
    return succeeded;
  }

  node node_of(std::size_t i) const {
    const auto& task = tasks[i];
    const auto all_names = [](const auto& list) {
      names all;
      for (const auto one : list)
        all.push_back(name(one));
      return all;
    };
    auto made = call(name(i));
    if (task.nested)
      made = fork(name(i), {{"x", shared({call("inner")})}});
    if (task.is_condition) {
      std::vector<choice> cases;
      for (const auto& [when, then] : task.cases)
        cases.emplace_back(text_of(when), all_names(then));
      made = condition(name(i), std::move(cases), all_names(task.otherwise));
    }
    if (task.when != answer::yes)
      made = std::move(made).when(text_of(task.when));
    std::string text;
    for (const auto& one : task.depends) {
      if (!text.empty())
        text += task.all_of_depends ? " && " : " || ";
      text += (one.negated ? "!" : "") + name(one.task);
      if (one.named)
        text += "." + std::string{to_string(*one.named)};
    }
    if (!text.empty())
      made = std::move(made).depends(text);
    return std::move(made).reads(all_names(task.reads));
  }

  std::mt19937 random_;
};

/// Runs what a model says, answering in any order.
class trial {
public:
  explicit trial(unsigned seed)
    : says(seed), w(says.made(), {{"yes", true}, {"no", false}, {"bad", "x"}}) {
    w.start();
  }

  bool answer_one() {
    const auto calls = w.calls();
    EXPECT_LE(calls.size(), says.max_concurrency);
    if (calls.empty())
      return false;
    expect_all_begun(calls);
    const auto& path = calls[says.below(calls.size())];
    const auto task = std::stoul(path.substr(1));
    switch (says.tasks[task].scripted) {
    case succeeded:
      w.answer(path, task);
      break;
    case failed:
      w.refuse(path);
      break;
    default:
      w.fail(path, {.code = "none", .message = "", .transient = false});
    }
    return true;
  }

  std::string outcome(std::size_t task) const {
    return w.outcome_of(model::name(task));
  }

  model says;
  world w;

private:
  /// Where there is room for another call, nothing that could begin waits.
  void expect_all_begun(const std::vector<std::string>& calls) {
    if (calls.size() >= says.max_concurrency)
      return;
    for (std::size_t i = 0; i < says.tasks.size(); ++i) {
      const auto before = says.waits_for(i);
      const bool can = std::ranges::all_of(
          before, [&](auto one) { return !outcome(one).empty(); });
      const bool begun = !outcome(i).empty() ||
                         std::ranges::find(calls, says.path(i)) != calls.end();
      EXPECT_TRUE(!can || begun) << model::name(i) << " waits for nothing";
    }
  }
};

TEST(any_taskflow, ends_as_the_model_says) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    trial one{seed};
    while (one.answer_one())
      continue;
    const auto expected = one.says.outcomes();
    std::vector<std::string> ends;
    bool any_cancelled = false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto outcome = one.outcome(i);
      any_cancelled = any_cancelled || outcome == "Cancelled";
      if (outcome != "Cancelled")
        EXPECT_EQ(outcome, to_string(expected[i])) << model::name(i);
      if (is_failure(expected[i]) && !one.says.handles(i, expected[i]) &&
          outcome != "Cancelled")
        ends.emplace_back(to_string(expected[i]));
    }
    EXPECT_TRUE(!any_cancelled || (one.says.fail_fast && !ends.empty()));
    ASSERT_TRUE(one.w.running.done()) << "seed " << seed;
    const auto end = std::string{to_string(one.w.running.outcome())};
    if (ends.empty())
      EXPECT_EQ(end, "Succeeded");
    else
      EXPECT_THAT(ends, ::testing::Contains(end));
    EXPECT_EQ(one.w.running.next_wake(), std::nullopt);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(any_taskflow, leaves_nothing_under_way_when_it_is_cancelled) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    trial one{seed};
    for (auto left = one.says.below(6); left > 0; --left)
      one.answer_one();
    if (one.w.running.done())
      continue;
    const auto calls = one.w.calls();
    one.w.cancel();
    EXPECT_EQ(one.w.end(), "Cancelled cancelled");
    EXPECT_THAT(one.w.calls(), ::testing::IsEmpty());
    EXPECT_THAT(one.w.called_off(), ::testing::IsSupersetOf(calls));
    for (std::size_t i = 0; i < one.says.tasks.size(); ++i)
      EXPECT_NE(one.outcome(i), "") << model::name(i);
    EXPECT_EQ(one.w.running.next_wake(), std::nullopt);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

} // namespace

} // namespace mfo::taskflow::testing
