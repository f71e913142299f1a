#include "config/host_rule.hpp"

#include <gtest/gtest.h>

namespace mfo::config {

namespace {

struct host {
  std::string name;
  std::uint16_t port = 443;
  std::uint16_t usual_port = 443;
};

bool allows(std::string_view rule, const host& asked) {
  const auto parsed = host_rule::parse(rule);
  if (!parsed) {
    ADD_FAILURE() << rule << ": " << parsed.error();
    return false;
  }
  const auto address = ip_address::parse(asked.name);
  return parsed->allows(asked.name,
                        address ? std::optional{*address} : std::nullopt,
                        asked.port, asked.usual_port);
}

TEST(host_rule, allows_the_very_name) {
  EXPECT_TRUE(allows("api.example.com", {"api.example.com"}));
  EXPECT_TRUE(allows("API.Example.com", {"api.example.com"}));
  for (const auto* other :
       {"example.com", "a.api.example.com", "api.example.com.evil.test",
        "xapi.example.com", "api.example.co", "api-example.com"})
    EXPECT_FALSE(allows("api.example.com", {other})) << other;
}

TEST(host_rule, allows_all_names_below_one) {
  EXPECT_TRUE(allows("*.example.com", {"a.example.com"}));
  EXPECT_TRUE(allows("*.example.com", {"a.b.example.com"}));
  for (const auto* other :
       {"example.com", ".example.com", "badexample.com",
        "example.com.evil.test", "a.example.com.evil.test", "com"})
    EXPECT_FALSE(allows("*.example.com", {other})) << other;
}

TEST(host_rule, allows_addresses_that_a_url_holds) {
  EXPECT_TRUE(allows("192.0.2.1", {"192.0.2.1"}));
  EXPECT_TRUE(allows("10.0.0.0/8", {"10.2.3.4"}));
  EXPECT_FALSE(allows("10.0.0.0/8", {"11.2.3.4"}));
  EXPECT_TRUE(allows("2001:db8::/32", {"2001:db8::1"}));
  EXPECT_FALSE(allows("2001:db8::/32", {"2001:db9::1"}));
}

TEST(host_rule, keeps_names_and_addresses_apart) {
  EXPECT_FALSE(allows("0.0.0.0/0", {"example.com"}));
  EXPECT_FALSE(allows("::/0", {"10.2.3.4"}));
  EXPECT_FALSE(allows("*.example.com", {"10.2.3.4"}));
}

TEST(host_rule, allows_the_scheme_s_port_alone_unless_it_names_one) {
  EXPECT_TRUE(allows("a.example", {"a.example", 443, 443}));
  EXPECT_TRUE(allows("a.example", {"a.example", 80, 80}));
  EXPECT_FALSE(allows("a.example", {"a.example", 80, 443}));
  EXPECT_FALSE(allows("a.example", {"a.example", 8443, 443}));
  EXPECT_FALSE(allows("a.example", {"a.example", 22, 80}));
}

TEST(host_rule, allows_the_port_that_it_names_alone) {
  EXPECT_TRUE(allows("a.example:8443", {"a.example", 8443}));
  EXPECT_FALSE(allows("a.example:8443", {"a.example", 443}));
  EXPECT_TRUE(allows("10.0.0.0/8:8080", {"10.2.3.4", 8080, 80}));
  EXPECT_TRUE(allows("[::1]:8080", {"::1", 8080, 80}));
  EXPECT_FALSE(allows("[::1]:8080", {"::1", 80, 80}));
}

TEST(host_rule, may_allow_every_port) {
  EXPECT_TRUE(allows("a.example:*", {"a.example", 22}));
  EXPECT_TRUE(allows("*.a.example:*", {"b.a.example", 1}));
  EXPECT_TRUE(allows("[2001:db8::/32]:*", {"2001:db8::1", 65535}));
}

TEST(host_rule, refuses_what_is_no_host) {
  for (const auto* text : {"",
                           "*",
                           "*:443",
                           "*.",
                           "*.*.example",
                           "a.*.example",
                           "*example.com",
                           ".example.com",
                           "example.com.",
                           "a..b",
                           "a b",
                           "a/b",
                           "a:b",
                           "a:",
                           "a:0",
                           "a:65536",
                           "a:-1",
                           "[a]:80",
                           "[::1",
                           "[::1]80",
                           "[::1]x:80",
                           "[10.0.0.1]:80",
                           "10.0.0.1/8",
                           "10.0.0.0/33",
                           "1.2.3",
                           "127.1",
                           "0x7f.1",
                           "2130706433",
                           "https://a",
                           "a@b",
                           "m\xC3\xBCnchen.example",
                           "a,b",
                           "fe80::1%eth0"})
    EXPECT_FALSE(host_rule::parse(text)) << text;
  EXPECT_FALSE(host_rule::parse(std::string_view{"a\0b", 3}));
}

TEST(host_rule, reads_what_it_writes) {
  for (const auto* text : {"a.example", "*.a.example", "a.example:1",
                           "*.a.example:*", "10.0.0.0/8", "10.0.0.0/8:80",
                           "::1/128", "[::1/128]:80", "[2001:db8::/32]:*"}) {
    const auto rule = host_rule::parse(text);
    ASSERT_TRUE(rule) << text;
    EXPECT_EQ(rule->to_string(), text);
    EXPECT_EQ(host_rule::parse(rule->to_string()), rule);
  }
}

TEST(host_name, is_made_of_labels_the_last_of_which_is_no_number) {
  for (const auto* text : {"a", "localhost", "a-b.c_d", "xn--mnchen-3ya.de",
                           "1.2.3.4.example", "0x7f.a", "3com.com", "a.0xg"})
    EXPECT_TRUE(is_host_name(text)) << text;
  for (const auto* text :
       {"", ".", "a.", ".a", "127.1", "1", "0x7f.1", "0x7f", "a.0x", "a.0X1f",
        "1.2.3.4", "0177.0.0.1", "a.b.1", "a%2eb", "a b"})
    EXPECT_FALSE(is_host_name(text)) << text;
  EXPECT_TRUE(is_host_name(std::string(63, 'a')));
  EXPECT_FALSE(is_host_name(std::string(64, 'a')));
}

} // namespace

} // namespace mfo::config
