#include "tests/actors/caller_fixture.hpp"

#include <gmock/gmock.h>

/// Calls of several events, and what their replies leave to be tried again.
namespace mfo::actors::tests {
namespace {

using core::errc;

class server_caller_batch_test : public caller_fixture {
protected:
  static core::outcome busy() {
    auto result = core::refused(errc::upstream_busy);
    result.upstream_status = 503;
    return result;
  }
};

TEST_F(server_caller_batch_test, counts_the_events_of_a_call) {
  start(); // room for five
  call({.weight = 3});
  const auto too_much = call({.weight = 3});
  ASSERT_TRUE(too_much->outcome);
  EXPECT_EQ(too_much->outcome->error, errc::saturated);
  EXPECT_FALSE(call({.weight = 2})->outcome);
  reply(202);
  EXPECT_FALSE(call({.weight = 3})->outcome) << "the room of what has ended";
}

TEST_F(server_caller_batch_test, has_room_for_what_weighs_nothing) {
  start();
  call({.weight = 5});
  EXPECT_FALSE(call({.weight = 0})->outcome)
      << "a subscription takes no event's place";
}

TEST_F(server_caller_batch_test, tries_again_what_a_2xx_leaves) {
  start();
  const auto result = call({.weight = 3, .left = {busy(), std::nullopt}});
  reply(202);
  EXPECT_FALSE(result->outcome);
  EXPECT_TRUE(wire_.empty()) << "not before the back-off is over";
  pass(100ms);
  ASSERT_EQ(wire_.size(), 1U);
  reply(202);
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
  EXPECT_EQ(result->outcome->attempts, 2U);
}

TEST_F(server_caller_batch_test, gives_up_on_what_is_left_by_its_policy) {
  server_.retry.max_count = 2;
  start();
  const auto result = call({.left = {busy(), busy()}});
  reply(202);
  pass(100ms);
  reply(202);
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, errc::upstream_busy);
  EXPECT_EQ(result->outcome->attempts, 2U);
}

TEST_F(server_caller_batch_test, gives_room_back_for_what_is_settled) {
  start();
  call({.weight = 5, .left = {busy()}});
  reply(202);
  EXPECT_FALSE(call({.weight = 4})->outcome);
}

TEST_F(server_caller_batch_test, does_not_blame_the_server_for_one_event) {
  server_.breaker.consecutive_failures = 1;
  start();
  call({.left = {busy()}});
  reply(202);
  EXPECT_EQ(status_->circuit.load(), core::breaker_state::closed);
}

} // namespace
} // namespace mfo::actors::tests
