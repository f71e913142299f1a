#include "taskflow/trace/elapsed.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;

TEST(elapsed, is_as_exact_as_people_need_it) {
  EXPECT_EQ(elapsed(0ms), "0ms");
  EXPECT_EQ(elapsed(999us), "0ms");
  EXPECT_EQ(elapsed(850ms), "850ms");
  EXPECT_EQ(elapsed(1000ms), "1.0s");
  EXPECT_EQ(elapsed(9999ms), "9.9s");
  EXPECT_EQ(elapsed(10s), "10s");
  EXPECT_EQ(elapsed(59999ms), "59s");
  EXPECT_EQ(elapsed(1min), "1m 00s");
  EXPECT_EQ(elapsed(59min + 59s), "59m 59s");
  EXPECT_EQ(elapsed(2h + 7min + 50s), "2h 07m");
  EXPECT_EQ(elapsed(99h + 59min), "4d 03h");
}

TEST(elapsed, is_never_below_zero) {
  EXPECT_EQ(elapsed(-5s), "0ms");
}

} // namespace

} // namespace mfo::taskflow
