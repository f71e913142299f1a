#include "devserver/loopback.hpp"

#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

TEST(loopback, is_this_machine_by_number_or_as_localhost) {
  for (const auto* good :
       {"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "localhost"})
    EXPECT_TRUE(is_loopback_host(good)) << good;
  for (const auto* bad : {"", "0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1",
                          "127.1", "2130706433", "localhost.", "a.localhost"})
    EXPECT_FALSE(is_loopback_host(bad)) << bad;
}

} // namespace
} // namespace mfo::devserver
