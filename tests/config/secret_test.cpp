#include "config/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace mfo::config {

namespace {

TEST(secret, shows_its_value_only_when_asked) {
  const secret token("hunter2");
  std::ostringstream out;
  out << token;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(testing::PrintToString(token), "***");
  EXPECT_EQ(token.reveal(), "hunter2");
}

TEST(secret, is_compared_by_its_value) {
  EXPECT_EQ(secret("a"), secret("a"));
  EXPECT_NE(secret("a"), secret("b"));
  EXPECT_TRUE(secret().empty());
}

} // namespace

} // namespace mfo::config
