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

flow lasting(flow one) {
  one.fail_fast = false;
  return one;
}

/// A taskflow whose input must be {"n": a number}.
flow checked(flow one) {
  auto schema =
      schema::json_schema::compile(R"({"type":"object","required":["n"],)"
                                   R"("properties":{"n":{"type":"number"}}})");
  if (!schema)
    ADD_FAILURE() << "no schema";
  else
    one.input_schema = *std::move(schema);
  return one;
}

workflow_ptr both(flow first, flow second) {
  std::vector<flow> flows;
  flows.push_back(std::move(first));
  flows.push_back(std::move(second));
  return workflow_of(std::move(flows));
}

TEST(for_each, gives_the_results_in_the_order_of_the_items) {
  world w{flow_of({each_of("f", "INPUT", shared({call("a")}))}),
          {"x", "y", "z"}};
  w.start().answer("f/each[2]/a", 3).answer("f/each[0]/a", 1);
  w.answer("f/each[1]/a", 2);
  EXPECT_EQ(w.result(), (json{1, 2, 3}));
}

TEST(for_each, shows_the_block_its_item_and_its_index) {
  world w{flow_of({each_of("f", "INPUT.list",
                           shared({set("a", "'${INDEX}: ${ITEM.n}'")}))}),
          {{"list", {{{"n", "x"}}, {{"n", "y"}}}}}};
  w.start();
  EXPECT_EQ(w.result(), (json{"0: x", "1: y"}));
}

TEST(for_each, begins_no_more_blocks_at_a_time_than_it_may) {
  world w{flow_of({each_of("f", "INPUT", shared({call("a")}), 2)}),
          {1, 2, 3, 4}};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("f/each[0]/a", "f/each[1]/a"));
  w.answer("f/each[1]/a");
  EXPECT_THAT(w.calls(), ElementsAre("f/each[0]/a", "f/each[2]/a"));
}

TEST(for_each, of_no_items_is_an_empty_list) {
  world w{flow_of({each_of("f", "INPUT", shared({call("a")}))}), json::array()};
  w.start();
  EXPECT_EQ(w.result(), json::array());
}

TEST(for_each, of_something_else_than_a_list_is_errored) {
  world w{flow_of({each_of("f", "INPUT", shared({call("a")}))}), {{"a", 1}}};
  w.start();
  EXPECT_EQ(w.end(), "Errored expression");
}

TEST(for_each, is_ended_by_the_first_block_that_fails) {
  world w{flow_of({each_of("f", "INPUT", shared({call("a")}), 2)}), {1, 2, 3}};
  w.start().refuse("f/each[1]/a");
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_EQ(w.running.error()->task, "f/each[1]/a");
  EXPECT_THAT(w.called_off(), ElementsAre("f/each[0]/a"));
}

TEST(for_each, goes_on_after_a_failure_where_nothing_is_fast) {
  world w{lasting(flow_of({each_of("f", "INPUT", shared({call("a")}), 1)})),
          {1, 2}};
  w.start().refuse("f/each[0]/a");
  EXPECT_THAT(w.calls(), ElementsAre("f/each[1]/a"));
  w.answer("f/each[1]/a");
  EXPECT_EQ(w.end(), "Failed refused");
}

TEST(loop, goes_on_until_its_condition_holds) {
  world w{flow_of({loop("l", shared({call("a")}), "a.result.done")})};
  w.start().answer("l/turn[0]/a", {{"done", false}});
  w.answer("l/turn[1]/a", {{"done", true}, {"x", 1}});
  EXPECT_EQ(w.result(), (json{{"done", true}, {"x", 1}}));
}

TEST(loop, shows_the_block_which_turn_it_is) {
  world w{flow_of(
      {loop("l", shared({set("a", "ITERATION")}), "$tasks.a.result == 4")})};
  w.start();
  EXPECT_EQ(w.result(), 4);
}

TEST(loop, that_does_not_come_to_an_end_is_errored) {
  world w{flow_of({loop("l", shared({set("a")}), "false", 3)})};
  w.start();
  EXPECT_EQ(w.end(), "Errored max_iterations");
  EXPECT_THAT(w.ended(),
              ElementsAre("l/turn[0]/a", "l/turn[1]/a", "l/turn[2]/a", "l"));
}

TEST(loop, ends_with_a_turn_that_fails) {
  world w{flow_of({loop("l", shared({call("a")}), "true")})};
  w.start().refuse("l/turn[0]/a");
  EXPECT_EQ(w.end(), "Failed refused");
}

TEST(fork, gives_the_results_of_its_branches_by_name) {
  world w{flow_of({fork("f", {{"x", shared({call("a")})},
                              {"y", shared({call("b"), call("c")})}})})};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("f/x/a", "f/y/b", "f/y/c"));
  w.answer("f/y/b", 2).answer("f/x/a", 1).answer("f/y/c", 3);
  EXPECT_EQ(w.result(), (json{{"x", 1}, {"y", {{"b", 2}, {"c", 3}}}}));
}

TEST(fork, is_ended_by_the_first_branch_that_fails) {
  world w{flow_of(
      {fork("f", {{"x", shared({call("a")})}, {"y", shared({call("b")})}})})};
  w.start().refuse("f/x/a");
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_THAT(w.called_off(), ElementsAre("f/y/b"));
}

TEST(competing_branches, end_with_the_first_that_succeeds) {
  world w{flow_of({compete("f", {{"x", shared({call("a")})},
                                 {"y", shared({call("b")})},
                                 {"z", shared({call("c")})}})})};
  w.start().refuse("f/x/a");
  EXPECT_EQ(w.end(), "under way");
  w.answer("f/z/c", 3);
  EXPECT_EQ(w.result(), (json{{"branch", "z"}, {"result", 3}}));
  EXPECT_THAT(w.called_off(), ElementsAre("f/y/b"));
}

TEST(competing_branches, fail_when_all_have) {
  world w{flow_of({compete(
      "f", {{"x", shared({call("a")})}, {"y", shared({call("b")})}})})};
  w.start().refuse("f/y/b", "first").refuse("f/x/a", "second");
  EXPECT_EQ(w.end(), "Failed first");
}

TEST(try_task, is_its_tasks_where_they_succeed) {
  world w{flow_of({attempt("t", shared({call("a")}), shared({call("b")}))})};
  w.start().answer("t/tasks/a", 1);
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.result(), 1);
}

TEST(try_task, is_its_catch_where_they_fail) {
  world w{flow_of(
      {attempt("t", shared({call("a")}), shared({set("b", "ERROR")}))})};
  w.start().refuse("t/tasks/a");
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.result(), (json{{"code", "refused"},
                              {"message", "no"},
                              {"task", "t/tasks/a"},
                              {"outcome", "Failed"}}));
}

TEST(try_task, fails_as_its_catch_does) {
  world w{flow_of(
      {attempt("t", shared({call("a")}), shared({raise("b", "worse")}))})};
  w.start().refuse("t/tasks/a");
  EXPECT_EQ(w.end(), "Failed worse");
}

TEST(try_task, lets_the_rest_of_its_tasks_come_to_their_end) {
  world w{flow_of({attempt("t", shared({call("a"), call("b")}),
                           shared({set("c", "ERROR.code")}))})};
  w.start().refuse("t/tasks/a");
  EXPECT_THAT(w.calls(), ElementsAre("t/tasks/b"));
  w.answer("t/tasks/b");
  EXPECT_EQ(w.result(), "refused");
}

TEST(try_task, catches_what_takes_too_long) {
  world w{flow_of({attempt("t", shared({call("a").timeout(1s)}),
                           shared({set("c", "ERROR.outcome")}))})};
  w.start().pass(1s);
  EXPECT_EQ(w.result(), "Errored");
}

TEST(subflow, runs_another_taskflow_with_an_input_of_its_own) {
  world w{both(flow_of({subflow("s", 1, "{n: INPUT.x}")}),
               checked(flow_of({call("a"), set("b", "INPUT.n")}, "b.result"))),
          {{"x", 7}}};
  w.start();
  EXPECT_EQ(w.call("s/a").taskflow, 1);
  w.answer("s/a");
  EXPECT_EQ(w.result(), 7);
}

TEST(subflow, does_not_begin_with_an_input_that_is_not_as_it_should_be) {
  world w{both(flow_of({subflow("s", 1, "{n: many}")}),
               checked(flow_of({call("a")})))};
  w.start();
  EXPECT_EQ(w.end(), "Errored input_schema");
  EXPECT_EQ(w.running.error()->task, "s");
}

TEST(subflow, sees_nothing_of_the_taskflow_that_called_it) {
  world w{both(
      flow_of({set("x", "1"),
               each_of("f", "[1]", shared({subflow("s", 1)})).after({"x"})}),
      flow_of({set("a", "'${$tasks | keys | length}'")}))};
  w.start();
  EXPECT_EQ(w.result()["f"], (json{0}));
}

TEST(subflow, has_the_bounds_of_its_own_taskflow) {
  auto inner = flow_of({call("a"), call("b")});
  inner.max_concurrency = 1;
  inner.timeout = 2s;
  world w{both(flow_of({subflow("s", 1), call("c")}), std::move(inner))};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("c", "s/a"));
  w.pass(2s);
  EXPECT_EQ(w.outcome_of("s"), "Errored");
  EXPECT_EQ(w.code_of("s"), "timeout");
}

TEST(subflow, that_fails_fails_its_task_with_the_path_of_what_failed) {
  world w{both(flow_of({subflow("s", 1)}), flow_of({call("a")}))};
  w.start().refuse("s/a");
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_EQ(w.running.error()->task, "s/a");
}

TEST(a_run, does_not_begin_with_an_input_that_is_not_as_it_should_be) {
  world w{checked(flow_of({call("a")})), {{"m", 1}}};
  w.start();
  EXPECT_EQ(w.end(), "Errored input_schema");
  EXPECT_THAT(w.began(), IsEmpty());
}

TEST(a_block, sees_the_tasks_around_it) {
  world w{flow_of(
      {set("x", "{v: 1}"),
       fork("f", {{"y", shared({set("z", "x.result.v")})}}).after({"x"})})};
  w.start();
  EXPECT_EQ(w.result()["f"], (json{{"y", 1}}));
}

TEST(a_block, in_another_sees_the_items_of_both) {
  world w{flow_of({each_of(
              "outer", "INPUT",
              shared({loop("inner", shared({set("a", "'${ITEM}${ITERATION}'")}),
                           "true")}))}),
          {"x", "y"}};
  w.start();
  EXPECT_EQ(w.result(), (json{"x0", "y0"}));
}

} // namespace

} // namespace mfo::taskflow::tests
