#include "outbound/reach_rules.hpp"

#include <gmock/gmock.h>

namespace mfo::outbound {
namespace {

using testing::HasSubstr;
using strings = std::vector<std::string>;

config::http_call_settings settings_of(const strings& allow,
                                       const strings& networks = {}) {
  config::http_call_settings settings;
  for (const auto& each : allow)
    settings.allow.push_back(config::host_rule::parse(each).value());
  for (const auto& each : networks)
    settings.private_networks.push_back(
        config::ip_network::parse(each).value());
  return settings;
}

std::string why_not(const reach_rules& rules, const std::string& url) {
  return rules.why_not(parse_call_url(url).value()).value_or("");
}

std::string why_not_addresses(const reach_rules& rules, const strings& texts) {
  std::vector<config::ip_address> addresses;
  for (const auto& each : texts)
    addresses.push_back(config::ip_address::parse(each).value());
  return rules.why_not(addresses).value_or("");
}

TEST(reach_rules, let_nothing_through_at_first) {
  const reach_rules rules{{}};
  EXPECT_EQ(why_not(rules, "https://api.example.com/a?token=s3cret"),
            "https://api.example.com is not among the hosts of "
            "http_call.allow");
}

TEST(reach_rules, let_through_what_is_listed) {
  const reach_rules rules{settings_of({"api.example.com", "*.example.org"})};
  EXPECT_EQ(why_not(rules, "https://api.example.com/"), "");
  EXPECT_EQ(why_not(rules, "http://api.example.com/"), "");
  EXPECT_EQ(why_not(rules, "http://a.b.example.org/"), "");
  EXPECT_NE(why_not(rules, "http://example.org/"), "");
  EXPECT_NE(why_not(rules, "https://api.example.com:80/"), "");
  EXPECT_NE(why_not(rules, "http://api.example.com:443/"), "");
  EXPECT_NE(why_not(rules, "http://api.example.com:8080/"), "");
  EXPECT_NE(why_not(rules, "https://api.example.com.evil.test/"), "");
}

TEST(reach_rules, want_a_private_address_named_twice) {
  EXPECT_THAT(
      why_not(reach_rules{settings_of({"127.0.0.1"})}, "http://127.0.0.1/"),
      HasSubstr("127.0.0.1 is loopback"));
  EXPECT_THAT(why_not(reach_rules{settings_of({"a.example"}, {"127.0.0.1"})},
                      "http://127.0.0.1/"),
              HasSubstr("http_call.allow"));
  EXPECT_EQ(why_not(reach_rules{settings_of({"127.0.0.1"}, {"127.0.0.0/8"})},
                    "http://127.0.0.1/"),
            "");
}

TEST(reach_rules, see_through_the_spelling_of_an_address) {
  const reach_rules rules{settings_of({"0.0.0.0/0", "::/0"})};
  for (const auto* url :
       {"http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/", "http://0.0.0.0/",
        "http://[::]/", "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/", "http://100.100.100.200/",
        "http://255.255.255.255/", "http://[ff02::1]/"})
    EXPECT_THAT(why_not(rules, url), HasSubstr("private_networks")) << url;
  EXPECT_EQ(why_not(rules, "http://8.8.8.8/"), "");
  EXPECT_EQ(why_not(rules, "http://[2606:4700::1111]/"), "");
}

TEST(reach_rules, refuse_a_host_for_one_bad_address_among_good_ones) {
  const reach_rules rules{settings_of({"a.example"})};
  EXPECT_EQ(why_not_addresses(rules, {"8.8.8.8", "2606:4700::1111"}), "");
  EXPECT_EQ(why_not_addresses(rules, {"8.8.8.8", "10.1.2.3"}),
            "the address 10.1.2.3 is private, and in no network of "
            "http_call.private_networks");
}

TEST(reach_rules, exempt_the_networks_that_are_named_and_no_others) {
  const reach_rules rules{settings_of({"a.example"}, {"10.1.0.0/16"})};
  EXPECT_EQ(why_not_addresses(rules, {"10.1.2.3"}), "");
  EXPECT_NE(why_not_addresses(rules, {"10.2.2.3"}), "");
  EXPECT_NE(why_not_addresses(rules, {"64:ff9b::a01:203"}), "");
}

} // namespace
} // namespace mfo::outbound
