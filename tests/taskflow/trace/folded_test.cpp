#include "taskflow/trace/folded.hpp"

#include "tests/taskflow/trace/moments.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using tests::moments;

TEST(folded, has_the_time_of_each_task_without_what_is_within_it) {
  const auto told = moments{}
                        .took("list", 0us, 100us)
                        .began("route", 150us)
                        .took("route/each[3]/file", 200us, 1434us)
                        .ended("route", 1500us);
  EXPECT_EQ(folded(told.run(1600us)), "main 150\n"
                                      "main;list 100\n"
                                      "main;route 116\n"
                                      "main;route;each[3];file 1234\n");
}

TEST(folded, takes_time_that_tasks_share_from_what_is_around_them_once) {
  const auto told = moments{}
                        .began("both", 0us)
                        .began("both/left/a", 0us)
                        .began("both/right/b", 50us)
                        .ended("both/left/a", 100us)
                        .ended("both/right/b", 120us)
                        .ended("both", 200us);
  EXPECT_EQ(folded(told.run(200us)), "main;both 80\n"
                                     "main;both;left;a 100\n"
                                     "main;both;right;b 70\n");
}

TEST(folded, has_no_line_for_what_took_no_time) {
  const auto told = moments{}
                        .took("a", 0us, 0us)
                        .ended("b", 0us, task_outcome::skipped, {}, 0);
  EXPECT_EQ(folded(told.run(0us)), "");
}

TEST(folded, keeps_frames_and_numbers_apart) {
  const auto told = moments{}.took("both/a b;c\n/x", 0us, 5us);
  EXPECT_EQ(folded(told.run(5us)), "main;both;a_b_c?;x 5\n");
}

} // namespace

} // namespace mfo::taskflow
