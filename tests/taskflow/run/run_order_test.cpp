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

flow at_most(std::size_t calls, flow one) {
  one.max_concurrency = calls;
  return one;
}

TEST(a_run, does_nothing_before_it_is_started) {
  world w{flow_of({call("a")})};
  EXPECT_THAT(w.calls(), IsEmpty());
  EXPECT_EQ(w.end(), "under way");
}

TEST(a_run, ends_with_its_tasks) {
  world w{flow_of({call("a"), call("b")})};
  w.start().answer("a", 1);
  EXPECT_EQ(w.end(), "under way");
  w.answer("b", "x");
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.result(), (json{{"a", 1}, {"b", "x"}}));
}

TEST(a_run, gives_the_result_of_its_only_task) {
  world w{flow_of({call("a")})};
  w.start().answer("a", {1, 2});
  EXPECT_EQ(w.result(), (json{1, 2}));
}

TEST(a_run, shares_the_result_of_a_call_and_does_not_copy_it) {
  world w{flow_of({call("a")})};
  w.start();
  const auto given = std::make_shared<const json>(json{{"large", true}});
  w.running.finished(w.call("a").id, given, w.now);
  EXPECT_EQ(w.running.result(), given);
}

TEST(a_run, gives_the_output_that_its_taskflow_names) {
  world w{flow_of({call("a"), call("b")}, "{sum: '${a.result} of ${INPUT.n}'}"),
          {{"n", 7}}};
  w.start().answer("a", 1).answer("b");
  EXPECT_EQ(w.result(), (json{{"sum", "1 of 7"}}));
}

TEST(a_run, is_errored_where_its_output_cannot_be_found) {
  world w{flow_of({set("a", "{x: 1}")}, "'${.b | error(\"none\")}'")};
  w.start();
  EXPECT_EQ(w.end(), "Errored expression");
}

TEST(a_task, begins_once_all_that_it_waits_for_have_succeeded) {
  world w{flow_of({call("c").after({"a", "b"}), call("a"), call("b")})};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("a", "b"));
  w.answer("b");
  EXPECT_THAT(w.calls(), ElementsAre("a"));
  w.answer("a");
  EXPECT_THAT(w.calls(), ElementsAre("c"));
}

TEST(a_task, sees_the_results_that_it_waits_for) {
  world w{flow_of(
      {call("a"), set("b", "{copy: a.result.x, dot: '${.x + 1}'}").after({"a"}),
       set("c", "'${.a.x + .b.dot}'").after({"a", "b"})})};
  w.start().answer("a", {{"x", 3}});
  EXPECT_EQ(w.result()["b"], (json{{"copy", 3}, {"dot", 4}}));
  EXPECT_EQ(w.result()["c"], 7);
}

TEST(a_task, sees_the_input_when_it_waits_for_nothing) {
  world w{flow_of({set("a", "'${.n * 2}'")}), {{"n", 4}}};
  w.start();
  EXPECT_EQ(w.result(), 8);
}

TEST(a_task, leaves_its_result_in_the_context) {
  world w{flow_of({set("a", "{x: 5}").output_as("kept"),
                   set("b", "CONTEXT.kept.x").after({"a"})})};
  w.start();
  EXPECT_EQ(w.result()["b"], 5);
}

TEST(a_task, that_has_a_template_without_a_value_is_errored) {
  world w{flow_of({set("a", "'${.x | error(\"no x\")}'")})};
  w.start();
  EXPECT_EQ(w.outcome_of("a"), "Errored");
  EXPECT_EQ(w.end(), "Errored expression");
}

TEST(a_task, of_a_failed_one_is_omitted) {
  auto one = flow_of({call("a"), call("b").after({"a"}), call("c")});
  one.fail_fast = false;
  world w{std::move(one)};
  w.start().refuse("a");
  EXPECT_EQ(w.outcome_of("b"), "Omitted");
  w.answer("c");
  EXPECT_EQ(w.end(), "Failed refused");
}

TEST(a_task, of_a_skipped_one_begins) {
  world w{flow_of({call("a").when("INPUT.yes"), call("b").after({"a"})}),
          {{"yes", false}}};
  w.start();
  EXPECT_EQ(w.outcome_of("a"), "Skipped");
  EXPECT_THAT(w.calls(), ElementsAre("b"));
}

TEST(a_task, begins_where_its_depends_holds_whatever_else_failed) {
  world w{flow_of({call("a"), call("b").depends("a.Failed || a.Errored"),
                   call("c").depends("a.Succeeded")})};
  w.start().refuse("a");
  EXPECT_THAT(w.calls(), ElementsAre("b"));
  EXPECT_EQ(w.outcome_of("c"), "Omitted");
  w.answer("b");
  EXPECT_EQ(w.end(), "Succeeded");
}

TEST(a_task, that_reads_a_failed_one_is_omitted_even_if_depends_holds) {
  auto one =
      flow_of({call("a"), call("b"), call("c").depends("a").reads({"b"})});
  one.fail_fast = false;
  world w{std::move(one)};
  w.start().answer("a").refuse("b");
  EXPECT_EQ(w.outcome_of("c"), "Omitted");
}

TEST(a_task, is_skipped_where_its_when_is_false) {
  world w{flow_of({call("a"), call("b").after({"a"}).when("a.result.go")})};
  w.start().answer("a", {{"go", false}});
  EXPECT_EQ(w.outcome_of("b"), "Skipped");
  EXPECT_EQ(w.end(), "Succeeded");
}

TEST(a_task, is_errored_where_its_when_is_neither_true_nor_false) {
  world w{flow_of({call("a").when("INPUT.n")}), {{"n", 3}}};
  w.start();
  EXPECT_EQ(w.end(), "Errored expression");
  EXPECT_THAT(w.began(), IsEmpty());
}

TEST(a_condition, selects_the_tasks_of_the_first_case_that_holds) {
  world w{
      flow_of({condition("route", {{".n > 5", {"many"}}, {".n > 1", {"some"}}},
                         {"none"}),
               call("many"), call("some"), call("none")}),
      {{"n", 3}}};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("some"));
  EXPECT_EQ(w.outcome_of("many"), "Skipped");
  EXPECT_EQ(w.outcome_of("none"), "Skipped");
  w.answer("some");
  EXPECT_EQ(w.result()["route"], (json{{"selected", {"some"}}}));
}

TEST(a_condition, selects_its_default_where_no_case_holds) {
  world w{flow_of({condition("route", {{".n > 5", {"many"}}}, {"none"}),
                   call("many"), call("none")}),
          {{"n", 0}}};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("none"));
}

TEST(a_condition, that_fails_selects_nothing) {
  auto one = flow_of({condition("route", {{"INPUT.n", {"a"}}}, {"a"}),
                      call("a"), call("b").after({"a"})});
  one.fail_fast = false;
  world w{std::move(one), {{"n", 3}}};
  w.start();
  EXPECT_EQ(w.outcome_of("route"), "Errored");
  EXPECT_EQ(w.outcome_of("a"), "Skipped");
  EXPECT_THAT(w.calls(), ElementsAre("b"));
}

TEST(a_condition, selects_alone_what_another_edge_reaches_too) {
  world w{flow_of({call("before"), condition("route", {{"false", {"a"}}}, {}),
                   call("a").after({"before"})})};
  w.start().answer("before");
  EXPECT_EQ(w.outcome_of("a"), "Skipped");
}

TEST(a_condition, is_enough_where_another_one_failed) {
  auto one = flow_of({condition("good", {{"true", {"a"}}}),
                      condition("bad", {{"INPUT", {"a"}}}), call("a")});
  one.fail_fast = false;
  world w{std::move(one)};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("a"));
}

TEST(a_taskflow, calls_no_more_at_a_time_than_it_may) {
  world w{at_most(2, flow_of({call("a"), call("b"), call("c"), call("d")}))};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("a", "b"));
  w.answer("b");
  EXPECT_THAT(w.calls(), ElementsAre("a", "c"));
}

TEST(a_taskflow, counts_only_calls) {
  world w{at_most(1, flow_of({wait("w", "5s"), set("s"), call("a"),
                              fork("f", {{"x", shared({set("s2")})}})}))};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("a"));
  EXPECT_THAT(w.ended(), UnorderedElementsAre("s", "f", "f/x/s2"));
}

TEST(a_taskflow, counts_the_calls_of_all_its_blocks) {
  world w{at_most(1, flow_of({fork("f", {{"x", shared({call("a")})},
                                         {"y", shared({call("b")})}})}))};
  w.start();
  EXPECT_THAT(w.calls(), ElementsAre("f/x/a"));
  w.answer("f/x/a");
  EXPECT_THAT(w.calls(), ElementsAre("f/y/b"));
}

TEST(a_taskflow, calls_what_is_urgent_first_and_else_what_was_ready_first) {
  world w{at_most(
      1, flow_of({call("a"), call("l").priority(task_priority::low), call("n1"),
                  call("n2"), call("h").priority(task_priority::high)}))};
  w.start().answer("h").answer("a").answer("n1").answer("n2").answer("l");
  EXPECT_THAT(w.began(), ElementsAre("h", "a", "n1", "n2", "l"));
}

TEST(wait, ends_when_its_time_has_come) {
  world w{flow_of({wait("a", "90s"), wait("b", "0.5")})};
  w.start().pass(499ms);
  EXPECT_THAT(w.ended(), IsEmpty());
  w.pass(1ms);
  EXPECT_THAT(w.ended(), ElementsAre("b"));
  w.pass(89499ms);
  EXPECT_EQ(w.end(), "under way");
  w.pass(1ms);
  EXPECT_EQ(w.end(), "Succeeded");
  EXPECT_EQ(w.running.next_wake(), std::nullopt);
}

TEST(wait, is_errored_where_its_duration_is_none) {
  world w{flow_of({wait("a", "soon")})};
  w.start();
  EXPECT_EQ(w.end(), "Errored expression");
}

TEST(raise, fails_with_what_it_says) {
  world w{flow_of({raise("a", "INPUT.code", "no more of ${INPUT.what}")}),
          {{"code", "sold_out"}, {"what", "tea"}}};
  w.start();
  EXPECT_EQ(w.end(), "Failed sold_out");
  EXPECT_EQ(w.running.error()->message, "no more of tea");
  EXPECT_EQ(w.running.error()->task, "a");
}

} // namespace

} // namespace mfo::taskflow::tests
