#include "taskflow/run/run.hpp"
#include "tests/taskflow/run/builder.hpp"
#include "tests/taskflow/run/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow::tests {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

flow lasting(flow one) {
  one.fail_fast = false;
  return one;
}

TEST(a_failure, ends_what_runs_and_what_has_not_begun) {
  world w{
      flow_of({call("a"), call("b"), call("c").after({"b"}), wait("w", "1h")})};
  w.start().refuse("a");
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_THAT(w.called_off(), ElementsAre("b"));
  for (const auto* task : {"b", "c", "w"})
    EXPECT_EQ(w.outcome_of(task), "Cancelled");
  EXPECT_EQ(w.running.next_wake(), std::nullopt);
}

TEST(a_failure, ends_its_block_alone) {
  world w{flow_of({fork("f", {{"x", shared({call("a"), call("b")})}}),
                   call("c"), call("d").depends("f.Failed")})};
  w.start().refuse("f/x/a");
  EXPECT_THAT(w.called_off(), ElementsAre("f/x/b"));
  EXPECT_THAT(w.calls(), ElementsAre("c", "d"));
}

TEST(a_failure, that_is_looked_for_ends_nothing) {
  world w{flow_of({call("a"), call("b"), call("c").depends("!a")})};
  w.start().refuse("a");
  EXPECT_THAT(w.calls(), ElementsAre("b", "c"));
  w.answer("b").answer("c");
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.result(), (json{{"b", nullptr}, {"c", nullptr}}));
}

TEST(a_failure, of_another_kind_than_is_looked_for_ends_what_runs) {
  world w{flow_of({call("a"), call("b"), call("c").depends("a.Failed")})};
  w.start().fail("a", {.code = "unreachable", .message = ""});
  EXPECT_EQ(w.end(), "Errored unreachable");
}

TEST(the_first_failure, is_that_of_the_run_where_the_rest_goes_on) {
  world w{lasting(flow_of({call("a"), call("b"), call("c")}))};
  w.start().refuse("b", "first").refuse("a", "second").answer("c");
  EXPECT_EQ(w.end(), "Failed first");
  EXPECT_EQ(w.running.error()->task, "b");
}

TEST(a_run_that_is_cancelled, leaves_nothing_under_way) {
  world w{flow_of({call("a"), each_of("f", "INPUT", shared({call("b")})),
                   wait("w", "1h")}),
          {1, 2}};
  w.start().cancel();
  EXPECT_EQ(w.end(), "Cancelled cancelled");
  EXPECT_EQ(w.running.error()->message, "the test says so");
  EXPECT_THAT(w.calls(), IsEmpty());
  EXPECT_THAT(w.called_off(),
              UnorderedElementsAre("a", "f/each[0]/b", "f/each[1]/b"));
  EXPECT_EQ(w.running.next_wake(), std::nullopt);
}

TEST(a_run_that_is_cancelled, does_not_begin_any_more) {
  world w{flow_of({call("a")})};
  w.cancel().start();
  EXPECT_EQ(w.end(), "Cancelled cancelled");
  EXPECT_THAT(w.began(), IsEmpty());
}

TEST(a_run_that_is_cancelled, does_not_tell_of_calls_that_it_has_not_told) {
  run one{{.workflow = workflow_of([] {
             std::vector<flow> flows;
             flows.push_back(flow_of({call("a")}));
             return flows;
           }()),
           .input = std::make_shared<const json>(),
           .trigger = nullptr,
           .uniform = {}}};
  one.start(run::clock::time_point{1h});
  one.cancel("", run::clock::time_point{1h});
  EXPECT_THAT(one.take_actions(), IsEmpty());
}

TEST(a_run_that_has_ended, stays_as_it_is) {
  world w{flow_of({call("a")})};
  w.start().answer("a", 1).cancel().pass(1h);
  EXPECT_EQ(w.end(), "Succeeded");
}

TEST(a_run, begins_no_more_tasks_than_it_may) {
  const run_limits limits{.max_tasks = 3};
  world w{flow_of({set("a"), set("b").after({"a"}), call("c").after({"b"}),
                   set("d").after({"c"})}),
          nullptr, limits};
  w.start();
  EXPECT_EQ(w.end(), "under way");
  w.answer("c");
  EXPECT_EQ(w.end(), "Errored max_tasks");
  EXPECT_EQ(w.running.error()->task, "d");
}

TEST(a_run, goes_through_no_longer_list_than_it_may) {
  const run_limits limits{.max_iterations = 2};
  world w{flow_of({call("a"), each_of("f", "INPUT", shared({call("b")}))}),
          {1, 2, 3},
          limits};
  w.start();
  EXPECT_EQ(w.end(), "Errored max_iterations");
}

TEST(a_run, takes_no_more_turns_of_a_loop_than_it_may) {
  const run_limits limits{.max_iterations = 2};
  world w{flow_of({loop("l", shared({set("b")}), "false", 10)}), nullptr,
          limits};
  w.start();
  EXPECT_EQ(w.end(), "Errored max_iterations");
  EXPECT_EQ(w.outcome_of("l"), "Cancelled");
}

TEST(a_run, goes_no_deeper_than_it_may) {
  const run_limits limits{.max_depth = 4};
  world w{flow_of({subflow("s", 0)}), nullptr, limits};
  w.start();
  EXPECT_EQ(w.end(), "Errored max_depth");
  EXPECT_EQ(w.running.error()->task, "s/s/s/s");
}

TEST(a_run, keeps_no_more_results_than_it_may) {
  const run_limits limits{.max_output = 10};
  world w{flow_of({call("a"), call("b"), call("c")}), nullptr, limits};
  w.start().answer("a", "1234").answer("b", 1234);
  EXPECT_EQ(w.end(), "under way");
  w.answer("c", 0);
  EXPECT_EQ(w.end(), "Errored max_output");
  EXPECT_EQ(w.running.error()->task, "c");
}

TEST(a_run, keeps_no_larger_output_than_it_may) {
  const run_limits limits{.max_output = 10};
  world w{flow_of({call("a")}, "[a.result, a.result]"), nullptr, limits};
  w.start().answer("a", "1234");
  EXPECT_EQ(w.end(), "Errored max_output");
}

TEST(a_run, survives_a_chain_of_ten_thousand_tasks) {
  std::vector<node> nodes{set("t0")};
  for (int i = 1; i < 10'000; ++i)
    nodes.push_back(
        set("t" + std::to_string(i)).after({"t" + std::to_string(i - 1)}));
  world w{flow_of(std::move(nodes))};
  w.start();
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.result().size(), 10'000);
}

TEST(a_moment, is_told_with_its_path_its_type_and_its_time) {
  std::vector<std::string> told;
  run one{{.workflow = workflow_of([] {
             std::vector<flow> flows;
             flows.push_back(
                 flow_of({set("a"), call("b").retry({.max_count = 2})}));
             return flows;
           }()),
           .input = std::make_shared<const json>(),
           .trigger = nullptr,
           .uniform = [] { return 0.5; },
           .observe =
               [&](const task_moment& moment) {
                 EXPECT_EQ(moment.at,
                           run::clock::time_point{told.size() < 3 ? 1h : 2h});
                 told.push_back(std::string{moment.type} + " " + moment.path +
                                " " + std::to_string(moment.attempts));
               }}};
  one.start(run::clock::time_point{1h});
  one.finished(one.take_actions().at(0).id,
               tl::unexpected(call_failure{.code = "x", .message = ""}),
               run::clock::time_point{1h});
  one.wake(run::clock::time_point{2h});
  one.cancel("", run::clock::time_point{2h});
  EXPECT_THAT(told,
              ElementsAre("set a 1", "set a 1", "mfo_api_tool_execute b 1",
                          "mfo_api_tool_execute b 2",
                          "mfo_api_tool_execute b 2"));
}

} // namespace

} // namespace mfo::taskflow::tests
