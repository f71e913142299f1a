#include "http/access.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using core::errc;
using time_point = access::clock::time_point;

constexpr time_point start{1h};

config::ip_address address(std::string_view text) {
  return config::ip_address::parse(text).value();
}

struct an_access : testing::Test {
  an_access() : endpoints(2) {}

  config::access_settings& first() {
    return endpoints[0].access;
  }

  /// What a request to the endpoint with this index of the ledger is told.
  std::optional<access::refusal>
  ask(std::string_view from, time_point now = start, std::size_t endpoint = 1) {
    if (!rules)
      rules.emplace(endpoints, 0);
    return rules->examine(endpoint, address(from), now);
  }

  std::vector<config::endpoint_settings> endpoints;
  std::optional<access> rules;
};

TEST_F(an_access, lets_all_pass_when_nothing_is_said) {
  for (int i = 0; i < 10'000; ++i)
    ASSERT_FALSE(ask("192.0.2.1"));
}

TEST_F(an_access, refuses_whom_the_endpoint_does_not_know) {
  first().allow_from = {*config::ip_network::parse("192.0.2.0/24")};
  EXPECT_FALSE(ask("192.0.2.7"));
  EXPECT_FALSE(ask("::ffff:192.0.2.7"));
  const auto refused = ask("198.51.100.1");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, errc::source_not_allowed);
  EXPECT_EQ(refused->retry_after, 0ms);
  EXPECT_FALSE(ask("198.51.100.1", start, 2)) << "the other endpoint is open";
}

TEST_F(an_access, knows_a_bounded_number_of_addresses_over_all_endpoints) {
  for (auto& each : endpoints)
    each.access.rate_limit_per_address = {0.001, 1};
  const auto nth = [](std::uint32_t n) {
    return config::ip_address::v4(0x0A000000U + n).to_string();
  };
  constexpr std::uint32_t half = core::rate_limiter::usual_capacity / 2;
  for (std::uint32_t n = 0; n < half; ++n)
    ASSERT_FALSE(ask(nth(n)));
  EXPECT_FALSE(ask(nth(half))) << "the first of those that share a bucket";
  EXPECT_TRUE(ask(nth(half + 1))) << "the second";
  EXPECT_FALSE(ask(nth(half + 1), start, 2)) << "the other endpoint has room";
}

TEST_F(an_access, goes_on_from_where_the_former_one_is) {
  endpoints[0].id = "kept";
  endpoints[1].id = "another rate";
  for (auto& each : endpoints)
    each.access = {{}, {0.001, 1}, {0.001, 1}};
  EXPECT_FALSE(ask("192.0.2.1", start, 1));
  EXPECT_FALSE(ask("192.0.2.1", start, 2));
  std::swap(endpoints[0], endpoints[1]);
  endpoints[0].access.rate_limit = {0.001, 2};
  endpoints[0].access.rate_limit_per_address = {0.001, 2};
  access next{endpoints, 0};
  next.go_on_from(*rules);
  rules = std::move(next);
  EXPECT_FALSE(ask("192.0.2.1", start, 1)) << "it has another limit now";
  EXPECT_TRUE(ask("192.0.2.1", start, 2)) << "it has the limit that it had";
}

TEST_F(an_access, limits_all_senders_together) {
  first().rate_limit = {10, 2};
  EXPECT_FALSE(ask("192.0.2.1"));
  EXPECT_FALSE(ask("192.0.2.2"));
  const auto refused = ask("192.0.2.3");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, errc::rate_limited);
  EXPECT_EQ(refused->retry_after, 100ms);
  EXPECT_FALSE(ask("192.0.2.3", start + 100ms));
  EXPECT_FALSE(ask("192.0.2.3", start + 100ms, 2)) << "the other has no limit";
}

TEST_F(an_access, limits_each_sender) {
  first().rate_limit_per_address = {0.5, 1};
  EXPECT_FALSE(ask("192.0.2.1"));
  EXPECT_EQ(ask("192.0.2.1", start + 500ms)->retry_after, 1'500ms);
  EXPECT_FALSE(ask("192.0.2.2", start + 500ms));
  EXPECT_FALSE(ask("192.0.2.1", start + 2s));
}

TEST_F(an_access, counts_only_what_both_limits_let_pass) {
  first().rate_limit = {1, 2};
  first().rate_limit_per_address = {1, 1};
  EXPECT_FALSE(ask("192.0.2.1"));
  EXPECT_TRUE(ask("192.0.2.1")) << "by its own limit";
  EXPECT_FALSE(ask("192.0.2.2")) << "the endpoint's was not used up by that";
  EXPECT_TRUE(ask("192.0.2.3")) << "by the endpoint's limit";
  EXPECT_FALSE(ask("192.0.2.3", start + 1s));
}

TEST_F(an_access, says_the_longer_of_two_waits) {
  first().rate_limit = {10, 1};
  first().rate_limit_per_address = {0.1, 1};
  EXPECT_FALSE(ask("192.0.2.1"));
  EXPECT_EQ(ask("192.0.2.1")->retry_after, 10s);
  EXPECT_EQ(ask("192.0.2.2")->retry_after, 100ms);
}

TEST_F(an_access, does_not_count_whom_the_endpoint_does_not_know) {
  first().allow_from = {*config::ip_network::parse("192.0.2.0/24")};
  first().rate_limit = {1, 1};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask("198.51.100.1")->code, errc::source_not_allowed);
  EXPECT_FALSE(ask("192.0.2.7"));
}

} // namespace

} // namespace mfo::http
