#include "tests/actors/caller_fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using core::errc;

class server_caller_cancel_test : public caller_fixture {};

TEST_F(server_caller_cancel_test, ends_a_call_that_waits_for_its_turn) {
  server_.max_in_flight = 1;
  start();
  call();
  const auto waiting = call();
  caller_->cancel("call-2");
  EXPECT_EQ(waiting->outcome->error, errc::taskflow_cancelled);
  reply(200);
  EXPECT_TRUE(wire_.empty()) << "it is not sent any more";
}

TEST_F(server_caller_cancel_test, ends_a_call_that_waits_for_its_next_try) {
  start();
  const auto failed = call();
  reply(503);
  caller_->cancel("call-1");
  EXPECT_EQ(failed->outcome->error, errc::taskflow_cancelled);
  pass(1s);
  EXPECT_TRUE(wire_.empty());
}

TEST_F(server_caller_cancel_test, answers_at_once_what_is_on_the_wire) {
  server_.max_in_flight = 1;
  start();
  const auto sent = call();
  caller_->cancel("call-1");
  ASSERT_TRUE(sent->outcome);
  EXPECT_EQ(sent->outcome->error, errc::taskflow_cancelled);
  EXPECT_THAT(aborted_, ::testing::ElementsAre(wire_.front().first));
  const auto next = call();
  EXPECT_EQ(wire_.size(), 1U) << "the server is busy with it yet";
  reply(503);
  EXPECT_EQ(wire_.size(), 1U);
  reply(200);
  EXPECT_TRUE(next->outcome->delivered());
  pass(1s);
  EXPECT_TRUE(wire_.empty()) << "what nobody wants is not tried again";
}

TEST_F(server_caller_cancel_test, leaves_nothing_of_a_call_to_the_next_one) {
  start();
  const auto unwanted = call();
  reply(503);
  pass(1s);
  caller_->cancel("call-1");
  reply(200); // of the second try
  EXPECT_EQ(unwanted->outcome->error, errc::taskflow_cancelled);
  const auto next = call();
  EXPECT_FALSE(next->outcome);
  reply(503);
  pass(1s);
  reply(200);
  ASSERT_TRUE(next->outcome);
  EXPECT_TRUE(next->outcome->delivered());
  EXPECT_EQ(next->outcome->attempts, 2U);
}

TEST_F(server_caller_cancel_test, passes_over_what_it_does_not_know) {
  start();
  const auto other = call();
  caller_->cancel("call-2");
  EXPECT_FALSE(other->outcome);
  reply(200);
  caller_->cancel("call-1");
  EXPECT_TRUE(other->outcome->delivered());
}

} // namespace
} // namespace mfo::actors::tests
