// A server that goes away and comes back, in simulated time.

#include "tests/actors/caller_fixture.hpp"

#include <algorithm>

namespace mfo::actors::tests {
namespace {

using core::breaker_state;
using core::errc;

/// What the server does with each try.
enum class mood : std::uint8_t {
  works,   ///< answers after its latency; a try with less time runs out of it
  hangs,   ///< never answers
  refuses, ///< there is nobody
  busy,    ///< 429 with Retry-After
};

class server_caller_recovery_test : public caller_fixture {
protected:
  server_caller_recovery_test() {
    server_.max_in_flight = 64;
    server_.max_waiting = 10'000;
  }

  void send(http::client_request request, std::uint64_t number) override {
    started_.push_back(now_);
    const auto what = std::exchange(mood_, next_mood_.value_or(mood_));
    if (what == mood::busy)
      answer(latency_, number,
             http::client_response{429, {{"Retry-After", retry_after_}}, "{}"});
    else if (what == mood::refuses)
      answer(0ms, number, failure(http::client_errc::connect_failed, false));
    else if (what == mood::works && request.timeout >= latency_)
      answer(latency_, number, http::client_response{200, {}, "{}"});
    else
      answer(request.timeout, number, failure(http::client_errc::timeout));
  }

  static http::client_result failure(http::client_errc code, bool sent = true) {
    return tl::unexpected{
        http::client_error{.code = code, .detail = "d", .sent = sent}};
  }

  void answer(milliseconds after, std::uint64_t number,
              const http::client_result& result) {
    timers_.emplace(now_ + after, [this, number, result] {
      caller_->replied(number, result);
    });
  }

  /// Opens the circuit; the server is well again by then.
  void find_it_away() {
    mood_ = mood::refuses;
    for (unsigned i = 0; i < server_.breaker.consecutive_failures; ++i)
      call();
    pass(0ms);
    ASSERT_EQ(circuit(), breaker_state::open);
    mood_ = mood::works;
  }

  /// Calls come at this rate, evenly.
  void live(milliseconds time, int per_second, call_traits how) {
    const auto step = milliseconds{1'000 / per_second};
    for (const auto end = now_ + time; now_ < end; pass(step))
      results_.push_back(call(how));
  }

  /// What has become of the calls.
  struct tally {
    std::size_t delivered = 0;
    std::size_t failed = 0;
    std::size_t open = 0;
  };

  tally count() const {
    tally sum;
    for (const auto& each : results_)
      ++(!each->outcome               ? sum.open
         : each->outcome->delivered() ? sum.delivered
                                      : sum.failed);
    return sum;
  }

  std::size_t delivered_during(milliseconds time, int per_second,
                               call_traits how) {
    const auto before = count().delivered;
    live(time, per_second, how);
    return count().delivered - before;
  }

  /// The most tries that begin within any second since `from`.
  std::size_t peak(clock::time_point from) const {
    auto first = std::ranges::lower_bound(started_, from);
    std::ptrdiff_t most = 0;
    for (auto last = first; last != started_.end(); ++last) {
      while (*last - *first >= 1s)
        ++first;
      most = std::max(most, last - first + 1);
    }
    return static_cast<std::size_t>(most);
  }

  /// The server is busy again and again, also in the midst of a recovery.
  void expect_no_peak_after_holds() {
    const call_traits how{.lifetime = 5min, .patient = true};
    start();
    live(20s, 100, how);
    const auto before = now_;
    retry_after_ = "3";
    for (int i = 0; i < 4; ++i) {
      mood_ = mood::busy;
      live(5s, 100, how);
      mood_ = mood::works;
      live(5s, 100, how);
    }
    live(200s, 100, how);
    pass(1s);
    EXPECT_EQ(count().delivered, results_.size());
    EXPECT_LE(peak(before), 150U);
  }

  breaker_state circuit() const {
    return status_->circuit.load();
  }

  mood mood_ = mood::works;
  std::optional<mood> next_mood_; ///< after the next try; nothing: the same
  milliseconds latency_{50};
  std::string retry_after_ = "10";
  std::vector<probe_ptr> results_;
};

// --- probes -----------------------------------------------------------------

TEST_F(server_caller_recovery_test, probes_with_the_call_that_has_most_time) {
  start();
  find_it_away();
  const auto oldest = call({.lifetime = 20s, .patient = true});
  const auto longest = call({.lifetime = 5min, .patient = true});
  const auto last = call({.lifetime = 1min, .patient = true});
  pass(server_.breaker.open_for + latency_);
  EXPECT_TRUE(longest->outcome);
  EXPECT_FALSE(oldest->outcome);
  EXPECT_FALSE(last->outcome);
  pass(latency_);
  EXPECT_TRUE(last->outcome) << "the circuit is closed by two";
  pass(latency_);
  EXPECT_TRUE(oldest->outcome);
}

TEST_F(server_caller_recovery_test,
       begins_with_the_most_urgent_when_all_is_well) {
  server_.max_in_flight = 1;
  start();
  call();
  const auto oldest = call({.lifetime = 1s, .patient = true});
  const auto longest = call({.lifetime = 5min, .patient = true});
  pass(2 * latency_);
  EXPECT_TRUE(oldest->outcome);
  EXPECT_FALSE(longest->outcome);
}

TEST_F(server_caller_recovery_test, goes_on_after_a_probe_that_told_nothing) {
  start();
  find_it_away();
  const auto late =
      call({.lifetime = server_.breaker.open_for + 20ms, .patient = true});
  pass(server_.breaker.open_for + 20ms);
  ASSERT_TRUE(late->outcome);
  EXPECT_EQ(late->outcome->error, errc::upstream_timeout);
  EXPECT_EQ(circuit(), breaker_state::half_open) << "neither good nor bad";
  const auto next = call();
  pass(latency_);
  ASSERT_TRUE(next->outcome);
  EXPECT_TRUE(next->outcome->delivered());
}

TEST_F(server_caller_recovery_test,
       finds_a_server_well_when_all_that_waits_is_at_its_end) {
  const call_traits how{.lifetime = 5s, .patient = true};
  start();
  for (const auto outage : {mood::hangs, mood::refuses}) {
    SCOPED_TRACE(static_cast<int>(outage));
    mood_ = mood::works;
    live(20s, 100, how);
    mood_ = outage;
    live(30s, 100, how);
    ASSERT_NE(circuit(), breaker_state::closed);
    mood_ = mood::works;
    live(15s, 100, how); // a probe that hangs, and the time of the circuit
    EXPECT_EQ(circuit(), breaker_state::closed);
    EXPECT_GE(delivered_during(10s, 100, how), 990U);
  }
}

// --- time-outs that say nothing ---------------------------------------------

TEST_F(server_caller_recovery_test,
       finds_out_that_a_server_hangs_by_calls_with_little_time_of_their_own) {
  start();
  mood_ = mood::hangs;
  live(2s, 20, {.lifetime = 400ms});
  EXPECT_EQ(circuit(), breaker_state::open);
}

TEST_F(server_caller_recovery_test,
       serves_some_in_time_where_it_can_not_serve_all) {
  const call_traits how{.lifetime = 3s, .patient = true};
  server_.max_in_flight = 4;
  latency_ = 100ms; // 40 a second
  start();
  live(10s, 100, how);
  EXPECT_GE(delivered_during(10s, 100, how), 200U);
  EXPECT_EQ(circuit(), breaker_state::closed) << "the server does what it can";
  mood_ = mood::hangs;
  live(15s, 100, how);
  EXPECT_NE(circuit(), breaker_state::closed) << "not so now";
}

// --- what has piled up ------------------------------------------------------

TEST_F(server_caller_recovery_test, loses_nothing_in_an_outage) {
  const call_traits how{.lifetime = 5min, .patient = true};
  start();
  live(20s, 100, how);
  mood_ = mood::refuses;
  live(30s, 100, how);
  mood_ = mood::works;
  const auto back = now_;
  live(150s, 100, how);
  pass(1s);
  EXPECT_EQ(count().delivered, 20'000U);
  EXPECT_EQ(count().failed, 0U);
  EXPECT_EQ(count().open, 0U);
  EXPECT_LE(peak(back), 150U);
}

TEST_F(server_caller_recovery_test, paces_what_has_piled_up_during_a_hold) {
  const call_traits how{.lifetime = 5min, .patient = true};
  server_.breaker.enabled = false;
  start();
  live(20s, 100, how);
  const auto before = now_;
  mood_ = mood::busy;
  next_mood_ = mood::works; // it says so once
  live(20s, 100, how);
  EXPECT_GE(count().open, 500U);
  live(100s, 100, how);
  pass(1s);
  EXPECT_EQ(count().delivered, results_.size());
  EXPECT_LE(peak(before), 150U);
}

TEST_F(server_caller_recovery_test, paces_after_one_hold_upon_the_other) {
  server_.breaker.enabled = false;
  expect_no_peak_after_holds();
}

TEST_F(server_caller_recovery_test, paces_after_holds_that_open_the_circuit) {
  expect_no_peak_after_holds();
}

TEST_F(server_caller_recovery_test, takes_a_slow_servers_rate_for_no_measure) {
  const call_traits how{.lifetime = 1min, .patient = true};
  server_.request_timeout = 10s;
  start();
  live(20s, 100, how);
  latency_ = 4s; // 16 a second
  live(15s, 100, how);
  mood_ = mood::busy;
  next_mood_ = mood::works; // it says so once
  live(1s, 100, how);
  latency_ = 50ms;
  live(30s, 100, how);
  pass(1s);
  EXPECT_EQ(count().open, 0U) << "what has piled up is gone";
  EXPECT_EQ(count().failed, 0U);
}

TEST_F(server_caller_recovery_test, logs_in_nowhere_while_the_circuit_is_open) {
  start();
  find_it_away();
  auth_->good = false;
  call({.lifetime = 5min, .patient = true});
  EXPECT_EQ(logins_under_way_, 0) << "that would be a connection too";
  pass(server_.breaker.open_for);
  EXPECT_EQ(logins_under_way_, 1);
}

TEST_F(server_caller_recovery_test, is_balanced_when_it_was_abandoned) {
  start();
  call({.lifetime = 5min, .patient = true});
  caller_->abandon();
  EXPECT_EQ(status_->in_flight.load(), 0U);
  EXPECT_EQ(status_->waiting.load(), 0U);
  EXPECT_EQ(call()->outcome->error, core::errc::draining);
}

} // namespace
} // namespace mfo::actors::tests
