#include "config/ip_network.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mfo::config {

namespace {

ip_address address(std::string_view text) {
  const auto parsed = ip_address::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(ip_address{});
}

ip_network network(std::string_view text) {
  const auto parsed = ip_network::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error();
  return parsed ? *parsed : *ip_network::parse("::/128");
}

network_set set_of(const std::vector<std::string>& texts) {
  std::vector<ip_network> networks;
  for (const auto& each : texts)
    networks.push_back(network(each));
  return network_set{networks};
}

TEST(an_ip_address, is_written_in_the_shortest_form) {
  const std::vector<std::pair<std::string, std::string>> samples{
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"::", "::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"}};
  for (const auto& [text, shown] : samples)
    EXPECT_EQ(address(text).to_string(), shown) << text;
}

TEST(an_ip_address, is_the_same_when_it_is_mapped_to_ipv6) {
  EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
  EXPECT_EQ(ip_address::v4(0xC0000201), address("192.0.2.1"));
  EXPECT_TRUE(address("::ffff:192.0.2.1").is_v4());
  EXPECT_FALSE(address("::192.0.2.1").is_v4());
}

TEST(an_ip_address, is_nothing_else) {
  for (const std::string text :
       {"",           " ",        "192.0.2",      "192.0.2.1.", "192.0.2.256",
        "192.0.2.01", "0x7f.1",   "127.1",        "2130706433", "192.0.2.1:80",
        "[::1]",      "[::1]:80", "fe80::1%eth0", "fe80::1%1",  ":::",
        "1::2::3",    "12345::",  "::ffff:1.2",   "192.0.2.1 ", "localhost",
        "unknown",    "::1/128"})
    EXPECT_FALSE(ip_address::parse(text)) << text;
  EXPECT_FALSE(ip_address::parse(std::string{"192.0.2.1\0x", 11}));
  EXPECT_FALSE(ip_address::parse(std::string(100'000, '1')));
}

TEST(an_ip_address, reads_what_it_has_written) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 10'000; ++i) {
    ip_address::byte_array bytes{};
    for (auto& each : bytes)
      // Zeros in a row are what the short form is about.
      each = test::between(random, 0, 2) == 0
                 ? static_cast<std::uint8_t>(test::between(random, 0, 255))
                 : std::uint8_t{0};
    const ip_address one{bytes};
    ASSERT_EQ(address(one.to_string()), one) << one.to_string();
  }
}

TEST(a_network, is_written_with_its_prefix) {
  const std::vector<std::pair<std::string, std::string>> samples{
      {"10.0.0.0/8", "10.0.0.0/8"},          {"0.0.0.0/0", "0.0.0.0/0"},
      {"192.0.2.1", "192.0.2.1/32"},         {"2001:db8::1", "2001:db8::1/128"},
      {"2001:DB8::/32", "2001:db8::/32"},    {"::/0", "::/0"},
      {"::ffff:10.0.0.0/104", "10.0.0.0/8"}, {"::ffff:0:0/96", "0.0.0.0/0"}};
  for (const auto& [text, shown] : samples)
    EXPECT_EQ(network(text).to_string(), shown) << text;
}

TEST(a_network, with_bits_beyond_its_prefix_is_refused_with_the_right_one) {
  EXPECT_EQ(ip_network::parse("10.1.2.3/8").error(),
            "has bits beyond its prefix; the network is 10.0.0.0/8");
  EXPECT_EQ(ip_network::parse("2001:db8::1/33").error(),
            "has bits beyond its prefix; the network is 2001:db8::/33");
  EXPECT_EQ(ip_network::parse("192.0.2.255/31").error(),
            "has bits beyond its prefix; the network is 192.0.2.254/31");
}

TEST(a_network, has_a_prefix_that_fits) {
  for (const auto* text :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8 ",
        "10.0.0.0/8/8", "10.0.0.0/4294967304", "10.0.0.0/255.0.0.0"})
    EXPECT_EQ(ip_network::parse(text).error(), "must have a prefix of 0 to 32")
        << text;
  EXPECT_EQ(ip_network::parse("::/129").error(),
            "must have a prefix of 0 to 128");
}

TEST(a_network, is_nothing_else) {
  for (const auto* text : {"", "/8", "10/8", "10.0.0/24", "*", "all",
                           "example.com", "fe80::1%eth0/64", "[::]/0"})
    EXPECT_FALSE(ip_network::parse(text)) << text;
}

TEST(a_network, holds_the_addresses_from_its_first_to_its_last) {
  const auto one = network("192.0.2.64/26");
  EXPECT_TRUE(one.contains(address("192.0.2.64")));
  EXPECT_TRUE(one.contains(address("192.0.2.127")));
  EXPECT_TRUE(one.contains(address("::ffff:192.0.2.100")));
  EXPECT_FALSE(one.contains(address("192.0.2.63")));
  EXPECT_FALSE(one.contains(address("192.0.2.128")));
}

TEST(a_network, of_all_ipv6_addresses_holds_no_ipv4_address) {
  EXPECT_TRUE(network("::/0").contains(address("2001:db8::1")));
  EXPECT_FALSE(network("::/0").contains(address("192.0.2.1")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(address("2001:db8::1")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(address("::")));
}

TEST(a_set_of_networks, holds_nothing_when_it_is_empty) {
  EXPECT_FALSE(network_set{}.contains(address("192.0.2.1")));
  EXPECT_TRUE(network_set{}.empty());
  EXPECT_FALSE(set_of({"::/0"}).empty());
}

TEST(a_set_of_networks, may_hold_networks_within_others) {
  const auto some = set_of({"10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/8", "::/0",
                            "2001:db8::/32", "192.0.2.1"});
  for (const auto* inside :
       {"10.1.2.3", "10.200.0.1", "192.0.2.1", "::1", "2001:db8::1", "ffff::"})
    EXPECT_TRUE(some.contains(address(inside))) << inside;
  for (const auto* outside :
       {"11.0.0.0", "9.255.255.255", "192.0.2.2", "0.0.0.0"})
    EXPECT_FALSE(some.contains(address(outside))) << outside;
}

TEST(a_set_of_networks, holds_what_one_of_them_holds) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  // Few bits differ, so that networks meet.
  const auto any_address = [&] {
    if (test::between(random, 0, 1) == 0)
      return ip_address::v4(test::between(random, 0U, 15U) << 28U |
                            test::between(random, 0U, 15U));
    ip_address::byte_array bytes{};
    bytes[0] = static_cast<std::uint8_t>(test::between(random, 0, 3));
    bytes[11] = static_cast<std::uint8_t>(test::between(random, 0, 3));
    bytes[15] = static_cast<std::uint8_t>(test::between(random, 0, 3));
    return ip_address{bytes};
  };
  for (int round = 0; round < 1'000; ++round) {
    std::vector<ip_network> networks;
    while (networks.size() < 6) {
      const auto one = any_address();
      const auto bits = one.is_v4() ? test::between(random, 96U, 128U)
                                    : test::between(random, 0U, 128U);
      const auto shown = one.prefix(bits).to_string() + "/" +
                         std::to_string(one.is_v4() ? bits - 96 : bits);
      networks.push_back(network(shown));
    }
    const network_set all{networks};
    for (int i = 0; i < 50; ++i) {
      const auto asked = any_address();
      ASSERT_EQ(
          all.contains(asked),
          std::ranges::any_of(
              networks, [&](const auto& each) { return each.contains(asked); }))
          << asked.to_string();
    }
  }
}

} // namespace

} // namespace mfo::config
