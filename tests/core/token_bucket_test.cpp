#include "core/token_bucket.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using time_point = token_bucket::clock::time_point;

constexpr time_point start{1h};

bool try_take(token_bucket& bucket, const token_rate& rate, time_point now) {
  if (bucket.wait(rate, now) > 0s)
    return false;
  bucket.take(rate, now);
  return true;
}

int take_all(token_bucket& bucket, const token_rate& rate, time_point now) {
  int taken = 0;
  while (try_take(bucket, rate, now))
    ++taken;
  return taken;
}

TEST(a_token_bucket, is_full_at_first) {
  token_bucket bucket;
  EXPECT_TRUE(bucket.full(start));
  EXPECT_EQ(take_all(bucket, {10, 20}, start), 20);
  EXPECT_FALSE(bucket.full(start));
}

TEST(a_token_bucket, fills_at_its_rate) {
  const token_rate rate{10, 20};
  token_bucket bucket;
  take_all(bucket, rate, start);
  EXPECT_EQ(bucket.wait(rate, start), 100ms);
  EXPECT_EQ(bucket.wait(rate, start + 40ms), 60ms);
  EXPECT_EQ(take_all(bucket, rate, start + 99ms), 0);
  EXPECT_EQ(take_all(bucket, rate, start + 100ms), 1);
  EXPECT_EQ(take_all(bucket, rate, start + 1'100ms), 10);
}

TEST(a_token_bucket, holds_no_more_than_a_burst) {
  const token_rate rate{10, 20};
  token_bucket bucket;
  take_all(bucket, rate, start);
  EXPECT_FALSE(bucket.full(start + 1'999ms));
  EXPECT_TRUE(bucket.full(start + 2s));
  EXPECT_EQ(take_all(bucket, rate, start + 24h), 20);
}

TEST(a_token_bucket, may_be_as_slow_or_fast_as_its_rate_may_be) {
  token_bucket slow;
  EXPECT_EQ(take_all(slow, {0.001, 1'000'000}, start), 1'000'000);
  EXPECT_EQ(slow.wait({0.001, 1'000'000}, start), 1'000s);
  token_bucket fast;
  EXPECT_EQ(take_all(fast, {1'000'000, 1}, start), 1);
  EXPECT_EQ(fast.wait({1'000'000, 1}, start), 1us);
}

TEST(a_token_bucket, never_gives_more_than_a_burst_and_what_came_since) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 300; ++round) {
    const auto per_second = std::pow(10, test::uniform(random) * 7 - 3);
    const auto burst = test::between(random, 1U, 50U);
    const token_rate rate{per_second, burst};
    token_bucket bucket;
    auto now = start;
    std::vector<time_point> taken;
    for (int i = 0; i < 300; ++i) {
      // About as fast as the bucket fills, or in bursts, or after a while.
      const auto scale = test::between(random, 0, 20) == 0 ? 20 : 1;
      now += std::chrono::nanoseconds{static_cast<std::int64_t>(
          test::uniform(random) * scale * 1e9 / per_second)};
      const auto wait = bucket.wait(rate, now);
      ASSERT_EQ(try_take(bucket, rate, now), wait == 0s);
      if (wait == 0s)
        taken.push_back(now);
    }
    for (std::size_t first = 0; first < taken.size(); ++first)
      for (std::size_t last = first; last < taken.size(); ++last) {
        const std::chrono::duration<double> time = taken[last] - taken[first];
        ASSERT_LE(static_cast<double>(last - first + 1),
                  burst + per_second * time.count() + 1e-6);
      }
  }
}

TEST(a_token_bucket, gives_a_token_after_the_wait_and_not_before) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  const token_rate rate{7, 3};
  token_bucket bucket;
  auto now = start;
  for (int i = 0; i < 1'000; ++i) {
    now += std::chrono::milliseconds{test::between(random, 0, 300)};
    take_all(bucket, rate, now);
    const auto wait = bucket.wait(rate, now);
    ASSERT_GT(bucket.wait(rate, now + wait - 1ns), 0s);
    ASSERT_EQ(bucket.wait(rate, now + wait), 0s);
  }
}

} // namespace

} // namespace mfo::core
