#include "core/silence.hpp"

#include <gmock/gmock.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using testing::Optional;

/// A source, and the time.
struct silence_of_a_source : testing::Test {
  void send(int events, silence::duration gap) {
    for (int i = 0; i < events; ++i) {
      now += gap;
      watched.heard(now);
    }
  }

  silence watched;
  silence::time now{1'000h};
};

TEST_F(silence_of_a_source, is_not_judged_before_it_is_known) {
  EXPECT_FALSE(watched.last());
  EXPECT_FALSE(watched.patience(now));
  send(static_cast<int>(silence::enough_gaps), 1s);
  EXPECT_THAT(watched.last(), Optional(now));
  EXPECT_FALSE(watched.patience(now)) << "one gap is lacking";
  send(1, 1s);
  EXPECT_TRUE(watched.patience(now));
}

TEST_F(silence_of_a_source, is_given_three_times_its_longest_gap) {
  send(20, 1min);
  send(1, 10min);
  send(20, 1s);
  const auto patience = watched.patience(now);
  ASSERT_TRUE(patience);
  EXPECT_NEAR(std::chrono::duration<double>{*patience}.count(), 30 * 60, 10);
}

TEST_F(silence_of_a_source, is_given_a_minute_however_busy_it_is) {
  send(1'000, 1ms);
  EXPECT_THAT(watched.patience(now), Optional(silence::least));
}

TEST_F(silence_of_a_source,
       that_sleeps_at_night_is_known_to_after_the_first_one) {
  send(100, 1min);
  EXPECT_LT(*watched.patience(now), 10h);
  send(1, 10h);
  send(14 * 60, 1min);
  EXPECT_GT(*watched.patience(now), 10h) << "the next evening";
}

TEST_F(silence_of_a_source, has_its_long_gaps_forgotten_in_time) {
  send(20, 1min);
  send(1, 24h);
  const auto at_first = *watched.patience(now);
  for (int days = 0; days < 7; ++days)
    send(24 * 60, 1min);
  EXPECT_LT(*watched.patience(now), at_first / 64);
}

} // namespace

} // namespace mfo::core
