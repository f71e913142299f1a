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
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(a_runner, asks_another_connector_when_one_is_lost) {
  call(1);
  forward(2);
  all.unlink(runner, c);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(2));
  all.link(runner, c);
  all.settle();
  all.unlink(runner, b);
  all.settle();
  EXPECT_THAT(c.runs, SizeIs(2));
  EXPECT_GE(runner.desk.totals().came_back, 2u);
  EXPECT_EQ(runner.desk.totals().moved, runner.desk.totals().came_back);
  EXPECT_THAT(runner.results, IsEmpty());
  c.finish_one(good_result());
  c.finish_one(good_result());
  all.settle();
  EXPECT_TRUE(runner.result(1).outcome.delivered());
  EXPECT_TRUE(runner.result(2).outcome.delivered());
}

TEST_F(a_runner, moves_no_call_that_may_not_be_made_twice) {
  call_once(1);
  all.settle();
  auto& lost = busy();
  all.unlink(runner, lost);
  all.settle();
  EXPECT_THAT(other(lost).runs, IsEmpty());
  EXPECT_EQ(runner.result(1).outcome.error, errc::upstream_failed);
}

TEST_F(a_runner, moves_any_call_that_a_connector_does_not_take) {
  b.servers.clear();
  for (std::uint64_t number = 1; number <= 10; ++number)
    call_once(number);
  all.settle();
  EXPECT_THAT(c.runs, SizeIs(10));
  EXPECT_THAT(runner.results, IsEmpty());
}

TEST_F(a_runner, asks_another_connector_when_one_does_not_say_it_has_a_call) {
  call(1);
  forward(2);
  call_once(3);
  all.pass(1s); // and nothing is delivered
  EXPECT_EQ(runner.desk.totals().came_back, 0u);
  all.pass(1s);
  EXPECT_EQ(runner.desk.totals().came_back, 3u);
  EXPECT_EQ(runner.desk.totals().moved, 2u);
  EXPECT_EQ(runner.desk.away(), 2u);
  EXPECT_EQ(runner.result(3).outcome.error, errc::upstream_failed);
}

TEST_F(a_runner, asks_another_connector_when_one_stops_with_a_call) {
  call(1);
  call_once(2);
  all.unlink(runner, c);
  all.settle();
  all.link(runner, c);
  all.settle();
  while (!b.runs.empty())
    b.finish_one(bad_result(errc::draining));
  all.settle();
  ASSERT_THAT(c.runs, SizeIs(1));
  EXPECT_EQ(c.runs.front().call->id(), "call-1");
  EXPECT_EQ(runner.result(2).outcome.error, errc::upstream_failed);
}

TEST_F(a_runner, asks_another_connector_when_one_drains) {
  all.loads["b"].draining = true;
  b.desk.set_draining(true); // and nobody has heard of it
  for (std::uint64_t number = 1; number <= 20; ++number)
    call(number);
  all.settle();
  EXPECT_THAT(b.runs, IsEmpty());
  EXPECT_THAT(c.runs, SizeIs(20));
  EXPECT_THAT(runner.results, IsEmpty());
}

TEST_F(a_runner, does_not_ask_for_a_server_again_where_nobody_knows_it) {
  b.servers = {"shop"};
  std::uint64_t number = 0;
  while (runner.desk.totals().came_back == 0) {
    ASSERT_LT(number, 100u);
    call(++number);
    all.settle();
  }
  for (int i = 0; i < 20; ++i)
    call(++number);
  all.settle();
  EXPECT_EQ(runner.desk.totals().came_back, 1u);
  EXPECT_THAT(c.runs, SizeIs(number));
  // That is of one server, and for a while.
  all.unlink(runner, c);
  const auto moved_on = runner.results.size();
  call(1000, "shop");
  all.settle();
  EXPECT_THAT(b.runs, testing::Not(IsEmpty()));
  EXPECT_THAT(runner.results, SizeIs(moved_on));
  call(1001);
  all.pass(2s);
  EXPECT_EQ(runner.result(1001).outcome.error, errc::no_eligible_node);
  b.servers.insert("crm");
  all.pass(31s);
  b.runs.clear();
  call(1002);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(1));
}

TEST_F(a_runner, finds_the_connector_that_knows_a_server_among_many) {
  for (const auto* name : {"d", "e", "f", "g", "h"}) {
    auto& added = all.add(name, {role::connector});
    added.servers = {"another"};
  }
  b.servers = {"another"};
  all.settle();
  call_once(1);
  all.settle();
  EXPECT_THAT(c.runs, SizeIs(1));
}

TEST_F(a_runner, hears_when_a_call_has_come_back_too_often) {
  calling_settings narrow;
  narrow.running.max_calls = 0;
  for (const auto* name : {"d", "e", "f", "g", "h"})
    all.add(name, {role::connector}, narrow);
  all.unlink(runner, b);
  all.unlink(runner, c);
  all.settle();
  call(1);
  all.settle();
  EXPECT_EQ(runner.result(1).outcome.error, errc::no_eligible_node);
  EXPECT_THAT(runner.result(1).outcome.detail, HasSubstr("too often"));
  EXPECT_EQ(runner.desk.totals().came_back, 4u);
  EXPECT_EQ(runner.desk.totals().moved, 3u);
}

TEST_F(a_runner, has_a_call_made_once_that_comes_again_over_a_new_link) {
  all.unlink(runner, c);
  all.settle();
  call(1);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(1));
  // It goes to the other one and comes back, and the first one still runs it.
  all.link(runner, c);
  all.settle();
  all.unlink(runner, b);
  all.settle();
  c.runs.clear();
  all.link(runner, b);
  all.settle();
  all.unlink(runner, c);
  all.settle();
  EXPECT_THAT(b.runs, SizeIs(1));
  b.finish_one(good_result());
  all.settle();
  EXPECT_TRUE(runner.result(1).outcome.delivered());
}

TEST_F(a_runner, hears_of_a_result_again_that_was_lost_with_its_link) {
  all.unlink(runner, c);
  all.settle();
  call(1);
  all.settle();
  all.link(runner, c);
  all.settle();
  b.finish_one(good_result("from b"));
  b.desk.flush("a", all.now); // and that is lost with the link
  all.unlink(runner, b);
  all.settle();
  ASSERT_THAT(c.runs, SizeIs(1));
  EXPECT_THAT(runner.results, IsEmpty());
  EXPECT_GT(b.desk.unread_bytes(), 0u);
  all.link(runner, b);
  all.settle();
  EXPECT_EQ(runner.result(1).reply->body, "from b");
  EXPECT_EQ(b.desk.unread_bytes(), 0u);
  c.finish_one(good_result("from c"));
  all.settle();
  EXPECT_EQ(runner.result(1).reply->body, "from b");
  expect_rest();
}

TEST_F(a_runner, takes_a_result_while_the_call_waits_for_another_connector) {
  all.unlink(runner, c);
  all.settle();
  call(1);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(1));
  b.finish_one(good_result());
  all.unlink(runner, b); // and the result is lost with the link
  ASSERT_EQ(runner.desk.waiting(), 1u);
  all.loads["b"].draining = true;
  all.tell_loads();
  all.link(runner, b);
  all.settle();
  EXPECT_EQ(runner.desk.waiting(), 0u);
  EXPECT_TRUE(runner.result(1).outcome.delivered());
  EXPECT_THAT(b.runs, IsEmpty());
  expect_rest();
}

TEST_F(a_runner, is_forgotten_where_its_calls_run_when_it_is_gone) {
  for (std::uint64_t number = 1; number <= 10; ++number)
    call(number);
  all.settle();
  b.desk.gone(runner.life);
  c.desk.gone(runner.life);
  for (auto* node : {&b, &c}) {
    while (!node->runs.empty())
      node->finish_one(good_result());
    EXPECT_EQ(node->desk.running(), 0u);
    EXPECT_EQ(node->desk.unread_bytes(), 0u);
  }
}

TEST_F(a_runner, has_new_calls_made_after_it_was_started_anew) {
  all.unlink(runner, c);
  call(1);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(1));
  auto& again = all.restart("a");
  all.link(again, b); // before anybody has noticed that the old link is over
  all.tell_loads();
  all.settle();
  again.desk.call("crm", a_request("another", all.now + 10s), 1, all.now);
  all.settle();
  ASSERT_THAT(b.runs, SizeIs(2));
  b.finish_one(good_result("for the former"));
  b.finish_one(good_result("for the new one"));
  all.settle();
  EXPECT_EQ(again.result(1).reply->body, "for the new one");
  EXPECT_EQ(b.desk.unread_bytes(), 0u);
}

} // namespace

} // namespace mfo::cluster
