#include "cluster/membership/address.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

TEST(an_address, is_written_as_host_and_port) {
  EXPECT_EQ(to_string(address{.host = "node-a", .port = 7420}), "node-a:7420");
  EXPECT_EQ(to_string(address{.host = "::1", .port = 7420}), "[::1]:7420");
}

TEST(an_address, can_be_dialled_with_a_host_and_a_port) {
  EXPECT_TRUE(is_dialable({.host = "10.0.0.1", .port = 1}));
  EXPECT_FALSE(is_dialable({.host = "", .port = 1}));
  EXPECT_FALSE(is_dialable({.host = "a", .port = 0}));
  EXPECT_FALSE(is_dialable({.host = "a b", .port = 1}));
  EXPECT_FALSE(is_dialable({.host = std::string(254, 'a'), .port = 1}));
}

} // namespace

} // namespace mfo::cluster
