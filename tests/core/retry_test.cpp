#include "core/retry.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

config::retry_settings plain_settings() {
  config::retry_settings settings;
  settings.max_count = 100;
  settings.delay = 200ms;
  settings.multiplier = 2.0;
  settings.max_delay = 3'000ms;
  settings.max_duration = 1h;
  settings.jitter = config::jitter_mode::none;
  return settings;
}

enum class decision { no, after_a_wait, after_a_login };

/// What all statuses from `first` to `last` mean.
struct row {
  int first;
  int last;
  reply_class kind;
  decision again;
  std::optional<errc> error;
};

constexpr auto refused = errc::upstream_rejected;

/// The contract, written out.
const row contract[] = {
    {100, 199, reply_class::permanent, decision::no, refused},
    {200, 299, reply_class::accepted, decision::no, std::nullopt},
    {300, 399, reply_class::permanent, decision::no, refused},
    {400, 400, reply_class::permanent, decision::no, refused},
    {401, 401, reply_class::unauthorized, decision::after_a_login, refused},
    {402, 407, reply_class::permanent, decision::no, refused},
    {408, 408, reply_class::transient, decision::after_a_wait,
     errc::upstream_timeout},
    {409, 409, reply_class::permanent, decision::no, refused},
    {410, 410, reply_class::gone, decision::no, refused},
    {411, 424, reply_class::permanent, decision::no, refused},
    {425, 425, reply_class::transient, decision::after_a_wait,
     errc::upstream_failed},
    {426, 428, reply_class::permanent, decision::no, refused},
    {429, 429, reply_class::transient, decision::after_a_wait,
     errc::upstream_busy},
    {430, 499, reply_class::permanent, decision::no, refused},
    {500, 500, reply_class::transient, decision::after_a_wait,
     errc::upstream_failed},
    {501, 501, reply_class::permanent, decision::no, refused},
    {502, 502, reply_class::transient, decision::after_a_wait,
     errc::upstream_failed},
    {503, 503, reply_class::transient, decision::after_a_wait,
     errc::upstream_busy},
    {504, 504, reply_class::transient, decision::after_a_wait,
     errc::upstream_timeout},
    {505, 599, reply_class::permanent, decision::no, refused},
};

/// As a caller decides that goes by the class.
decision decide(reply_class kind) {
  const retry_policy policy{plain_settings()};
  switch (kind) {
  case reply_class::transient:
    return policy.next_delay({}, 0) ? decision::after_a_wait : decision::no;
  case reply_class::unauthorized:
    return decision::after_a_login;
  default:
    return decision::no;
  }
}

TEST(reply, means_what_the_contract_says_for_every_status) {
  auto next = 100;
  for (const auto& each : contract) {
    ASSERT_EQ(each.first, next) << "the table has every status once";
    for (; next <= each.last; ++next) {
      SCOPED_TRACE(next);
      EXPECT_EQ(classify_reply(next), each.kind);
      EXPECT_EQ(decide(classify_reply(next)), each.again);
      EXPECT_EQ(breaker_counts(next), each.again == decision::after_a_wait);
      if (each.error) {
        EXPECT_EQ(error_of_reply(next), *each.error);
      }
    }
  }
  EXPECT_EQ(next, 600);
}

TEST(reply, with_a_status_that_is_none_is_permanent) {
  for (const auto status : {-1, 0, 1, 99, 600, 999}) {
    EXPECT_EQ(classify_reply(status), reply_class::permanent) << status;
    EXPECT_EQ(error_of_reply(status), errc::upstream_rejected) << status;
    EXPECT_FALSE(breaker_counts(status)) << status;
  }
}

TEST(retry, doubles_the_delay_up_to_the_cap) {
  const retry_policy policy{plain_settings()};
  const milliseconds expected[]{200ms, 400ms, 800ms, 1'600ms, 3'000ms, 3'000ms};
  for (unsigned i = 0; i < std::size(expected); ++i)
    EXPECT_EQ(policy.next_delay({.count = i + 1}, 0.9), expected[i]);
}

TEST(retry, grows_by_the_multiplier_that_is_set) {
  auto settings = plain_settings();
  settings.multiplier = 1.5;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.count = 2}, 0), 300ms);
  EXPECT_EQ(policy.next_delay({.count = 3}, 0), 450ms);
  settings.multiplier = 1;
  EXPECT_EQ(retry_policy{settings}.next_delay({.count = 50}, 0), 200ms);
}

TEST(retry, stays_at_the_cap_when_the_power_overflows) {
  auto settings = plain_settings();
  settings.max_count = std::numeric_limits<unsigned>::max();
  settings.multiplier = 1e9;
  const retry_policy policy{settings};
  for (const unsigned attempts : {5u, 100u, 1'000u, 4'000'000'000u})
    EXPECT_EQ(policy.next_delay({.count = attempts}, 0), 3'000ms) << attempts;
}

TEST(retry, waits_for_nothing_when_the_first_delay_is_nothing) {
  auto settings = plain_settings();
  settings.max_count = std::numeric_limits<unsigned>::max();
  settings.delay = 0ms;
  settings.multiplier = 10;
  const retry_policy policy{settings};
  for (const unsigned attempts : {1u, 2u, 1'000u})
    EXPECT_EQ(policy.next_delay({.count = attempts}, 0.5), 0ms) << attempts;
}

TEST(retry, with_full_jitter_waits_between_nothing_and_the_whole_delay) {
  auto settings = plain_settings();
  settings.jitter = config::jitter_mode::full;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.count = 3}, 0), 0ms);
  EXPECT_EQ(policy.next_delay({.count = 3}, 0.5), 400ms);
  const auto most = policy.next_delay({.count = 3}, std::nextafter(1, 0));
  EXPECT_EQ(most, 800ms);
}

TEST(retry, with_equal_jitter_waits_at_least_half_the_delay) {
  auto settings = plain_settings();
  settings.jitter = config::jitter_mode::equal;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.count = 3}, 0), 400ms);
  EXPECT_EQ(policy.next_delay({.count = 3}, 0.5), 600ms);
  EXPECT_EQ(policy.next_delay({.count = 3}, std::nextafter(1, 0)), 800ms);
}

TEST(retry, without_jitter_does_not_look_at_chance) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay({.count = 3}, 0),
            policy.next_delay({.count = 3}, 0.99));
}

TEST(retry, ends_when_the_tries_are_used_up) {
  auto settings = plain_settings();
  settings.max_count = 3;
  const retry_policy policy{settings};
  EXPECT_TRUE(policy.next_delay({.count = 1}, 0));
  EXPECT_TRUE(policy.next_delay({.count = 2}, 0));
  EXPECT_FALSE(policy.next_delay({.count = 3}, 0));
  EXPECT_FALSE(policy.next_delay({.count = 4}, 0));
}

TEST(retry, never_happens_when_one_try_is_all) {
  auto settings = plain_settings();
  settings.max_count = 1;
  EXPECT_FALSE(retry_policy{settings}.next_delay({.count = 1}, 0));
}

TEST(retry, never_waits_beyond_the_time_that_is_left) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay({.time_left = 201ms}, 0), 200ms);
  EXPECT_FALSE(policy.next_delay({.time_left = 200ms}, 0));
  EXPECT_FALSE(policy.next_delay({.time_left = 0ms}, 0));
  EXPECT_FALSE(policy.next_delay({.time_left = -5ms}, 0));
}

TEST(retry, never_begins_a_try_after_the_longest_duration) {
  auto settings = plain_settings();
  settings.max_duration = 1'000ms;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.since_first = 800ms}, 0), 200ms);
  EXPECT_FALSE(policy.next_delay({.since_first = 801ms}, 0));
  EXPECT_FALSE(policy.next_delay({.since_first = 2h}, 0));
  EXPECT_FALSE(policy.next_delay({.retry_after = 1'001ms}, 0));
}

TEST(retry, waits_as_long_as_the_server_asks) {
  const retry_policy policy{plain_settings()};
  EXPECT_EQ(policy.next_delay({.retry_after = 5'000ms}, 0), 5'000ms)
      << "beyond our own cap: the server knows better";
  EXPECT_EQ(policy.next_delay({.retry_after = 50ms}, 0), 200ms)
      << "but never less than our own wait";
  EXPECT_FALSE(
      policy.next_delay({.retry_after = 5'000ms, .time_left = 5'000ms}, 0));
}

TEST(retry, lets_the_server_ask_for_so_much_and_no_more) {
  auto settings = plain_settings();
  settings.retry_after_max = 4'000ms;
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.retry_after = 4'000ms}, 0), 4'000ms);
  EXPECT_EQ(policy.next_delay({.retry_after = 4'001ms}, 0), 4'000ms);
  EXPECT_EQ(policy.next_delay({.retry_after = milliseconds::max()}, 0),
            4'000ms);
}

TEST(retry, with_constant_back_off_waits_the_same_each_time) {
  auto settings = plain_settings();
  settings.backoff = config::backoff_shape::constant;
  const retry_policy policy{settings};
  for (const unsigned count : {1u, 2u, 3u, 99u})
    EXPECT_EQ(policy.next_delay({.count = count}, 0), 200ms) << count;
}

TEST(retry, with_linear_back_off_adds_the_delay_each_time_up_to_the_cap) {
  auto settings = plain_settings();
  settings.backoff = config::backoff_shape::linear;
  settings.max_count = std::numeric_limits<unsigned>::max();
  const retry_policy policy{settings};
  EXPECT_EQ(policy.next_delay({.count = 1}, 0), 200ms);
  EXPECT_EQ(policy.next_delay({.count = 2}, 0), 400ms);
  EXPECT_EQ(policy.next_delay({.count = 3}, 0), 600ms);
  EXPECT_EQ(policy.next_delay({.count = 15}, 0), 3'000ms);
  EXPECT_EQ(policy.next_delay({.count = 16}, 0), 3'000ms);
  EXPECT_EQ(policy.next_delay({.count = 4'000'000'000u}, 0), 3'000ms);
}

TEST(retry, waits_no_longer_than_the_cap_when_the_delay_is_longer) {
  for (const auto shape :
       {config::backoff_shape::constant, config::backoff_shape::linear,
        config::backoff_shape::exponential}) {
    auto settings = plain_settings();
    settings.backoff = shape;
    settings.delay = 9'000ms;
    EXPECT_EQ(retry_policy{settings}.next_delay({}, 0), 3'000ms);
  }
}

} // namespace

} // namespace mfo::core
