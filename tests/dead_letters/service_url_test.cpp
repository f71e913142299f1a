#include "dead_letters/service_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::dead_letters {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(service_url, has_its_parts_without_escapes) {
  const auto url =
      parse_service_url("amqp://us%40er:p%3Aass@h:99/a%2Fb", "amqp", 5672);
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->user, "us@er");
  EXPECT_EQ(url->password, "p:ass");
  EXPECT_EQ(url->host, "h");
  EXPECT_EQ(url->port, 99);
  EXPECT_EQ(url->path, "a/b");
  EXPECT_EQ(url->address(), "h:99");
}

TEST(service_url, needs_no_more_than_a_host) {
  const auto url = parse_service_url("redis://h", "redis", 6379);
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->user, "");
  EXPECT_EQ(url->password, "");
  EXPECT_EQ(url->port, 6379);
  EXPECT_EQ(url->path, "");
}

TEST(service_url, may_have_a_password_alone) {
  const auto url = parse_service_url("redis://:secret@h/2", "redis", 6379);
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->user, "");
  EXPECT_EQ(url->password, "secret");
  EXPECT_EQ(url->path, "2");
}

TEST(service_url, takes_ipv6) {
  const auto url = parse_service_url("redis://[::1]:7/", "redis", 6379);
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->address(), "[::1]:7");
}

TEST(service_url, says_what_is_wrong_and_quotes_nothing) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "redis://user:password@host:6379"},
      {"SECRET", "redis://user:password@host:6379"},
      {"redis://u:SECRET@h h/", "redis://user:password@host:6379"},
      {"http://u:SECRET@h", "begin with redis://"},
      {"rediss://u:SECRET@h", "begin with redis://"},
      {"redis://u:SECRET@", "no host"},
      {"redis://u:SECRET@h:0", "port"},
      {"redis://u:SECRET@h:65536", "port"},
      {"redis://u:SECRET@h:99999", "port"},
      {"redis://u:SECRET@h/?x=1", "query"},
      {"redis://u:SECRET@h/#x", "fragment"},
  };
  for (const auto& [text, part] : rows) {
    const auto url = parse_service_url(text, "redis", 6379);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error(), HasSubstr(part)) << text;
    EXPECT_THAT(url.error(), Not(HasSubstr("SECRET")));
  }
}

} // namespace
} // namespace mfo::dead_letters
