#include "core/restart_window.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;

const restart_window::clock::time_point start{1h};

TEST(restart_window, restarts_at_once_after_a_first_failure) {
  restart_window window{3, 10s, 100ms};
  EXPECT_EQ(window.on_failure(start), 0ms);
}

TEST(restart_window, waits_twice_as_long_each_time) {
  restart_window window{5, 10s, 100ms};
  EXPECT_EQ(window.on_failure(start), 0ms);
  EXPECT_EQ(window.on_failure(start + 1s), 100ms);
  EXPECT_EQ(window.on_failure(start + 2s), 200ms);
  EXPECT_EQ(window.on_failure(start + 3s), 400ms);
  EXPECT_EQ(window.on_failure(start + 4s), 800ms);
}

TEST(restart_window, gives_up_when_there_were_too_many) {
  restart_window window{2, 10s, 100ms};
  EXPECT_TRUE(window.on_failure(start));
  EXPECT_TRUE(window.on_failure(start + 1s));
  EXPECT_FALSE(window.on_failure(start + 10s));
  EXPECT_FALSE(window.on_failure(start + 11s))
      << "the failure that was one too many counts as well";
}

TEST(restart_window, forgets_what_is_older_than_the_window) {
  restart_window window{2, 10s, 100ms};
  EXPECT_TRUE(window.on_failure(start));
  EXPECT_TRUE(window.on_failure(start + 1s));
  EXPECT_EQ(window.on_failure(start + 10s + 1ms), 100ms);
  EXPECT_EQ(window.on_failure(start + 60s), 0ms);
}

TEST(restart_window, of_no_restarts_gives_up_at_once) {
  restart_window window{0, 10s, 100ms};
  EXPECT_FALSE(window.on_failure(start));
  EXPECT_FALSE(window.on_failure(start + 1h));
}

TEST(restart_window, never_waits_longer_than_itself) {
  restart_window window{100, 10s, 100ms};
  for (int i = 0; i < 100; ++i) {
    const auto wait = window.on_failure(start);
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, 0ms) << i;
    EXPECT_LE(*wait, 10s) << i;
  }
  EXPECT_FALSE(window.on_failure(start));
}

} // namespace

} // namespace mfo::core
