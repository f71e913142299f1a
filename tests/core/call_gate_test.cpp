#include "core/call_gate.hpp"

#include <gtest/gtest.h>

namespace mfo::core {
namespace {

using namespace std::chrono_literals;
using verdict = call_gate::verdict;
using time_point = call_gate::clock::time_point;

class call_gate_test : public testing::Test {
protected:
  call_gate_test() {
    server_.max_in_flight = 2;
    server_.breaker.consecutive_failures = 3;
    server_.breaker.open_for = 10s;
    server_.breaker.success_threshold = 1;
  }

  /// Begins a call, which must be allowed.
  circuit_breaker::ticket begin() {
    const auto answer = gate().ask(now_);
    EXPECT_EQ(answer.what, verdict::begin);
    return answer.ticket;
  }

  std::optional<circuit_breaker::change>
  end(const circuit_breaker::ticket& ticket, call_result result,
      call_gate::clock::duration retry_after = 0s) {
    return gate().ended(now_, ticket, now_, result, retry_after, 0);
  }

  bool next_is_probe() {
    const auto answer = gate().ask(now_);
    EXPECT_EQ(answer.what, verdict::begin);
    end(answer.ticket, call_result::refused);
    return answer.probe;
  }

  void fail_often() {
    for (unsigned i = 0; i < server_.breaker.consecutive_failures; ++i)
      end(begin(), call_result::failed);
  }

  call_gate& gate() {
    if (!gate_)
      gate_.emplace(server_);
    return *gate_;
  }

  config::server_settings server_;
  std::optional<call_gate> gate_;
  time_point now_{1h};
};

TEST_F(call_gate_test, lets_as_many_calls_through_as_may_be_in_flight) {
  const auto first = begin();
  begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::full);
  EXPECT_EQ(gate().in_flight(), 2U);
  end(first, call_result::succeeded);
  EXPECT_EQ(gate().ask(now_).what, verdict::begin);
}

TEST_F(call_gate_test, makes_every_call_wait_when_the_server_asks_for_time) {
  end(begin(), call_result::overloaded, 2s);
  const auto answer = gate().ask(now_);
  EXPECT_EQ(answer.what, verdict::later);
  EXPECT_EQ(answer.when, now_ + 2s);
  now_ += 2s;
  EXPECT_EQ(gate().ask(now_).what, verdict::begin);
}

TEST_F(call_gate_test, lets_one_call_go_first_when_that_time_is_over) {
  end(begin(), call_result::overloaded, 2s);
  now_ += 2s;
  const auto first = begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::full);
  end(first, call_result::overloaded, 2s);
  EXPECT_EQ(gate().ask(now_).when, now_ + 2s) << "told again";
  now_ += 2s;
  end(begin(), call_result::succeeded);
  begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::later) << "at the pace of one";
  now_ += 100ms; // that is used to nothing
  begin();
}

TEST_F(call_gate_test, is_not_reassured_by_a_call_from_before) {
  const auto before = begin();
  const auto began = now_;
  end(begin(), call_result::overloaded, 2s);
  now_ += 2s;
  gate().ended(now_, before, began, call_result::succeeded, 0s, 0);
  begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::full);
}

TEST_F(call_gate_test, keeps_the_longest_time_that_was_asked_for) {
  const auto first = begin();
  const auto second = begin();
  end(first, call_result::overloaded, 5s);
  end(second, call_result::overloaded, 1s);
  EXPECT_EQ(gate().ask(now_).when, now_ + 5s);
}

TEST_F(call_gate_test, takes_a_time_asked_for_with_success_as_nothing) {
  end(begin(), call_result::succeeded, 5s);
  EXPECT_EQ(gate().ask(now_).what, verdict::begin);
}

TEST_F(call_gate_test, refuses_while_the_circuit_is_open) {
  fail_often();
  EXPECT_EQ(gate().circuit(), breaker_state::open);
  const auto answer = gate().ask(now_);
  EXPECT_EQ(answer.what, verdict::refuse);
  EXPECT_EQ(answer.when, now_ + 10s);
  EXPECT_EQ(gate().open_for(now_ + 4s), 6s);
  EXPECT_EQ(gate().open_for(now_ + 10s), 0s);
}

TEST_F(call_gate_test, tells_when_the_circuit_has_changed) {
  end(begin(), call_result::failed);
  end(begin(), call_result::failed);
  const auto opened = end(begin(), call_result::failed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->to, breaker_state::open);
  now_ += 10s;
  const auto probe = gate().ask(now_);
  ASSERT_TRUE(probe.changed);
  EXPECT_EQ(probe.changed->to, breaker_state::half_open);
  const auto closed = end(probe.ticket, call_result::succeeded);
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->to, breaker_state::closed);
}

TEST_F(call_gate_test, does_not_blame_a_server_that_refuses_or_was_not_asked) {
  for (int i = 0; i < 10; ++i) {
    end(begin(), call_result::refused);
    end(begin(), call_result::ignored);
  }
  EXPECT_EQ(gate().circuit(), breaker_state::closed);
  EXPECT_EQ(gate().in_flight(), 0U);
}

TEST_F(call_gate_test, paces_a_recovery_until_nobody_waits) {
  server_.max_in_flight = 1000;
  fail_often();
  now_ += 10s;
  end(begin(), call_result::succeeded);
  // The rate of before is not known: 10 a second to begin with.
  end(begin(), call_result::succeeded);
  const auto paced = gate().ask(now_);
  EXPECT_EQ(paced.what, verdict::later);
  EXPECT_GT(paced.when, now_);
  EXPECT_LE(paced.when, now_ + 100ms);
  gate().nobody_waits(now_);
  EXPECT_EQ(gate().ask(now_).what, verdict::begin);
}

TEST_F(call_gate_test, recovers_fast_where_calls_waited_for_others_before) {
  gate();
  for (int second = 0; second < 15; ++second) {
    const auto one = begin();
    const auto other = begin();
    EXPECT_EQ(gate().ask(now_).what, verdict::full);
    now_ += 1s;
    end(one, call_result::succeeded);
    end(other, call_result::succeeded);
  }
  fail_often();
  now_ += 10s;
  end(begin(), call_result::succeeded);
  now_ += 10s;
  // What has grown to 576 a second may make up for the last 10 ms.
  int begun = 0;
  for (auto next = gate().ask(now_); next.what == verdict::begin;
       next = gate().ask(now_)) {
    end(next.ticket, call_result::succeeded);
    ++begun;
  }
  EXPECT_GE(begun, 5);
}

// --- probes -----------------------------------------------------------------

TEST_F(call_gate_test, needs_no_probe_while_all_is_well) {
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(next_is_probe());
}

TEST_F(call_gate_test, calls_each_one_a_probe_until_the_circuit_is_closed) {
  server_.breaker.success_threshold = 2;
  fail_often();
  now_ += 10s;
  EXPECT_TRUE(next_is_probe());
  EXPECT_TRUE(next_is_probe());
  EXPECT_FALSE(next_is_probe());
}

TEST_F(call_gate_test, does_not_wait_for_calls_from_before_a_hold) {
  const auto hangs = begin();
  const auto hung_since = now_;
  end(begin(), call_result::overloaded, 2s);
  now_ += 2s;
  const auto first = begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::full) << "one goes first";
  gate().ended(now_, hangs, hung_since, call_result::failed, 0s, 0);
  EXPECT_EQ(gate().ask(now_).what, verdict::full)
      << "which told nothing of now";
  end(first, call_result::succeeded);
  EXPECT_NE(gate().ask(now_).what, verdict::full);
}

TEST_F(call_gate_test, calls_the_first_after_a_hold_a_probe) {
  end(begin(), call_result::overloaded, 2s);
  now_ += 2s;
  EXPECT_TRUE(next_is_probe());
  EXPECT_FALSE(next_is_probe());
}

TEST_F(call_gate_test, goes_on_to_the_next_after_a_probe_that_tells_nothing) {
  fail_often();
  now_ += 10s;
  for (int i = 0; i < 20; ++i) {
    const auto probe = gate().ask(now_);
    ASSERT_EQ(probe.what, verdict::begin) << "its place is free again";
    EXPECT_TRUE(probe.probe);
    EXPECT_NE(gate().ask(now_).what, verdict::begin) << "one at a time";
    now_ += 3ms;
    end(probe.ticket, call_result::ignored);
    EXPECT_EQ(gate().circuit(), breaker_state::half_open);
  }
  end(begin(), call_result::succeeded);
  EXPECT_EQ(gate().circuit(), breaker_state::closed);
}

TEST_F(call_gate_test, goes_on_after_a_first_call_that_tells_nothing) {
  end(begin(), call_result::overloaded, 2s);
  now_ += 2s;
  for (int i = 0; i < 20; ++i) {
    const auto probe = gate().ask(now_);
    ASSERT_EQ(probe.what, verdict::begin);
    EXPECT_TRUE(probe.probe);
    EXPECT_EQ(gate().ask(now_).what, verdict::full) << "one first, as ever";
    end(probe.ticket, call_result::ignored);
  }
}

TEST_F(call_gate_test, calls_the_next_a_probe_after_one_that_told_nothing) {
  end(begin(), call_result::ignored);
  EXPECT_TRUE(next_is_probe());
  EXPECT_FALSE(next_is_probe());
}

// --- the pace after a hold --------------------------------------------------

TEST_F(call_gate_test, paces_what_has_waited_for_the_end_of_a_hold) {
  server_.max_in_flight = 1'000;
  for (int i = 0; i < 2'000; ++i, now_ += 10ms) // 100 a second
    end(begin(), call_result::succeeded);
  for (int hold = 0; hold < 3; ++hold) { // the third time like the first
    end(begin(), call_result::overloaded, 2s);
    now_ += 2s;
    end(begin(), call_result::succeeded);
    const auto back = now_;
    int started = 0;
    while (now_ < back + 4s && started < 1'000) {
      const auto answer = gate().ask(now_);
      if (answer.what == verdict::begin) {
        end(answer.ticket, call_result::succeeded);
        ++started;
      } else {
        ASSERT_EQ(answer.what, verdict::later);
        now_ = answer.when;
      }
    }
    EXPECT_NEAR(started, 4 * 125, 10);
  }
}

TEST_F(call_gate_test, begins_to_recover_when_hold_and_circuit_are_over) {
  server_.max_in_flight = 1'000;
  server_.breaker.success_threshold = 2;
  fail_often();
  now_ += 10s;
  end(begin(), call_result::overloaded, 20s); // and it is open again
  now_ += 20s;
  end(begin(), call_result::succeeded);
  EXPECT_EQ(gate().circuit(), breaker_state::half_open);
  end(begin(), call_result::succeeded);
  EXPECT_EQ(gate().circuit(), breaker_state::closed);
  begin();
  EXPECT_EQ(gate().ask(now_).what, verdict::later);
}

} // namespace
} // namespace mfo::core
