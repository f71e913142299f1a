#include "api/job_poll.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mfo::api {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const job_poll::time start{};

TEST(job_poll, asks_less_and_less_often) {
  job_poll poll({}, start + minutes{10});
  auto now = start;
  std::vector<long> waits;
  for (int i = 0; i < 10; ++i) {
    const auto wait = poll.next_delay(now, 0);
    ASSERT_TRUE(wait);
    waits.push_back(wait->count());
    now += *wait;
  }
  EXPECT_EQ(waits, (std::vector<long>{500, 750, 1125, 1687, 2531, 3796, 5695,
                                      8542, 10000, 10000}));
}

TEST(job_poll, spreads_its_questions) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  job_poll poll({}, start + minutes{10});
  for (double ceiling = 500; ceiling < 10'000; ceiling *= 1.5) {
    const auto wait = poll.next_delay(start, uniform(random));
    ASSERT_TRUE(wait);
    EXPECT_LE(wait->count(), ceiling);
    EXPECT_GE(wait->count(), ceiling * 0.8 - 1);
  }
}

TEST(job_poll, asks_for_the_last_time_at_its_deadline) {
  job_poll poll({}, start + milliseconds{1300});
  EXPECT_EQ(poll.next_delay(start, 0), milliseconds{500});
  EXPECT_EQ(poll.next_delay(start + milliseconds{500}, 0), milliseconds{750});
  EXPECT_EQ(poll.next_delay(start + milliseconds{1250}, 0), milliseconds{50});
  EXPECT_EQ(poll.next_delay(start + milliseconds{1300}, 0), std::nullopt);
  EXPECT_EQ(poll.next_delay(start + minutes{1}, 0), std::nullopt);
}

TEST(job_poll, waits_as_long_as_the_server_asks) {
  job_poll poll({}, start + minutes{1});
  EXPECT_EQ(poll.next_delay(start, 0, seconds{20}), seconds{20});
  EXPECT_EQ(poll.next_delay(start, 0, milliseconds{1}), milliseconds{750});
  EXPECT_EQ(poll.next_delay(start + seconds{50}, 0, seconds{10}), seconds{10});
  EXPECT_EQ(poll.next_delay(start + seconds{50}, 0, seconds{11}), std::nullopt);
}

} // namespace
} // namespace mfo::api
