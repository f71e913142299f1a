#include "core/concurrency_limit.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <queue>
#include <vector>

namespace mfo::core {

namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using clock = concurrency_limit::clock;
using time_point = clock::time_point;
using seconds_d = std::chrono::duration<double>;

config::concurrency_settings adaptive(std::size_t least = 4) {
  return {.mode = config::concurrency_mode::adaptive,
          .min_in_flight = least,
          .tolerance = 2.0};
}

/// Calls that all take the same.
struct concurrency_limit_test : testing::Test {
  void answers(int count, clock::duration latency, std::size_t in_flight,
               bool dropped = false) {
    now += 200ms; // all of them begin under the limit as it is now
    for (int i = 0; i < count; ++i)
      limit.on_result(now += 5ms, latency, in_flight, dropped);
  }

  /// Measures 10 ms, and lets the limit grow to 10.
  void grow_to_ten() {
    answers(90, 10ms, 4);
    for (std::size_t in_flight = 4; in_flight < 10; ++in_flight)
      answers(20, 10ms, in_flight);
    ASSERT_EQ(limit.limit(), 10u);
  }

  concurrency_limit limit{adaptive(), 12};
  time_point now{1h};
};

TEST_F(concurrency_limit_test, fixed_is_always_the_most) {
  concurrency_limit fixed{{.mode = config::concurrency_mode::fixed}, 64};
  EXPECT_EQ(fixed.limit(), 64u);
  for (int i = 0; i < 1'000; ++i)
    fixed.on_result(now += 1ms, 1h, 64, i % 2 == 0);
  EXPECT_EQ(fixed.limit(), 64u);
}

TEST_F(concurrency_limit_test, starts_at_the_least_and_grows_one_by_one) {
  EXPECT_EQ(limit.limit(), 4u);
  answers(90, 10ms, 4);
  EXPECT_EQ(limit.limit(), 4u) << "the first rounds only measure";
  answers(19, 10ms, 4);
  EXPECT_EQ(limit.limit(), 4u);
  answers(1, 10ms, 4);
  EXPECT_EQ(limit.limit(), 5u);
}

TEST_F(concurrency_limit_test, does_not_grow_when_nobody_uses_it) {
  answers(90, 10ms, 4);
  answers(200, 10ms, 2);
  EXPECT_EQ(limit.limit(), 4u);
}

TEST_F(concurrency_limit_test, is_never_above_the_most) {
  answers(90, 10ms, 4);
  for (int i = 0; i < 100; ++i)
    for (int n = 0; n < 20; ++n)
      limit.on_result(now += 1ms, 10ms, limit.limit(), false);
  EXPECT_EQ(limit.limit(), 12u);
}

TEST_F(concurrency_limit_test, is_never_below_the_least) {
  grow_to_ten();
  answers(100, 10ms, 10, true);
  EXPECT_EQ(limit.limit(), 4u);
}

TEST_F(concurrency_limit_test, is_the_most_when_the_least_is_more) {
  concurrency_limit small{adaptive(50), 8};
  EXPECT_EQ(small.limit(), 8u);
}

TEST_F(concurrency_limit_test, falls_by_a_tenth_when_a_call_is_dropped) {
  grow_to_ten();
  limit.on_result(now, 5ms, 10, true);
  EXPECT_EQ(limit.limit(), 9u);
}

TEST_F(concurrency_limit_test, falls_once_for_calls_of_the_same_time) {
  grow_to_ten();
  for (int i = 0; i < 9; ++i)
    limit.on_result(now + i * 1ms, 10s, 10, true);
  EXPECT_EQ(limit.limit(), 9u);
  limit.on_result(now + 20ms, 10ms, 9, true);
  EXPECT_EQ(limit.limit(), 8u) << "this one began after the limit had fallen";
}

TEST_F(concurrency_limit_test, falls_when_calls_take_more_than_tolerated) {
  grow_to_ten();
  answers(20, 19ms, 8);
  EXPECT_EQ(limit.limit(), 10u);
  answers(20, 21ms, 8);
  EXPECT_EQ(limit.limit(), 9u);
}

TEST_F(concurrency_limit_test, does_not_mind_one_slow_call_among_many) {
  grow_to_ten();
  answers(1, 150ms, 8);
  answers(19, 10ms, 8);
  EXPECT_EQ(limit.limit(), 10u);
}

TEST_F(concurrency_limit_test, is_low_for_some_rounds_at_times_to_measure) {
  grow_to_ten();
  now += 10s;
  answers(20, 10ms, 8);
  EXPECT_EQ(limit.limit(), 4u) << "a quarter of 10, but no less than 4";
  answers(89, 10ms, 4);
  EXPECT_EQ(limit.limit(), 4u);
  answers(1, 10ms, 4);
  EXPECT_EQ(limit.limit(), 10u);
}

TEST_F(concurrency_limit_test, accepts_a_server_that_is_slower_half_the_way) {
  grow_to_ten();
  now += 10s;
  answers(20, 10ms, 8);
  answers(90, 50ms, 4); // the best is 30 ms now
  answers(20, 59ms, 8);
  EXPECT_EQ(limit.limit(), 10u);
  answers(20, 61ms, 8);
  EXPECT_EQ(limit.limit(), 9u);
}

TEST_F(concurrency_limit_test, takes_a_server_that_is_faster_at_its_word) {
  grow_to_ten();
  now += 10s;
  answers(20, 10ms, 8);
  answers(90, 4ms, 4);
  answers(20, 9ms, 8);
  EXPECT_EQ(limit.limit(), 9u);
}

// A server with so many workers, each of which serves one call at a time.
struct server_traits {
  std::size_t workers = 8;
  seconds_d service{0.02}; ///< mean
  bool steady = true;      ///< else exponentially distributed
};

struct observation {
  double limit = 0;      ///< mean, as each answer saw it
  double latency = 0;    ///< mean, in seconds
  double throughput = 0; ///< answers per second
};

class simulation {
public:
  simulation(concurrency_limit& limit, unsigned seed)
    : limit_(limit), random_(seed) {}

  /// There is always another call to make. What the last `watch` saw.
  observation run(const server_traits& server, clock::duration length,
                  clock::duration watch) {
    const auto end = now_ + length;
    observation seen;
    std::size_t count = 0;
    free_at_ = {};
    for (std::size_t i = 0; i < server.workers; ++i)
      free_at_.push(now_);
    while (now_ < end) {
      while (in_flight_.size() < limit_.limit())
        start(server);
      const auto next = in_flight_.top();
      now_ = next.ends;
      limit_.on_result(now_, now_ - next.began, in_flight_.size(), false);
      in_flight_.pop();
      if (now_ < end - watch)
        continue;
      ++count;
      seen.limit += static_cast<double>(limit_.limit());
      seen.latency += seconds_d{now_ - next.began}.count();
    }
    seen.limit /= static_cast<double>(count);
    seen.latency /= static_cast<double>(count);
    seen.throughput = static_cast<double>(count) / seconds_d{watch}.count();
    return seen;
  }

private:
  struct call {
    time_point began;
    time_point ends;

    bool operator<(const call& other) const {
      return ends > other.ends; // the first to end is on top
    }
  };

  void start(const server_traits& server) {
    const auto begins = std::max(now_, free_at_.top());
    free_at_.pop();
    const auto factor = server.steady ? 1.0 : -std::log(1 - uniform(random_));
    const auto ends = begins + std::chrono::duration_cast<clock::duration>(
                                   server.service * factor);
    free_at_.push(ends);
    in_flight_.push({now_, ends});
  }

  concurrency_limit& limit_;
  std::mt19937 random_;
  time_point now_{1h};
  std::priority_queue<call> in_flight_;
  std::priority_queue<time_point, std::vector<time_point>, std::greater<>>
      free_at_;
};

/// Between what the server works on at once and the queue that is tolerated.
void expect_near_capacity(const observation& seen,
                          const server_traits& server) {
  const auto workers = static_cast<double>(server.workers);
  const auto slack = server.steady ? 1.1 : 1.35;
  EXPECT_GT(seen.limit, workers / slack);
  EXPECT_LT(seen.limit, 2 * workers * slack);
  EXPECT_LT(seen.latency, 2 * server.service.count() * slack);
  EXPECT_GT(seen.throughput,
            workers / server.service.count() * (server.steady ? 0.9 : 0.8));
}

TEST(an_adaptive_limit, finds_the_capacity_of_a_server) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 16; ++i) {
    std::mt19937 random{seed + i};
    const server_traits server{
        .workers = between(random, std::size_t{6}, std::size_t{60}),
        .service = seconds_d{0.01 + 0.04 * uniform(random)},
        .steady = i % 2 == 0};
    SCOPED_TRACE(seed_trace(seed) + " + " + std::to_string(i) + ": " +
                 std::to_string(server.workers) + " workers, " +
                 std::to_string(server.service.count()) + " s");
    concurrency_limit limit{adaptive(), 1'000};
    simulation world{limit, seed + i};
    expect_near_capacity(world.run(server, 60s, 40s), server);
  }
}

TEST(an_adaptive_limit, follows_a_server_that_changes) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  concurrency_limit limit{adaptive(), 1'000};
  simulation world{limit, seed};
  const server_traits usual{.workers = 16, .service = seconds_d{0.02}};
  const server_traits more{.workers = 48, .service = seconds_d{0.02}};
  const server_traits slower{.workers = 16, .service = seconds_d{0.1}};
  const server_traits faster{.workers = 16, .service = seconds_d{0.005}};
  for (const auto& server : {usual, more, usual, slower, usual, faster, usual})
    expect_near_capacity(world.run(server, 90s, 20s), server);
}

TEST(an_adaptive_limit, grows_again_after_everything_was_dropped) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  concurrency_limit limit{adaptive(), 1'000};
  const server_traits server{.workers = 16, .service = seconds_d{0.02}};
  simulation before{limit, seed};
  before.run(server, 30s, 10s);
  ASSERT_GT(limit.limit(), 16u / 2);
  for (int i = 0; i < 100; ++i)
    limit.on_result(time_point{1h + 31s + i * 100ms}, 50ms, 4, true);
  ASSERT_EQ(limit.limit(), 4u);
  simulation after{limit, seed};
  expect_near_capacity(after.run(server, 60s, 20s), server);
}

} // namespace

} // namespace mfo::core
