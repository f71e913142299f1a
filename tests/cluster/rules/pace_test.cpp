#include "cluster/rules/pace.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace mfo::cluster {
namespace {

using namespace std::chrono_literals;

class a_pace : public testing::Test {
protected:
  /// Messages go whenever they may, for a second; how many things are in each
  /// at the end.
  double say(double things_a_second) {
    const auto end = now + 1s;
    double waiting = 0;
    std::size_t carried = 0;
    while (now < end) {
      now += 100us;
      waiting += things_a_second / 10'000;
      if (waiting < 1 || messages.wait(now) > 0s)
        continue;
      carried = static_cast<std::size_t>(waiting);
      waiting -= static_cast<double>(carried);
      messages.sent(carried, now);
    }
    return static_cast<double>(carried);
  }

  pace messages;
  pace::clock::time_point now{1h};
};

TEST_F(a_pace, lets_the_first_go_at_once) {
  EXPECT_EQ(messages.wait(now), 0s);
}

TEST_F(a_pace, has_each_thing_go_by_itself_where_there_are_few) {
  EXPECT_EQ(say(200), 1);
  EXPECT_LT(messages.wait(now), 1ms);
}

TEST_F(a_pace, gathers_the_more_the_more_there_is) {
  EXPECT_NEAR(say(2'000), 4, 1);
  EXPECT_NEAR(say(4'000), 16, 3);
}

TEST_F(a_pace, waits_no_longer_than_the_longest_pause) {
  EXPECT_NEAR(say(20'000), 100, 5);
  EXPECT_LE(messages.wait(now), 5ms);
}

TEST_F(a_pace, is_without_a_pause_again_after_one) {
  say(20'000);
  now += 5ms;
  EXPECT_EQ(messages.wait(now), 0s);
  now += 1s;
  messages.sent(1, now);
  EXPECT_LT(messages.wait(now), 10us) << "what was long ago does not count";
}

} // namespace
} // namespace mfo::cluster
