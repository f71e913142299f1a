#include "taskflow/run/run.hpp"
#include "tests/taskflow/run/run_model.hpp"
#include "tests/taskflow/run/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

/// Random taskflows, answered in any order, against a model.
namespace mfo::taskflow::tests {

namespace {

using enum task_outcome;

constexpr unsigned seeds = 10'000;

bool is_failure(task_outcome outcome) {
  return outcome == failed || outcome == errored;
}

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
      if (outcome != "Cancelled") {
        EXPECT_EQ(outcome, to_string(expected[i])) << model::name(i);
      }
      if (is_failure(expected[i]) && !one.says.handles(i, expected[i]) &&
          outcome != "Cancelled")
        ends.emplace_back(to_string(expected[i]));
    }
    EXPECT_TRUE(!any_cancelled || (one.says.fail_fast && !ends.empty()));
    ASSERT_TRUE(one.w.running.done()) << "seed " << seed;
    const auto end = std::string{to_string(one.w.running.outcome())};
    if (ends.empty())
      ends.emplace_back("Succeeded");
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

} // namespace mfo::taskflow::tests
