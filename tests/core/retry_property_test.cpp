// What holds for every policy, with random settings.

#include "core/retry.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mfo::core {

namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using config::backoff_shape;
using config::jitter_mode;
using std::chrono::milliseconds;

config::retry_settings random_settings(std::mt19937& random) {
  config::retry_settings settings;
  settings.backoff =
      std::array{backoff_shape::constant, backoff_shape::linear,
                 backoff_shape::exponential}[between(random, 0, 2)];
  settings.jitter = std::array{jitter_mode::none, jitter_mode::equal,
                               jitter_mode::full}[between(random, 0, 2)];
  settings.delay = milliseconds{between(random, 0, 5'000)};
  settings.multiplier = 1 + 9 * uniform(random);
  settings.max_delay = milliseconds{between(random, 1, 60'000)};
  settings.max_count = between(random, 1u, 50u);
  settings.max_duration = milliseconds{between(random, 1, 600'000)};
  settings.retry_after_max = milliseconds{between(random, 0, 600'000)};
  return settings;
}

failed_tries random_tries(std::mt19937& random) {
  failed_tries tries;
  tries.count = between(random, 1u, 60u);
  tries.since_first = milliseconds{between(random, 0, 300'000)};
  if (between(random, 0, 1) == 1)
    tries.retry_after = milliseconds{between(random, 0, 900'000)};
  if (between(random, 0, 1) == 1)
    tries.time_left = milliseconds{between(random, -10, 300'000)};
  return tries;
}

/// The back-off without jitter, multiplied out.
double whole_delay(const config::retry_settings& settings, unsigned count) {
  auto delay = static_cast<double>(settings.delay.count());
  for (unsigned i = 1; i < count; ++i)
    if (settings.backoff == backoff_shape::linear)
      delay += static_cast<double>(settings.delay.count());
    else if (settings.backoff == backoff_shape::exponential)
      delay *= settings.multiplier;
  return std::min(delay, static_cast<double>(settings.max_delay.count()));
}

TEST(every_policy, keeps_its_bounds) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  int waits = 0;
  for (int i = 0; i < 50'000; ++i) {
    const auto settings = random_settings(random);
    const auto tries = random_tries(random);
    const auto wait = retry_policy{settings}.next_delay(tries, uniform(random));
    if (!wait)
      continue;
    ++waits;
    const auto asked = std::min(tries.retry_after, settings.retry_after_max);
    ASSERT_LT(tries.count, settings.max_count);
    ASSERT_GE(*wait, asked);
    ASSERT_LE(*wait, std::max(settings.max_delay, asked));
    ASSERT_LT(*wait, tries.time_left);
    ASSERT_LE(tries.since_first + *wait, settings.max_duration);
    if (*wait == asked)
      continue;
    // Half a millisecond for the rounding.
    const auto whole = whole_delay(settings, tries.count) * (1 + 1e-9) + 0.5;
    const auto least = settings.jitter == jitter_mode::none    ? whole - 1
                       : settings.jitter == jitter_mode::equal ? whole / 2 - 1
                                                               : 0.0;
    ASSERT_LE(static_cast<double>(wait->count()), whole);
    ASSERT_GE(static_cast<double>(wait->count()), least - whole * 2e-9);
  }
  EXPECT_GT(waits, 2'000);
}

TEST(every_policy, says_no_only_for_a_reason) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  int refusals = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto settings = random_settings(random);
    auto tries = random_tries(random);
    const auto chance = uniform(random);
    if (retry_policy{settings}.next_delay(tries, chance) ||
        tries.count >= settings.max_count)
      continue;
    // The same with all the time in the world says how long it would be.
    auto patient = settings;
    patient.max_duration = milliseconds::max();
    auto unhurried = tries;
    unhurried.time_left = milliseconds::max();
    const auto wait = retry_policy{patient}.next_delay(unhurried, chance);
    ASSERT_TRUE(wait);
    ASSERT_TRUE(*wait >= tries.time_left ||
                tries.since_first + *wait > settings.max_duration);
    ++refusals;
  }
  EXPECT_GT(refusals, 2'000);
}

struct spread {
  double mean = 0; ///< of the whole delay
  std::array<int, 20> buckets{};
};

/// How `count` waits of an 8 s delay lie between nothing and all of it.
spread spread_of(jitter_mode jitter, std::mt19937& random, int count) {
  config::retry_settings settings;
  settings.delay = 8'000ms;
  settings.jitter = jitter;
  const retry_policy policy{settings};
  spread result;
  for (int i = 0; i < count; ++i) {
    const auto wait = policy.next_delay({}, uniform(random));
    const auto share = static_cast<double>(wait.value().count()) / 8'000;
    result.mean += share / count;
    const auto bucket = std::min(static_cast<std::size_t>(share * 20), 19ul);
    ++result.buckets[bucket];
  }
  return result;
}

TEST(full_jitter, spreads_clients_over_the_whole_delay) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 10; ++round) {
    const auto seen = spread_of(jitter_mode::full, random, 20'000);
    // Six standard deviations, here and below.
    EXPECT_NEAR(seen.mean, 0.5, 6 * 0.2887 / std::sqrt(20'000));
    for (const auto count : seen.buckets)
      EXPECT_NEAR(count, 1'000, 6 * std::sqrt(1'000 * 0.95));
  }
}

TEST(equal_jitter, spreads_clients_over_the_second_half_of_the_delay) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 10; ++round) {
    const auto seen = spread_of(jitter_mode::equal, random, 20'000);
    EXPECT_NEAR(seen.mean, 0.75, 6 * 0.1443 / std::sqrt(20'000));
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_EQ(seen.buckets[i], 0) << i;
    for (std::size_t i = 10; i < 20; ++i)
      EXPECT_NEAR(seen.buckets[i], 2'000, 6 * std::sqrt(2'000 * 0.9)) << i;
  }
}

TEST(no_jitter, has_all_clients_wait_the_same) {
  std::mt19937 random{1};
  const auto seen = spread_of(jitter_mode::none, random, 100);
  EXPECT_EQ(seen.buckets.back(), 100);
  EXPECT_NEAR(seen.mean, 1, 1e-9);
}

} // namespace

} // namespace mfo::core
