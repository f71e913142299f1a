#include "http/no_proxy.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::http {
namespace {

TEST(no_proxy, exempts_what_it_lists) {
  struct row {
    std::string list, host;
    std::uint16_t port;
    bool expected;
  };
  const std::vector<row> rows = {
      {"", "a.example", 443, false},
      {"*", "a.example", 443, true},
      {"b.example, *", "a.example", 443, true},
      {"a.example", "a.example", 443, true},
      {"A.Example", "a.example", 443, true},
      {"example", "a.example", 443, true},
      {"example", "example", 443, true},
      {"ample", "a.example", 443, false},
      {"a.example", "example", 443, false},
      {".example", "a.example", 443, true},
      {".example", "b.a.example", 443, true},
      {".example", "example", 443, false},
      {"*.example", "a.example", 443, true},
      {"*.example", "example", 443, false},
      {"other.org,\t a.example ,", "a.example", 443, true},
      {",,", "a.example", 443, false},
      {".", "a.example", 443, false},
      {"a.example.", "a.example", 443, true},
      {"a.example", "a.example.", 443, true},
      {"a.example:443", "a.example", 443, true},
      {"a.example:8443", "a.example", 443, false},
      {".example:443", "a.example", 443, true},
      {"a.example:x", "a.example", 443, false},
      {"10.1.2.3", "10.1.2.3", 80, true},
      {"10.1.2.3:80", "10.1.2.3", 80, true},
      {"10.1.2.3:81", "10.1.2.3", 80, false},
      {"2.3", "10.1.2.3", 80, false},
      {"10.0.0.0/8", "10.1.2.3", 80, true},
      {"10.0.0.0/8", "11.1.2.3", 80, false},
      {"10.1.2.128/25", "10.1.2.129", 80, true},
      {"10.1.2.128/25", "10.1.2.127", 80, false},
      {"10.1.2.3/32", "10.1.2.3", 80, true},
      {"0.0.0.0/0", "10.1.2.3", 80, true},
      {"10.0.0.0/33", "10.1.2.3", 80, false},
      {"10.0.0.0/", "10.1.2.3", 80, false},
      {"10.0.0.0/x", "10.1.2.3", 80, false},
      {"10.0.0.0/8", "a.example", 80, false},
      {"0.0.0.0/0", "::1", 80, false},
      {"fd00::/8", "fd12::1", 80, true},
      {"fd00::/8", "fe12::1", 80, false},
      {"::1", "::1", 80, true},
      {"0:0::1", "::1", 80, true},
      {"[::1]", "::1", 80, true},
      {"[::1]:80", "::1", 80, true},
      {"[::1]:81", "::1", 80, false},
      {"[::1]:", "::1", 80, false},
      {"[::1", "::1", 80, false},
      {"[::1]x", "::1", 80, false},
  };
  for (const auto& [list, host, port, expected] : rows)
    EXPECT_EQ(is_in_no_proxy(list, host, port), expected)
        << "'" << list << "' for " << host << ":" << port;
}

TEST(no_proxy, knows_loopback) {
  for (const char* host : {"localhost", "localhost.", "a.localhost",
                           "127.0.0.1", "127.9.9.9", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"localhost.example", "mylocalhost", "128.0.0.1",
                           "::2", "127.0.0.1.example", ""})
    EXPECT_FALSE(is_loopback(host)) << host;
}

} // namespace
} // namespace mfo::http
