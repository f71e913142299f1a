// The retry budget: what it pays for, over any time, whatever comes when.

#include "tests/model/budget_world.hpp"
#include "tests/model/explorer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::model {

namespace {

using core::retry_budget;
using testing::HasSubstr;

constexpr config::retry_budget_settings small_budget{.ratio = 0.5,
                                                     .min_per_second = 0.2};

TEST(a_budget, pays_for_no_more_and_no_less_than_it_promises) {
  expect_sound("a budget", budget_world{small_budget}, {.depth = 10});
}

TEST(a_budget, of_requests_alone_keeps_its_promise) {
  expect_sound("a budget of requests alone",
               budget_world{{.ratio = 0.4, .min_per_second = 0}},
               {.depth = 10});
}

TEST(a_budget, of_seconds_alone_keeps_its_promise) {
  expect_sound("a budget of seconds alone",
               budget_world{{.ratio = 0, .min_per_second = 0.05}},
               {.depth = 10});
}

/// As if nothing were ever taken.
struct gives_back : retry_budget {
  using retry_budget::retry_budget;

  bool try_withdraw(clock::time_point now) {
    auto before = *this;
    const bool paid = retry_budget::try_withdraw(now);
    if (paid && std::exchange(given_, true))
      *this = std::move(before);
    return paid && taken_++ < 20;
  }

private:
  bool given_ = false;
  int taken_ = 0;
};

TEST(a_budget, that_pays_without_taking_is_found) {
  EXPECT_THAT(first_finding(budget_world<gives_back>{small_budget}),
              HasSubstr("saved up"));
}

/// What a long outage has saved up comes all at once.
struct saves_for_ever : retry_budget {
  saves_for_ever(const config::retry_budget_settings& settings,
                 clock::time_point now)
    : retry_budget(settings, now), settings_(settings), since_(now) {}

  bool try_withdraw(clock::time_point now) {
    const std::chrono::duration<double> passed = now - since_;
    since_ = now;
    saved_ += settings_.min_per_second * passed.count();
    if (retry_budget::try_withdraw(now))
      return true;
    if (saved_ < 10)
      return false;
    saved_ -= 1;
    return true;
  }

private:
  config::retry_budget_settings settings_;
  clock::time_point since_;
  double saved_ = 0;
};

TEST(a_budget, that_saves_up_an_outage_is_found) {
  EXPECT_THAT(first_finding(budget_world<saves_for_ever>{small_budget}),
              HasSubstr("saved up"));
}

/// It forgets what the requests bring.
struct deaf_to_requests : retry_budget {
  using retry_budget::retry_budget;
  void on_request(clock::time_point) {}
};

TEST(a_budget, that_does_not_count_requests_is_found) {
  EXPECT_THAT(first_finding(budget_world<deaf_to_requests>{small_budget}),
              HasSubstr("a retry is refused that is within the bound"));
}

} // namespace

} // namespace mfo::model
