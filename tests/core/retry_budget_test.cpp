#include "core/retry_budget.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mfo::core {

namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using time_point = retry_budget::clock::time_point;

const time_point start{1h};

/// How many retries are allowed at once.
int withdraw_all(retry_budget& budget, time_point now) {
  int count = 0;
  while (count < 1'000'000 && budget.try_withdraw(now))
    ++count;
  return count;
}

TEST(retry_budget, starts_with_ten_seconds_of_the_least_rate) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 10}, start};
  EXPECT_EQ(withdraw_all(budget, start), 100);
}

TEST(retry_budget, gains_the_least_rate_over_time) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 10}, start};
  withdraw_all(budget, start);
  EXPECT_EQ(withdraw_all(budget, start + 99ms), 0);
  EXPECT_EQ(withdraw_all(budget, start + 100ms), 1);
  EXPECT_EQ(withdraw_all(budget, start + 1'100ms), 10);
}

TEST(retry_budget, gains_the_ratio_with_each_request) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 0}, start};
  EXPECT_EQ(withdraw_all(budget, start), 0);
  for (int i = 0; i < 4; ++i)
    budget.on_request(start);
  EXPECT_FALSE(budget.try_withdraw(start));
  budget.on_request(start);
  EXPECT_TRUE(budget.try_withdraw(start));
  EXPECT_FALSE(budget.try_withdraw(start));
}

TEST(retry_budget, allows_the_ratio_of_many_requests_and_no_more) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 0}, start};
  int retries = 0;
  for (int i = 0; i < 10'000; ++i) {
    budget.on_request(start + i * 1ms);
    retries += withdraw_all(budget, start + i * 1ms);
  }
  EXPECT_EQ(retries, 2'000);
}

TEST(retry_budget, adds_up_tenths_to_a_whole) {
  retry_budget budget{{.ratio = 0.1, .min_per_second = 0}, start};
  for (int i = 0; i < 10; ++i)
    budget.on_request(start + i * 1h);
  EXPECT_TRUE(budget.try_withdraw(start + 10h));
}

TEST(retry_budget, of_nothing_allows_nothing) {
  retry_budget budget{{.ratio = 0, .min_per_second = 0}, start};
  for (int i = 0; i < 1'000; ++i)
    budget.on_request(start);
  EXPECT_FALSE(budget.try_withdraw(start + 1h));
  EXPECT_EQ(budget.time_until_next(start + 1h), std::nullopt);
}

TEST(retry_budget, saves_up_no_burst_in_a_long_outage) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 10}, start};
  auto now = start;
  for (int i = 0; i < 600'000; ++i)
    budget.on_request(now += 1ms);
  const auto burst = withdraw_all(budget, now);
  EXPECT_LE(burst, 100 + 200) << "the reserve and one second's share";
  EXPECT_GE(burst, 100 + 180);
}

TEST(retry_budget, keeps_no_more_than_the_reserve_when_requests_cease) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 10}, start};
  for (int i = 0; i < 10'000; ++i)
    budget.on_request(start);
  EXPECT_EQ(withdraw_all(budget, start + 1s), 100);
}

TEST(retry_budget, says_when_the_next_retry_is_allowed) {
  retry_budget budget{{.ratio = 0.2, .min_per_second = 4}, start};
  EXPECT_EQ(budget.time_until_next(start), 0s);
  withdraw_all(budget, start);
  EXPECT_EQ(budget.time_until_next(start), 250ms);
  EXPECT_EQ(budget.time_until_next(start + 100ms), 150ms);
  retry_budget poor{{.ratio = 0.2, .min_per_second = 0}, start};
  EXPECT_EQ(poor.time_until_next(start), std::nullopt);
  retry_budget slow{{.ratio = 0.2, .min_per_second = 1e-9}, start};
  EXPECT_EQ(slow.time_until_next(start), 1h) << "at most";
}

TEST(retry_budget, allows_a_retry_when_it_said_it_would) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 2'000; ++i) {
    retry_budget budget{{.ratio = uniform(random),
                         .min_per_second = 0.01 + 100 * uniform(random)},
                        start};
    auto now = start;
    withdraw_all(budget, now);
    for (int step = 0; step < 5; ++step) {
      const auto wait = budget.time_until_next(now);
      ASSERT_TRUE(wait);
      ASSERT_GT(*wait, 0s);
      EXPECT_FALSE(budget.try_withdraw(now + *wait * 9 / 10));
      now += *wait;
      EXPECT_TRUE(budget.try_withdraw(now));
    }
  }
}

TEST(retry_budget, bounds_retries_over_any_time) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 20; ++i) {
    SCOPED_TRACE(seed_trace(seed) + " + " + std::to_string(i));
    std::mt19937 random{seed + i};
    const config::retry_budget_settings settings{
        .ratio = uniform(random), .min_per_second = 20 * uniform(random)};
    retry_budget budget{settings, start};
    // Requests come and go; everyone retries as often as they may.
    std::vector<double> allowance; // that each step adds
    std::vector<int> retries;
    std::vector<int> requests;
    auto now = start;
    for (int step = 0; step < 2'000; ++step) {
      now += 10ms;
      const auto busy = step / 300 % 2 == 0;
      requests.push_back(busy ? between(random, 0, 20) : 0);
      for (int n = 0; n < requests.back(); ++n)
        budget.on_request(now);
      allowance.push_back(settings.ratio * requests.back() +
                          settings.min_per_second * 0.01);
      const auto eager = step % 700 > 200;
      retries.push_back(eager ? withdraw_all(budget, now) : 0);
    }
    // A second has at most 20 * 100 requests.
    const auto bound =
        std::max(settings.min_per_second * 10 + settings.ratio * 2'000, 1.0);
    double most = 0; // over all stretches that end here: Kadane
    for (std::size_t step = 0; step < retries.size(); ++step) {
      most = std::max(most, 0.0) + retries[step] - allowance[step];
      ASSERT_LE(most, bound + 1e-6) << step;
    }
  }
}

} // namespace

} // namespace mfo::core
