#include "config/environment.hpp"

#include "config/node_name.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace mfo::config {

namespace {

TEST(process_environment, looks_variables_up) {
  ASSERT_EQ(::setenv("MFO_ENVIRONMENT_TEST", "value", 1), 0);
  EXPECT_EQ(process_environment()("MFO_ENVIRONMENT_TEST"), "value");
  ASSERT_EQ(::unsetenv("MFO_ENVIRONMENT_TEST"), 0);
  EXPECT_EQ(process_environment()("MFO_ENVIRONMENT_TEST"), std::nullopt);
}

TEST(host_name, is_a_name_for_a_node) {
  EXPECT_TRUE(parse_node_name(host_name())) << host_name();
}

} // namespace

} // namespace mfo::config
