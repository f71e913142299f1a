#include "telemetry/answer_times.hpp"

#include <gmock/gmock.h>

namespace mfo::telemetry {

namespace {

using testing::ElementsAre;

TEST(answer_times, are_not_known_without_answers) {
  EXPECT_FALSE(times_of({}));
  EXPECT_FALSE(times_of({0, 0, 0}));
}

TEST(answer_times, lie_between_the_bounds_of_a_bucket_in_proportion) {
  // A hundred of 0.5 to 1 ms.
  const auto times = times_of({0, 100, 0});
  ASSERT_TRUE(times);
  EXPECT_NEAR(times->p50.count(), 0.00075, 1e-9);
  EXPECT_NEAR(times->p95.count(), 0.000975, 1e-9);
  EXPECT_NEAR(times->p99.count(), 0.000995, 1e-9);
}

TEST(answer_times, of_the_last_bucket_are_its_lower_bound) {
  answer_counts slow(17);
  slow.back() = 1;
  EXPECT_EQ(times_of(slow)->p50.count(), 60);
}

TEST(answer_times, of_several_buckets_are_in_the_right_one) {
  // Nine of at most 0.5 ms, one of 5 to 10 ms.
  const auto times = times_of({9, 0, 0, 0, 1});
  ASSERT_TRUE(times);
  EXPECT_LT(times->p50.count(), 0.0005);
  EXPECT_GT(times->p95.count(), 0.005);
  EXPECT_LE(times->p99.count(), 0.01);
}

TEST(answer_counts, are_added_and_taken_off) {
  answer_counts all;
  add({1, 2}, all);
  add({1, 0, 5}, all);
  EXPECT_THAT(all, ElementsAre(2, 2, 5));
  EXPECT_THAT(since({1, 2}, all), ElementsAre(1, 0, 5));
  EXPECT_THAT(since({}, all), ElementsAre(2, 2, 5));
}

} // namespace

} // namespace mfo::telemetry
