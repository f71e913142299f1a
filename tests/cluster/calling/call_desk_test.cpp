#include "cluster/calling/call_desk.hpp"

#include "tests/cluster/calling/a_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using core::errc;
using test::a_request;
using test::a_runner;
using test::bad_result;
using test::good_result;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(a_runner, has_its_calls_made_by_a_connector) {
  call(1);
  EXPECT_EQ(runner.desk.away(), 1u);
  all.settle();
  auto& maker = busy();
  EXPECT_EQ(maker.desk.running(), 1u);
  ASSERT_THAT(maker.runs, SizeIs(1));
  EXPECT_EQ(maker.runs.front().key,
            (call_key{.origin = runner.life, .number = 1}));
  EXPECT_EQ(maker.runs.front().server, "crm");
  EXPECT_EQ(maker.runs.front().call->id(), "call-1");
  EXPECT_THAT(runner.results, IsEmpty());
  maker.finish_one(good_result("it is done"));
  all.settle();
  EXPECT_EQ(runner.result(1).reply->body, "it is done");
  EXPECT_TRUE(runner.result(1).outcome.delivered());
  EXPECT_EQ(runner.desk.totals().handed, 1u);
  EXPECT_EQ(runner.desk.totals().came_back, 0u);
  expect_rest();
}

TEST_F(a_runner, has_its_events_delivered_by_a_connector) {
  forward(1);
  all.settle();
  auto& maker = busy();
  EXPECT_EQ(maker.runs.front().call->id(), "event-1");
  maker.finish_one(bad_result(errc::circuit_open));
  all.settle();
  EXPECT_EQ(runner.result(1).outcome.error, errc::circuit_open);
  expect_rest();
}

TEST(a_runner_alone, hears_at_once_that_there_is_no_connector) {
  test::call_nodes all;
  auto& runner = all.add("a", {role::runner});
  all.add("b", {role::runner, role::intake});
  all.settle();
  runner.desk.call("crm", a_request("1", all.now + 10s), 1, all.now);
  runner.desk.forward("crm", test::an_event("2", all.now + 10s), 2, all.now);
  EXPECT_EQ(runner.result(1).outcome.error, errc::no_eligible_node);
  EXPECT_EQ(runner.result(2).outcome.error, errc::no_eligible_node);
  EXPECT_EQ(runner.desk.away(), 0u);
}

TEST_F(a_runner, waits_a_little_for_a_connector_that_is_away) {
  all.unlink(runner, b);
  all.unlink(runner, c);
  call(1);
  forward(2);
  EXPECT_EQ(runner.desk.waiting(), 2u);
  all.pass(1s);
  EXPECT_THAT(runner.results, IsEmpty());
  all.link(runner, b);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(2));
  EXPECT_EQ(runner.desk.waiting(), 0u);
  EXPECT_EQ(runner.desk.totals().moved, 0u);
}

TEST_F(a_runner, hears_that_no_connector_has_come_in_time) {
  all.unlink(runner, b);
  all.unlink(runner, c);
  call(1);
  forward(2);
  all.pass(2s);
  EXPECT_EQ(runner.result(1).outcome.error, errc::no_eligible_node);
  EXPECT_EQ(runner.result(2).outcome.error, errc::no_eligible_node);
  EXPECT_EQ(runner.desk.waiting(), 0u);
}

TEST_F(a_runner, asks_the_same_connector_again_when_it_is_the_only_one) {
  all.unlink(runner, c);
  call(1);
  all.settle();
  all.unlink(runner, b);
  EXPECT_EQ(runner.desk.waiting(), 1u);
  auto& again = all.restart("b");
  all.link(runner, again);
  all.settle();
  EXPECT_THAT(again.runs, SizeIs(1));
  EXPECT_EQ(runner.desk.totals().moved, 1u);
}

TEST_F(a_runner, cancels_what_waits_for_a_connector) {
  all.unlink(runner, b);
  all.unlink(runner, c);
  call(1);
  call(2);
  runner.desk.cancel(1, all.now);
  EXPECT_EQ(runner.result(1).outcome.error, errc::taskflow_cancelled);
  all.link(runner, b);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(1));
  EXPECT_EQ(b.runs.front().call->id(), "call-2");
}

TEST_F(a_runner, has_no_more_calls_wait_than_may) {
  const calling_settings settings;
  all.unlink(runner, b);
  all.unlink(runner, c);
  for (std::uint64_t number = 1; number <= settings.max_waiting; ++number)
    call(number);
  EXPECT_THAT(runner.results, IsEmpty());
  call(5000);
  EXPECT_EQ(runner.result(5000).outcome.error, errc::no_eligible_node);
  EXPECT_THAT(runner.results, SizeIs(1));
}

TEST_F(a_runner, asks_no_connector_that_drains) {
  all.loads["b"].draining = true;
  all.tell_loads();
  for (std::uint64_t number = 1; number <= 20; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(b.runs, IsEmpty());
  EXPECT_THAT(c.runs, SizeIs(20));
}

TEST_F(a_runner, asks_the_connector_that_has_less_to_do) {
  all.loads["b"] = {.in_flight = 90, .max_in_flight = 100};
  all.tell_loads();
  for (std::uint64_t number = 1; number <= 20; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(c.runs, SizeIs(20));
}

TEST_F(a_runner, spreads_calls_between_two_reports) {
  all.loads["b"] = {.in_flight = 10, .max_in_flight = 100};
  all.tell_loads();
  for (std::uint64_t number = 1; number <= 50; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(20));
  EXPECT_THAT(c.runs, SizeIs(30));
}

TEST_F(a_runner, asks_a_connector_whose_circuit_is_closed_first) {
  all.loads["b"].open_circuits = {"crm"};
  all.tell_loads();
  for (std::uint64_t number = 1; number <= 20; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(b.runs, IsEmpty());
  all.loads["c"].open_circuits = {"crm"};
  all.tell_loads();
  for (std::uint64_t number = 21; number <= 40; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(b.runs, testing::Not(IsEmpty()));
}

TEST_F(a_runner, says_what_comes_at_once_in_one_message) {
  all.unlink(runner, c);
  all.settle();
  for (std::uint64_t number = 1; number <= 60; ++number)
    call(number);
  all.messages = 0;
  ASSERT_TRUE(all.deliver_one());
  EXPECT_EQ(all.messages, 1u);
  EXPECT_THAT(b.runs, SizeIs(60));
  all.settle();
  while (!b.runs.empty())
    b.finish_one(good_result());
  all.messages = 0;
  all.settle();
  EXPECT_THAT(runner.results, SizeIs(60));
  EXPECT_LE(all.messages, 3u);
}

TEST_F(a_runner, sends_no_more_than_was_granted) {
  all.unlink(runner, c);
  all.settle();
  for (std::uint64_t number = 1; number <= call_window.events; ++number) {
    call(number);
    all.settle();
  }
  EXPECT_THAT(b.runs, SizeIs(call_window.events));
  EXPECT_THAT(runner.results, IsEmpty());
  call(5000);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(call_window.events));
  EXPECT_EQ(runner.desk.waiting(), 1u);
  while (!b.runs.empty())
    b.finish_one(good_result());
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(1));
  EXPECT_THAT(b.faults, IsEmpty());
  EXPECT_THAT(runner.faults, IsEmpty());
}

TEST_F(a_runner, has_a_result_when_the_time_of_a_call_is_up) {
  call(1);
  all.settle();
  all.pass(10s);
  EXPECT_THAT(runner.results, IsEmpty());
  all.pass(900ms);
  EXPECT_EQ(runner.result(1).outcome.error, errc::upstream_timeout);
  busy().finish_one(good_result()); // too late
  all.settle();
  EXPECT_EQ(runner.result(1).outcome.error, errc::upstream_timeout);
  expect_rest();
}

TEST_F(a_runner, makes_no_call_whose_time_is_up) {
  runner.desk.call("crm", a_request("1", all.now), 1, all.now);
  EXPECT_EQ(runner.result(1).outcome.error, errc::upstream_timeout);
}

TEST_F(a_runner, cancels_calls) {
  call(1);
  forward(2);
  all.settle();
  runner.desk.cancel(1, all.now);
  runner.desk.cancel(2, all.now);
  EXPECT_EQ(runner.result(1).outcome.error, errc::taskflow_cancelled);
  EXPECT_EQ(runner.result(2).outcome.error, errc::taskflow_cancelled);
  EXPECT_EQ(runner.desk.away(), 0u);
  all.settle();
  auto cancelled = b.cancelled;
  cancelled.insert(cancelled.end(), c.cancelled.begin(), c.cancelled.end());
  EXPECT_THAT(cancelled,
              testing::UnorderedElementsAre("crm call-1", "crm event-2"));
  for (auto* node : {&b, &c})
    while (!node->runs.empty())
      node->finish_one(bad_result(errc::taskflow_cancelled));
  all.settle();
  EXPECT_THAT(runner.results[1], SizeIs(1));
  runner.desk.cancel(1, all.now); // it is no more
  EXPECT_THAT(runner.results[1], SizeIs(1));
  expect_rest();
}

TEST_F(a_runner, cancels_what_has_not_been_sent_yet) {
  call(1);
  runner.desk.cancel(1, all.now);
  all.settle();
  auto& maker = busy();
  EXPECT_THAT(maker.cancelled, ElementsAre("crm call-1"));
  maker.finish_one(bad_result(errc::taskflow_cancelled));
  all.settle();
  expect_rest();
}

TEST_F(a_runner, may_cancel_any_number_of_calls_at_once) {
  for (std::uint64_t number = 1; number <= 2 * call_window.events; ++number) {
    call(number);
    runner.desk.cancel(number, all.now);
  }
  all.settle();
  EXPECT_THAT(b.faults, IsEmpty());
  EXPECT_THAT(c.faults, IsEmpty());
  EXPECT_EQ(b.cancelled.size() + c.cancelled.size(), 2 * call_window.events);
}

TEST_F(a_runner, has_nothing_to_say_when_nothing_happens) {
  call(1);
  all.settle();
  busy().finish_one(good_result());
  all.settle();
  all.messages = 0;
  for (int i = 0; i < 100; ++i) {
    all.pass(100ms);
    all.settle();
  }
  EXPECT_LE(all.messages, 2u);
}

} // namespace

} // namespace mfo::cluster
