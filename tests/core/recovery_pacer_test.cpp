#include "core/recovery_pacer.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using clock = recovery_pacer::clock;

/// A pacer, and the time.
struct recovery_pacer_test : testing::Test {
  /// Good calls, evenly.
  void run(double rate, clock::duration length) {
    const auto end = now + length;
    const auto step = std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double>{1 / rate});
    for (; now < end; now += step) {
      pacer.on_start(now);
      pacer.on_success(now);
    }
    now = end;
  }

  /// The same, with calls that wait for others to end.
  void run_full(double rate, clock::duration length) {
    for (const auto end = now + length; now < end;) {
      pacer.on_full(now);
      run(rate, 1s);
    }
  }

  void recover_after(clock::duration outage) {
    pacer.outage_began(now);
    now += outage;
    pacer.recovery_began(now);
  }

  /// At 100 calls a second, after an outage that is not made up for so soon.
  void expect_no_growth() {
    recover_after(30s);
    starts_in(10s);
    EXPECT_NEAR(pacer.pace(now), 125, 1);
  }

  /// How many calls start in `length`, when there is no end of them; all are
  /// good.
  int starts_in(clock::duration length) {
    const auto end = now + length;
    int count = 0;
    while (pacer.next_start(now) < end) {
      now = pacer.next_start(now);
      pacer.on_start(now);
      pacer.on_success(now);
      ++count;
    }
    now = end;
    return count;
  }

  recovery_pacer pacer;
  clock::time_point now{1h};
};

TEST_F(recovery_pacer_test, holds_nobody_up_while_all_is_well) {
  run(1'000, 5s);
  EXPECT_EQ(pacer.next_start(now), now);
  EXPECT_FALSE(pacer.recovering());
}

TEST_F(recovery_pacer_test, leaves_an_outage_to_the_circuit_breaker) {
  run(20, 15s);
  pacer.outage_began(now);
  for (int i = 0; i < 100; ++i)
    pacer.on_start(now);
  EXPECT_EQ(pacer.next_start(now), now);
  EXPECT_FALSE(pacer.recovering());
}

TEST_F(recovery_pacer_test, measures_the_rate_of_before_the_outage) {
  run(1'000, 60s);
  run(200, 15s);
  pacer.outage_began(now);
  EXPECT_NEAR(pacer.steady_rate().value(), 200, 2);
}

TEST_F(recovery_pacer_test,
       does_not_measure_what_began_after_the_last_success) {
  run(100, 15s);
  for (int i = 0; i < 5'000; ++i)
    pacer.on_start(now += 1ms); // tried again and again
  now += 20s;                   // and then all places are taken
  pacer.outage_began(now);
  EXPECT_NEAR(pacer.steady_rate().value(), 100, 1);
}

TEST_F(recovery_pacer_test, does_not_measure_the_recovery) {
  run(100, 15s);
  recover_after(30s);
  starts_in(20s);
  pacer.outage_began(now);
  EXPECT_NEAR(pacer.steady_rate().value(), 100, 1);
}

TEST_F(recovery_pacer_test, starts_calls_evenly_at_five_fourths_of_the_rate) {
  run(100, 15s);
  recover_after(30s);
  EXPECT_TRUE(pacer.recovering());
  EXPECT_NEAR(pacer.pace(now), 125, 1);
  EXPECT_EQ(pacer.next_start(now), now);
  pacer.on_start(now);
  const auto second = pacer.next_start(now);
  EXPECT_NEAR(static_cast<double>((second - now) / 1us), 8'000, 80);
  now = second;
  for (int i = 0; i < 10; ++i)
    EXPECT_NEAR(starts_in(100ms), 12.5, 1);
  EXPECT_NEAR(starts_in(10s), 1'250, 13);
}

TEST_F(recovery_pacer_test, lets_a_late_caller_make_up_for_a_moment_only) {
  run(1'000, 15s);
  recover_after(30s);
  starts_in(1s);
  now += 500ms;
  int at_once = 0;
  while (pacer.next_start(now) == now) {
    pacer.on_start(now);
    ++at_once;
  }
  EXPECT_NEAR(at_once, 1'250 * 0.01, 2);
}

TEST_F(recovery_pacer_test, counts_calls_that_did_not_ask) {
  run(100, 15s);
  recover_after(30s);
  for (int i = 0; i < 125; ++i)
    pacer.on_start(now);
  EXPECT_NEAR(static_cast<double>((pacer.next_start(now) - now) / 1ms), 1'000,
              10);
}

TEST_F(recovery_pacer_test, is_out_of_the_way_when_the_backlog_is_gone) {
  run(100, 15s);
  recover_after(30s);
  starts_in(5s);
  pacer.on_start(now);
  pacer.recovered(now);
  EXPECT_FALSE(pacer.recovering());
  EXPECT_EQ(pacer.next_start(now), now);
}

TEST_F(recovery_pacer_test, keeps_the_rate_when_the_next_outage_comes_soon) {
  run(100, 15s);
  recover_after(30s);
  starts_in(5s);
  pacer.recovered(now);
  run(200, 4s);
  pacer.outage_began(now);
  const auto rate = pacer.steady_rate().value();
  EXPECT_GT(rate, 110) << "of what was seen since";
  EXPECT_LT(rate, 150) << "and of what was known";
}

TEST_F(recovery_pacer_test, starts_slowly_when_it_knows_no_rate) {
  recover_after(30s);
  EXPECT_EQ(pacer.steady_rate(), std::nullopt);
  EXPECT_NEAR(pacer.pace(now), 10, 0.01);
  EXPECT_NEAR(starts_in(1s), 12, 1);
  EXPECT_NEAR(pacer.pace(now), 15, 0.01);
  EXPECT_NEAR(starts_in(1s), 18, 1);
  EXPECT_NEAR(pacer.pace(now), 22.5, 0.01);
  EXPECT_GT(starts_in(15s), 5'000);
}

TEST_F(recovery_pacer_test, knows_no_rate_from_too_short_or_too_long_ago) {
  run(1'000, 2s);
  pacer.outage_began(now);
  EXPECT_EQ(pacer.steady_rate(), std::nullopt);
  pacer.recovered(now);
  run(1'000, 20s);
  now += 10min;
  pacer.on_start(now);
  pacer.outage_began(now);
  EXPECT_EQ(pacer.steady_rate(), std::nullopt);
}

TEST_F(recovery_pacer_test, goes_no_slower_than_ten_a_second) {
  run(0.5, 30s);
  recover_after(30s);
  EXPECT_NEAR(pacer.steady_rate().value(), 0.5, 0.11);
  EXPECT_NEAR(starts_in(10s), 100, 2);
}

TEST_F(recovery_pacer_test, speeds_up_when_the_backlog_should_long_be_gone) {
  run(100, 15s);
  recover_after(30s);
  starts_in(150s);
  EXPECT_NEAR(pacer.pace(now), 125, 1);
  starts_in(1s);
  EXPECT_NEAR(pacer.pace(now), 137.5, 1);
  starts_in(1s);
  EXPECT_NEAR(pacer.pace(now), 151.25, 1);
}

TEST_F(recovery_pacer_test, speeds_up_where_a_slow_server_set_the_rate) {
  run(1'000, 15s);
  run_full(40, 15s);
  recover_after(12s);
  EXPECT_NEAR(pacer.pace(now), 50, 1);
  starts_in(2s);
  EXPECT_NEAR(pacer.pace(now), 112.5, 1);
  EXPECT_GT(starts_in(8s), 3'000) << "what has piled up";
}

TEST_F(recovery_pacer_test, takes_the_rate_for_steady_where_few_had_to_wait) {
  run_full(100, 15s);
  run(100, 6s);
  expect_no_growth();
}

TEST_F(recovery_pacer_test, forgets_who_had_to_wait_when_it_measures_anew) {
  run_full(100, 15s);
  recover_after(1s);
  pacer.on_full(now);
  pacer.recovered(now);
  run(100, 15s);
  expect_no_growth();
}

TEST_F(recovery_pacer_test, adds_up_outages_until_the_backlog_is_gone) {
  run(100, 15s);
  recover_after(10s);
  starts_in(5s);
  recover_after(10s);
  starts_in(100s);
  EXPECT_NEAR(pacer.pace(now), 125, 1) << "five times twenty seconds";
  starts_in(2s);
  EXPECT_GT(pacer.pace(now), 145);
}

TEST_F(recovery_pacer_test, never_stops_however_long_it_goes_on) {
  run(100, 15s);
  recover_after(48h);
  EXPECT_NEAR(pacer.pace(now + 30min), 125, 1) << "half an hour at most";
  EXPECT_GT(pacer.pace(now + 31min), 10'000);
  now += 1000h;
  pacer.on_start(now);
  EXPECT_GT(pacer.next_start(now), now - 1ms);
  EXPECT_LT(pacer.next_start(now), now + 1ms);
}

TEST_F(recovery_pacer_test, takes_a_word_that_is_no_news_for_none) {
  run(100, 15s);
  pacer.recovered(now);
  pacer.outage_began(now);
  now += 10s;
  pacer.outage_began(now);
  EXPECT_NEAR(pacer.steady_rate().value(), 100, 1);
  now += 10s;
  pacer.recovery_began(now);
  pacer.on_start(now);
  const auto next = pacer.next_start(now);
  pacer.recovery_began(now);
  EXPECT_EQ(pacer.next_start(now), next);
  EXPECT_NEAR(pacer.pace(now + 100s), 125, 1) << "the outage took 20 s";
}

} // namespace

} // namespace mfo::core
