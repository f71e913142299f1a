#include "core/rate_limiter.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using config::ip_address;
using time_point = rate_limiter::clock::time_point;

constexpr time_point start{1h};

ip_address address(std::string_view text) {
  return ip_address::parse(text).value();
}

bool try_take(rate_limiter& limiter, const ip_address& from, time_point now) {
  auto& bucket = limiter.bucket(from, now);
  if (bucket.wait(limiter.rate(), now) > 0s)
    return false;
  bucket.take(limiter.rate(), now);
  return true;
}

TEST(a_rate_limiter, counts_each_source_on_its_own) {
  rate_limiter limiter{{1, 2}, 0};
  const auto one = address("192.0.2.1");
  EXPECT_TRUE(try_take(limiter, one, start));
  EXPECT_TRUE(try_take(limiter, one, start));
  EXPECT_FALSE(try_take(limiter, one, start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.2"), start));
  EXPECT_TRUE(try_take(limiter, one, start + 1s));
  EXPECT_EQ(limiter.size(), 2u);
}

TEST(a_rate_limiter, counts_a_site_as_one_source) {
  rate_limiter limiter{{1, 1}, 0};
  EXPECT_TRUE(try_take(limiter, address("2001:db8::1"), start));
  EXPECT_FALSE(try_take(limiter, address("2001:db8::2"), start));
  EXPECT_TRUE(try_take(limiter, address("2001:db8:0:1::1"), start));
}

TEST(a_full_rate_limiter, lets_a_source_go_that_has_not_been_seen_for_long) {
  rate_limiter limiter{{1, 1}, 0, 2};
  EXPECT_TRUE(try_take(limiter, address("192.0.2.1"), start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.2"), start + 600ms));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.3"), start + 1s));
  EXPECT_FALSE(try_take(limiter, address("192.0.2.2"), start + 1s))
      << "it is still known";
  EXPECT_FALSE(try_take(limiter, address("192.0.2.3"), start + 1s))
      << "it has a bucket of its own";
  EXPECT_EQ(limiter.size(), 2u);
}

TEST(a_full_rate_limiter, counts_all_that_are_new_as_one_source) {
  rate_limiter limiter{{1, 2}, 0, 2};
  EXPECT_TRUE(try_take(limiter, address("192.0.2.1"), start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.2"), start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.3"), start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.4"), start));
  EXPECT_FALSE(try_take(limiter, address("192.0.2.3"), start));
  EXPECT_FALSE(try_take(limiter, address("192.0.2.5"), start));
  EXPECT_TRUE(try_take(limiter, address("192.0.2.1"), start))
      << "the known are as before";
  EXPECT_EQ(limiter.size(), 2u);
}

TEST(a_full_rate_limiter, finds_those_that_may_go_wherever_they_are) {
  constexpr std::uint32_t capacity = 1'000;
  rate_limiter limiter{{1, 1}, 0, capacity};
  for (std::uint32_t i = 0; i < capacity; ++i)
    EXPECT_TRUE(try_take(limiter, ip_address::v4(i), start));
  // One in the middle is idle later; the rest goes on.
  for (std::uint32_t i = 0; i < capacity; ++i)
    if (i != 500) {
      EXPECT_TRUE(try_take(limiter, ip_address::v4(i), start + 1s));
    }
  int tries = 0;
  const auto is_known = [&] {
    ++tries;
    const auto* shared = &limiter.bucket(ip_address::v4(90'000), start + 1s);
    const auto* mine = &limiter.bucket(ip_address::v4(80'000), start + 1s);
    return shared != mine;
  };
  while (!is_known() && tries < 1'000) {
  }
  EXPECT_LE(tries, 64) << "each looks at some";
}

TEST(a_rate_limiter, never_gives_a_source_more_than_its_rate) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  constexpr std::size_t capacity = 20;
  constexpr double burst = 3;
  constexpr double per_second = 5;
  rate_limiter limiter{{per_second, 3}, seed, capacity};
  std::map<std::uint32_t, int> taken;
  auto now = start;
  for (int i = 0; i < 50'000; ++i) {
    now += std::chrono::microseconds{test::between(random, 0, 2'000)};
    // Some call often, most do not.
    const auto source = test::between(random, 0, 1) == 0
                            ? test::between(random, 0U, 9U)
                            : test::between(random, 10U, 2'000U);
    taken[source] += try_take(limiter, ip_address::v4(source), now) ? 1 : 0;
    ASSERT_LE(limiter.size(), capacity);
  }
  const std::chrono::duration<double> time = now - start;
  for (const auto& [source, count] : taken)
    // A source may be counted with the rest at first, and then on its own:
    // a burst more each time, for which its bucket must have filled up.
    EXPECT_LE(count, 2 * (burst + per_second * time.count())) << source;
}

} // namespace

} // namespace mfo::core
