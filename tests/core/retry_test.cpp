#include "core/retry.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds plenty{1h};
constexpr milliseconds nothing{0};

config::retry_settings plain_settings() {
  config::retry_settings settings;
  settings.max_count = 100;
  settings.delay = 200ms;
  settings.multiplier = 2.0;
  settings.max_delay = 3'000ms;
  settings.jitter = config::jitter_mode::none;
  return settings;
}

TEST(reply, is_classed_as_the_contract_says_for_every_status) {
  const std::set<int> transient{408, 425, 429, 500, 502, 503, 504};
  for (int status = -1; status < 1000; ++status) {
    const auto expected = status >= 200 && status < 300 ? reply_class::accepted
                          : transient.contains(status)  ? reply_class::transient
                                                       : reply_class::permanent;
    EXPECT_EQ(classify_reply(status), expected) << status;
  }
}

TEST(reply, that_is_permanent_is_a_refusal) {
  for (const int status :
       {100, 301, 302, 400, 401, 403, 404, 409, 410, 413, 422, 501, 505, 507})
    EXPECT_EQ(error_of_reply(status), errc::upstream_rejected) << status;
}

TEST(reply, that_is_transient_says_what_was_wrong) {
  EXPECT_EQ(error_of_reply(429), errc::upstream_busy);
  EXPECT_EQ(error_of_reply(503), errc::upstream_busy);
  EXPECT_EQ(error_of_reply(408), errc::upstream_timeout);
  EXPECT_EQ(error_of_reply(504), errc::upstream_timeout);
  EXPECT_EQ(error_of_reply(425), errc::upstream_failed);
  EXPECT_EQ(error_of_reply(500), errc::upstream_failed);
  EXPECT_EQ(error_of_reply(502), errc::upstream_failed);
}

TEST(retry, doubles_the_delay_up_to_the_cap) {
  const retry_policy policy{plain_settings()};
  const milliseconds expected[]{200ms, 400ms, 800ms, 1'600ms, 3'000ms, 3'000ms};
  for (unsigned i = 0; i < std::size(expected); ++i)
    EXPECT_EQ(policy.next_delay(i + 1, 0.9, nothing, plenty), expected[i]);
}

TEST(retry, grows_by_the_multiplier_that_is_set) {
  auto settings = plain_settings();
  settings.multiplier = 1.5;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay(2, 0, nothing, plenty), 300ms);
  EXPECT_EQ(policy.next_delay(3, 0, nothing, plenty), 450ms);
  settings.multiplier = 1;
  EXPECT_EQ(retry_policy{settings}.next_delay(50, 0, nothing, plenty), 200ms);
}

TEST(retry, stays_at_the_cap_when_the_power_overflows) {
  auto settings = plain_settings();
  settings.max_count = std::numeric_limits<unsigned>::max();
  settings.multiplier = 1e9;
  const retry_policy policy{settings};
  for (const unsigned attempts : {5u, 100u, 1'000u, 4'000'000'000u})
    EXPECT_EQ(policy.next_delay(attempts, 0, nothing, plenty), 3'000ms)
        << attempts;
}

TEST(retry, waits_for_nothing_when_the_first_delay_is_nothing) {
  auto settings = plain_settings();
  settings.max_count = std::numeric_limits<unsigned>::max();
  settings.delay = 0ms;
  settings.multiplier = 10;
  const retry_policy policy{settings};
  for (const unsigned attempts : {1u, 2u, 1'000u})
    EXPECT_EQ(policy.next_delay(attempts, 0.5, nothing, plenty), 0ms)
        << attempts;
}

TEST(retry, with_full_jitter_waits_between_nothing_and_the_whole_delay) {
  auto settings = plain_settings();
  settings.jitter = config::jitter_mode::full;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay(3, 0, nothing, plenty), 0ms);
  EXPECT_EQ(policy.next_delay(3, 0.5, nothing, plenty), 400ms);
  const auto most = policy.next_delay(3, std::nextafter(1, 0), nothing, plenty);
  EXPECT_EQ(most, 800ms);
}

TEST(retry, with_equal_jitter_waits_at_least_half_the_delay) {
  auto settings = plain_settings();
  settings.jitter = config::jitter_mode::equal;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay(3, 0, nothing, plenty), 400ms);
  EXPECT_EQ(policy.next_delay(3, 0.5, nothing, plenty), 600ms);
  EXPECT_EQ(policy.next_delay(3, std::nextafter(1, 0), nothing, plenty), 800ms);
}

TEST(retry, without_jitter_does_not_look_at_chance) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay(3, 0, nothing, plenty),
            policy.next_delay(3, 0.99, nothing, plenty));
}

TEST(retry, ends_when_the_tries_are_used_up) {
  auto settings = plain_settings();
  settings.max_count = 3;
  const retry_policy policy{settings};
  EXPECT_TRUE(policy.next_delay(1, 0, nothing, plenty));
  EXPECT_TRUE(policy.next_delay(2, 0, nothing, plenty));
  EXPECT_FALSE(policy.next_delay(3, 0, nothing, plenty));
  EXPECT_FALSE(policy.next_delay(4, 0, nothing, plenty));
}

TEST(retry, never_happens_when_one_try_is_all) {
  auto settings = plain_settings();
  settings.max_count = 1;
  EXPECT_FALSE(retry_policy{settings}.next_delay(1, 0, nothing, plenty));
}

TEST(retry, never_waits_beyond_the_time_that_is_left) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay(1, 0, nothing, 201ms), 200ms);
  EXPECT_FALSE(policy.next_delay(1, 0, nothing, 200ms));
  EXPECT_FALSE(policy.next_delay(1, 0, nothing, 0ms));
  EXPECT_FALSE(policy.next_delay(1, 0, nothing, -5ms));
}

TEST(retry, waits_as_long_as_the_server_asks) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay(1, 0, 5'000ms, plenty), 5'000ms)
      << "beyond our own cap: the server knows better";
  EXPECT_EQ(policy.next_delay(1, 0, 50ms, plenty), 200ms)
      << "but never less than our own wait";
  EXPECT_FALSE(policy.next_delay(1, 0, 5'000ms, 5'000ms));
}

} // namespace

} // namespace mfo::core
