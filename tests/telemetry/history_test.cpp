#include "telemetry/history.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

struct a_history : testing::Test {
  /// The node looks each second.
  void pass(seconds time) {
    for (const auto end = at + time; at < end;)
      look_after(1s);
  }

  void look_after(seconds time) {
    at += time;
    unix_time += time;
    book.look(at, [this] {
      ++samples;
      return counted;
    });
  }

  history::view last(std::chrono::minutes time) const {
    return book.last(time, {unix_time, at});
  }

  static std::size_t known(const history::view& seen) {
    return static_cast<std::size_t>(std::ranges::count_if(
        seen.steps, [](const auto& each) { return each.has_value(); }));
  }

  history::clock::time_point at{1h};
  std::chrono::milliseconds unix_time{1'000s};
  history::sample counted;
  int samples = 0;
  history book{at};
};

TEST_F(a_history, knows_nothing_at_first) {
  const auto seen = last(1min);
  EXPECT_EQ(seen.length, 10s);
  EXPECT_EQ(seen.steps.size(), 6u);
  EXPECT_EQ(known(seen), 0u);
  EXPECT_EQ(seen.from, 1'000s - 60s);
  EXPECT_FALSE(book.last_minute({}));
}

TEST_F(a_history, has_what_came_in_each_step) {
  counted.events = {.received = 5, .delivered = 3, .in_flight = 2};
  pass(10s);
  counted.events = {.received = 9, .delivered = 7, .refused = 2, .failed = 1};
  pass(10s);
  const auto seen = last(1min);
  ASSERT_EQ(known(seen), 2u);
  const auto& first = seen.steps[4]->events;
  EXPECT_EQ(first.received, 5u);
  EXPECT_EQ(first.in_flight, 2u);
  const auto& second = seen.steps[5]->events;
  EXPECT_EQ(second.received, 4u);
  EXPECT_EQ(second.delivered, 4u);
  EXPECT_EQ(second.refused, 2u);
  EXPECT_EQ(second.failed, 1u);
  EXPECT_EQ(second.in_flight, 0u);
  EXPECT_EQ(seen.from, unix_time - 60s);
}

TEST_F(a_history, tells_how_long_the_answers_of_a_step_took) {
  counted.answers = {0, 100};
  pass(10s);
  pass(10s);
  const auto seen = last(1min);
  ASSERT_TRUE(seen.steps[4]->answers);
  EXPECT_NEAR(seen.steps[4]->answers->p50.count(), 0.00075, 1e-9);
  EXPECT_FALSE(seen.steps[5]->answers);
}

TEST_F(a_history, counts_once_a_step) {
  pass(60s);
  EXPECT_EQ(samples, 6) << "the sixth is that of the minute, too";
}

TEST_F(a_history, does_not_know_when_things_came_while_nobody_looked) {
  pass(10s);
  counted.events.received = 4;
  look_after(35s);
  const auto seen = last(1min);
  EXPECT_TRUE(seen.steps[2]) << "before";
  EXPECT_FALSE(seen.steps[3]);
  EXPECT_FALSE(seen.steps[4]);
  ASSERT_TRUE(seen.steps[5]);
  EXPECT_EQ(seen.steps[5]->events.received, 4u);
  pass(5s);
  EXPECT_EQ(last(1min).steps[5]->events.received, 0u) << "and goes on in step";
}

TEST_F(a_history, is_fine_for_an_hour_and_coarse_for_a_day) {
  pass(2h);
  EXPECT_EQ(known(last(60min)), 360u);
  const auto seen = last(61min);
  EXPECT_EQ(seen.length, 60s);
  EXPECT_EQ(known(seen), 61u);
  EXPECT_EQ(last(history::longest_time).steps.size(), 1'440u);
  EXPECT_EQ(known(last(history::longest_time)), 120u);
}

TEST_F(a_history, keeps_no_more_than_a_day) {
  look_after(48h);
  pass(60s);
  EXPECT_EQ(known(last(history::longest_time)), 2u);
  EXPECT_EQ(last(history::longest_time).steps.size(), 1'440u);
}

TEST_F(a_history, tells_how_long_the_answers_of_the_last_minute_took) {
  counted.answers = {100};
  pass(10s);
  EXPECT_LE(book.last_minute(counted.answers)->p99.count(), 0.0005);
  pass(70s);
  EXPECT_FALSE(book.last_minute(counted.answers)) << "that was before";
  const answer_counts more{100, 0, 0, 0, 10};
  EXPECT_GT(book.last_minute(more)->p50.count(), 0.005);
}

} // namespace

} // namespace mfo::telemetry
