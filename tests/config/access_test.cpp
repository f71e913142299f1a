#include "config/access_settings.hpp"

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::HasSubstr;
using testing::Not;

const std::string one_endpoint =
    "server_url: https://a\nendpoints:\n"
    "  - {id: a, path: /a, signature: {scheme: hmac, secret: s}";

access_settings access_with(const std::string& keys) {
  const auto node = must_load(one_endpoint + ", " + keys + "}\n");
  return node.endpoints.empty() ? access_settings{} : node.endpoints[0].access;
}

std::vector<std::string> shown(const std::vector<ip_network>& networks) {
  std::vector<std::string> texts;
  for (const auto& each : networks)
    texts.push_back(each.to_string());
  return texts;
}

TEST(access, is_open_to_all_at_first) {
  const auto node = must_load(minimal);
  const auto& access = node.endpoints.at(0).access;
  EXPECT_TRUE(access.allow_from.empty());
  EXPECT_EQ(access.rate_limit.per_second, 0);
  EXPECT_EQ(access.rate_limit_per_address.per_second, 0);
  EXPECT_TRUE(node.proxies.trusted_proxies.empty());
  EXPECT_EQ(node.limits.max_connections_per_address, 256u);
}

TEST(access, is_given_to_networks_and_addresses) {
  EXPECT_THAT(
      shown(access_with("allow_from: [10.0.0.0/8, 192.0.2.1, '2001:db8::/32']")
                .allow_from),
      testing::ElementsAre("10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"));
}

TEST(access, may_be_limited_in_number) {
  const auto access =
      access_with("rate_limit: {per_second: 100, burst: 200}, "
                  "rate_limit_per_address: {per_second: 0.5, burst: 3}");
  EXPECT_EQ(access.rate_limit.per_second, 100);
  EXPECT_EQ(access.rate_limit.burst, 200u);
  EXPECT_EQ(access.rate_limit_per_address.per_second, 0.5);
  EXPECT_EQ(access.rate_limit_per_address.burst, 3u);
}

TEST(access, has_the_burst_of_a_second_at_first) {
  EXPECT_EQ(access_with("rate_limit: {per_second: 2.5}").rate_limit.burst, 3u);
  EXPECT_EQ(access_with("rate_limit: {per_second: 0.01}").rate_limit.burst, 1u);
}

TEST(proxies, say_for_whom_they_ask_in_one_field) {
  const auto node = must_load(minimal + "trusted_proxies: [10.0.0.1]\n"
                                        "forwarded_header: forwarded\n");
  EXPECT_THAT(shown(node.proxies.trusted_proxies),
              testing::ElementsAre("10.0.0.1/32"));
  EXPECT_EQ(node.proxies.header, forwarded_header::forwarded);
}

TEST(proxies, must_be_there_when_their_field_is) {
  EXPECT_EQ(problems_of(minimal + "forwarded_header: forwarded\n"),
            "node.yaml:4:1: forwarded_header: means nothing without "
            "trusted_proxies\n");
}

TEST(redacted_access, is_shown_where_it_was_given) {
  const auto open = redacted_yaml(must_load(minimal));
  for (const auto* key :
       {"allow_from", "rate_limit", "trusted_proxies", "forwarded_header"})
    EXPECT_THAT(open, Not(HasSubstr(key)));
  const auto closed = redacted_yaml(
      must_load("trusted_proxies: [10.0.0.0/8]\n" + one_endpoint +
                ", allow_from: [192.0.2.1], rate_limit: {per_second: 5}}\n"));
  EXPECT_THAT(closed, HasSubstr("trusted_proxies:\n  - 10.0.0.0/8\n"
                                "forwarded_header: x-forwarded-for\n"));
  EXPECT_THAT(closed, HasSubstr("    allow_from:\n      - 192.0.2.1/32\n"
                                "    rate_limit:\n      per_second: 5\n"
                                "      burst: 5\n"));
  EXPECT_EQ(redacted_yaml(must_load(closed)), closed);
}

} // namespace

} // namespace mfo::config
