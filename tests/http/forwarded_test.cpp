#include "http/forwarded.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using config::forwarded_header;
using config::ip_address;

ip_address address(std::string_view text) {
  return ip_address::parse(text).value();
}

forwarded finder(forwarded_header header) {
  config::proxy_settings settings;
  for (const auto* each : {"10.0.0.0/8", "2001:db8:ffff::/48"})
    settings.trusted_proxies.push_back(*config::ip_network::parse(each));
  settings.header = header;
  return forwarded{settings};
}

std::string client(forwarded_header header,
                   const std::vector<std::string_view>& values,
                   std::string_view peer = "10.0.0.1") {
  return finder(header).client(address(peer), values).to_string();
}

std::string by_x(const std::vector<std::string_view>& values,
                 std::string_view peer = "10.0.0.1") {
  return client(forwarded_header::x_forwarded_for, values, peer);
}

std::string by_forwarded(const std::vector<std::string_view>& values,
                         std::string_view peer = "10.0.0.1") {
  return client(forwarded_header::forwarded, values, peer);
}

TEST(the_client, is_the_peer_when_no_proxy_is_trusted) {
  const forwarded nobody{config::proxy_settings{}};
  const std::vector<std::string_view> values{"192.0.2.1"};
  EXPECT_EQ(nobody.client(address("10.0.0.1"), values), address("10.0.0.1"));
  EXPECT_FALSE(nobody.trusts(address("10.0.0.1")));
}

TEST(the_client, is_the_peer_when_that_is_no_trusted_proxy) {
  EXPECT_EQ(by_x({"192.0.2.1"}, "198.51.100.7"), "198.51.100.7");
  EXPECT_EQ(by_forwarded({"for=192.0.2.1"}, "198.51.100.7"), "198.51.100.7");
}

TEST(the_client, is_the_peer_when_the_field_is_not_there) {
  EXPECT_EQ(by_x({}), "10.0.0.1");
  EXPECT_EQ(by_x({""}), "10.0.0.1");
  EXPECT_EQ(by_forwarded({}), "10.0.0.1");
}

TEST(the_client, is_read_from_the_one_field_that_was_chosen) {
  EXPECT_EQ(finder(forwarded_header::x_forwarded_for).field(),
            "X-Forwarded-For");
  EXPECT_EQ(finder(forwarded_header::forwarded).field(), "Forwarded");
}

TEST(x_forwarded_for, is_read_from_the_right_past_the_trusted) {
  EXPECT_EQ(by_x({"192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(by_x({"192.0.2.1, 10.0.0.2"}), "192.0.2.1");
  EXPECT_EQ(by_x({"203.0.113.9, 192.0.2.1 ,10.0.0.2,10.0.0.3"}), "192.0.2.1");
  EXPECT_EQ(by_x({"10.0.0.3, 10.0.0.2"}), "10.0.0.3") << "all are trusted";
}

TEST(x_forwarded_for, may_come_in_several_fields) {
  EXPECT_EQ(by_x({"203.0.113.9", "192.0.2.1", "10.0.0.2"}), "192.0.2.1");
  EXPECT_EQ(by_x({"203.0.113.9, 192.0.2.1", "10.0.0.2, 10.0.0.3"}),
            "192.0.2.1");
}

TEST(x_forwarded_for, may_hold_ipv6_and_ports) {
  const std::vector<std::pair<std::string_view, std::string>> samples{
      {"2001:db8::1", "2001:db8::1"},        {"[2001:db8::1]", "2001:db8::1"},
      {"[2001:db8::1]:4711", "2001:db8::1"}, {"192.0.2.1:4711", "192.0.2.1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},     {"\t192.0.2.1 ", "192.0.2.1"}};
  for (const auto& [value, found] : samples)
    EXPECT_EQ(by_x({value}), found) << value;
  EXPECT_EQ(by_x({"2001:db8::1, 2001:db8:ffff::2"}), "2001:db8::1");
}

TEST(x_forwarded_for, ends_where_it_makes_no_sense) {
  for (const std::string bad :
       {"unknown", "_hidden", "", "192.0.2", "192.0.2.256", "192.0.2.1:",
        "192.0.2.1:x", "192.0.2.1:123456", "[192.0.2.1]", "[2001:db8::1",
        "2001:db8::1]", "[2001:db8::1]x", "fe80::1%eth0", "\"192.0.2.1\"",
        "192.0.2.1;10.0.0.1", "for=192.0.2.1", "192.0.2.1 192.0.2.2"})
    EXPECT_EQ(by_x({"192.0.2.9, " + bad + ", 10.0.0.2"}), "10.0.0.2") << bad;
}

TEST(x_forwarded_for, is_not_read_beyond_some_hops) {
  std::string many{"192.0.2.1"};
  for (std::size_t i = 1; i < forwarded::most_hops; ++i)
    many += ", 10.0.0." + std::to_string(i);
  EXPECT_EQ(by_x({many}), "192.0.2.1");
  EXPECT_EQ(by_x({many + ", 10.0.0.99"}), "10.0.0.1");
}

TEST(forwarded_field, is_read_from_the_right_past_the_trusted) {
  EXPECT_EQ(by_forwarded({"for=192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(by_forwarded({"for=203.0.113.9, for=192.0.2.1, for=10.0.0.2"}),
            "192.0.2.1");
  EXPECT_EQ(by_forwarded({"for=203.0.113.9", "for=192.0.2.1", "for=10.0.0.2"}),
            "192.0.2.1");
}

TEST(forwarded_field, is_as_rfc_7239_has_it) {
  const std::vector<std::pair<std::string_view, std::string>> samples{
      // Section 4.
      {R"(For="[2001:db8:cafe::17]:4711")", "2001:db8:cafe::17"},
      {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
      // Section 6.
      {R"(for="192.0.2.43:47011")", "192.0.2.43"},
      {R"(for="[2001:db8:cafe::17]")", "2001:db8:cafe::17"},
      {R"(for="192.0.2.43:_port")", "192.0.2.43"},
      {R"(by="_a,b;c";FOR="192.0.2.1";host="a\"b,c")", "192.0.2.1"},
      {R"(for="192.0.2\.1")", "192.0.2.1"},
      {R"(host="\\";for=192.0.2.1)", "192.0.2.1"},
      {R"(for=192.0.2.1; proto=https)", "192.0.2.1"}};
  for (const auto& [value, found] : samples)
    EXPECT_EQ(by_forwarded({value}), found) << value;
}

TEST(forwarded_field, ends_where_it_makes_no_sense) {
  for (const std::string bad : {"for=unknown",
                                "for=_hidden",
                                R"(for="_hidden")",
                                "for=",
                                "for",
                                "=",
                                "",
                                "192.0.2.1",
                                "by=192.0.2.1",
                                "for=192.0.2.1;for=192.0.2.2",
                                "for =192.0.2.1",
                                "for= 192.0.2.1",
                                "for=[2001:db8::1]",
                                R"(for="2001:db8::1")",
                                R"(for="[2001:db8::1")",
                                "for=192.0.2.1:80",
                                R"(for="192.0.2.1)",
                                R"(for=192.0.2.1")",
                                R"(for="192.0.2.1"x)",
                                R"(for=x"192.0.2.1")",
                                R"(for="192.0.2.1\")",
                                R"(for="192.0.2.1\\"")",
                                R"(for=192.0.2.1;)",
                                R"(;for=192.0.2.1)",
                                R"(for=192.0.2.1;proto)",
                                R"(for=192.0.2.1;host="a""b")",
                                R"(for="fe80::1%eth0")",
                                R"(for="")",
                                R"(for=")"})
    EXPECT_EQ(by_forwarded({"for=192.0.2.9", bad, "for=10.0.0.2"}), "10.0.0.2")
        << bad;
}

TEST(forwarded_field, cannot_be_swallowed_by_a_quote_that_a_client_opens) {
  for (const std::string evil :
       {R"(for="203.0.113.9)", R"(for=203.0.113.9;x=")",
        R"(for=203.0.113.9;x="\)", R"(for=203.0.113.9\)", R"(")", R"(\")"}) {
    EXPECT_EQ(by_forwarded({evil + ", for=192.0.2.1"}), "192.0.2.1") << evil;
    EXPECT_EQ(by_forwarded({evil + R"(, for="192.0.2.1:1";by="x")"}),
              "192.0.2.1")
        << evil;
  }
}

/// What a proxy may write of a host.
std::string written(std::mt19937& random, forwarded_header header,
                    const ip_address& host) {
  const auto text = host.to_string();
  const bool with_port = test::between(random, 0, 1) == 0;
  const auto bracketed = host.is_v4() ? text : '[' + text + ']';
  const auto node = with_port ? bracketed + ":4711" : bracketed;
  if (header == forwarded_header::x_forwarded_for)
    return host.is_v4() || with_port ? node : text;
  const bool quoted = !host.is_v4() || with_port;
  const std::string rest = test::between(random, 0, 1) == 0
                               ? R"(;host="a, for=192.0.2.66";proto=https)"
                               : "";
  return (quoted ? "for=\"" + node + '"' : "for=" + node) + rest;
}

std::string garbage(std::mt19937& random) {
  static const std::vector<std::string> bits{
      "for=", "203.0.113.9", "10.0.0.9", "\"", "\\", ",",  ";",
      "=",    "[2001:db8::", "]",        ":",  " ",  "_x", "unknown"};
  std::string text;
  for (int i = test::between(random, 0, 12); i > 0; --i)
    text += bits[test::between<std::size_t>(random, 0, bits.size() - 1)];
  return text;
}

TEST(the_client, is_never_one_that_stands_left_of_an_untrusted_hop) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    const auto header = test::between(random, 0, 1) == 0
                            ? forwarded_header::forwarded
                            : forwarded_header::x_forwarded_for;
    // Whatever the client sent, then what honest proxies add to it.
    auto value = garbage(random);
    const auto real = test::between(random, 0, 1) == 0 ? address("192.0.2.1")
                                                       : address("2001:db8::1");
    value += ", " + written(random, header, real);
    for (int i = test::between(random, 0, 3); i > 0; --i)
      value += ", " + written(random, header,
                              test::between(random, 0, 1) == 0
                                  ? address("10.0.0.2")
                                  : address("2001:db8:ffff::2"));
    ASSERT_EQ(client(header, {garbage(random), value}), real.to_string())
        << value;
  }
}

TEST(the_client, is_always_the_peer_or_a_hop_and_garbage_does_no_harm) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    const auto header = test::between(random, 0, 1) == 0
                            ? forwarded_header::forwarded
                            : forwarded_header::x_forwarded_for;
    const auto one = garbage(random);
    const auto other = garbage(random);
    const auto found = client(header, {one, other});
    // The last two are of an IPv6 address that ends in IPv4.
    ASSERT_TRUE(found == "10.0.0.1" || found == "2001:db8::" ||
                found == "2001:db8::a00:9" || found == "2001:db8::cb00:7109" ||
                (one + other).find(found) != std::string::npos)
        << one << " | " << other << " gave " << found;
  }
}

} // namespace

} // namespace mfo::http
