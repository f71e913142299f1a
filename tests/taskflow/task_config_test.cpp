#include "taskflow/task_config.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

TEST(a_task_type, has_the_word_of_the_file) {
  EXPECT_EQ(type_name(tool_execute_task{}), "mfo_api_tool_execute");
  EXPECT_EQ(type_name(job_wait_task{}), "job_wait");
  EXPECT_EQ(type_name(try_task{}), "try");
}

} // namespace

} // namespace mfo::taskflow
