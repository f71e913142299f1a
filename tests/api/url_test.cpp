#include "api/url.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(url, is_split_into_origin_and_target) {
  const auto parts =
      split_url("https://Auth.example.com:8443/oauth/token/?a=b");
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->origin, "https://Auth.example.com:8443");
  EXPECT_EQ(parts->target, "/oauth/token/?a=b");
  EXPECT_EQ(parts->server, (http::origin{true, "auth.example.com", 8443, ""}));
}

TEST(url, has_at_least_a_slash_for_a_target) {
  EXPECT_EQ(split_url("http://127.0.0.1")->target, "/");
  EXPECT_EQ(split_url("http://[::1]:80?x=1")->target, "/?x=1");
  EXPECT_EQ(split_url("http://[::1]:80?x=1")->server.host, "::1");
}

TEST(url, is_refused_without_being_quoted) {
  for (const auto* bad :
       {"", "x", "/path", "ftp://host/", "http://", "http:///path",
        "http://user:hunter2@host/", "http://host/#hunter2",
        "http://host/hunter 2", "http://host/\r\nX: hunter2", "http://höst/",
        "http://host:0/", "http://host:70000/"}) {
    const auto parts = split_url(bad);
    ASSERT_FALSE(parts) << bad;
    EXPECT_NE(parts.error(), "");
    EXPECT_EQ(parts.error().find("hunter"), std::string::npos);
  }
}

} // namespace
} // namespace mfo::api
