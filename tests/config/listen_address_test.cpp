#include "config/listen_address.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mfo::config {

namespace {

listen_address at(std::string host, std::uint16_t port) {
  return {std::move(host), port};
}

TEST(listen_address, is_host_and_port) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:8088"), at("127.0.0.1", 8088));
  EXPECT_EQ(parse_listen_address("localhost:65535"), at("localhost", 65535));
  EXPECT_EQ(parse_listen_address("node-1.example.com:80"),
            at("node-1.example.com", 80));
}

TEST(listen_address, may_be_ipv6_in_brackets) {
  EXPECT_EQ(parse_listen_address("[::1]:8088"), at("::1", 8088));
  EXPECT_EQ(parse_listen_address("[::]:0"), at("::", 0));
}

TEST(listen_address, without_a_host_is_all_ipv4_addresses) {
  EXPECT_EQ(parse_listen_address(":8088"), at("0.0.0.0", 8088));
}

TEST(listen_address, may_leave_the_port_to_the_kernel) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:0"), at("127.0.0.1", 0));
}

TEST(listen_address, is_nothing_else) {
  for (const auto* text :
       {"", "8088", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:80 ", "127.0.0.1:080000", "::1:8088",
        "[::1]", "[::1]8088", "[::1:8088", "[]:80", "[127.0.0.1]:80",
        "[::g]:80", "a b:80", "http://a:80", "*:80", "a:b:80"})
    EXPECT_FALSE(parse_listen_address(text)) << text;
}

TEST(listen_address, is_written_as_it_is_read) {
  for (const auto* text : {"127.0.0.1:8088", "[::1]:0", "localhost:80"})
    EXPECT_EQ(format_listen_address(*parse_listen_address(text)), text);
}

TEST(peer_address, is_a_host_with_a_port_or_without) {
  EXPECT_EQ(parse_peer_address("node-a:7420"), at("node-a", 7420));
  EXPECT_EQ(parse_peer_address("node-a.example.com"),
            at("node-a.example.com", 0));
  EXPECT_EQ(parse_peer_address("10.0.0.1:1"), at("10.0.0.1", 1));
  EXPECT_EQ(parse_peer_address("[2001:db8::1]:7420"), at("2001:db8::1", 7420));
  EXPECT_EQ(parse_peer_address("[::1]"), at("::1", 0));
}

TEST(peer_address, is_nothing_that_cannot_be_dialled) {
  for (const auto* text :
       {"", ":7420", "node-a:", "node-a:0", "node-a:65536", "node-a:x",
        "0.0.0.0", "0.0.0.0:7420", "[::]:7420", "::1", "[::1", "[]", "a b",
        "http://a", "a:1:2", "*"})
    EXPECT_FALSE(parse_peer_address(text)) << text;
}

TEST(peer_address, is_written_as_it_is_read) {
  for (const auto* text : {"node-a", "node-a:7420", "[::1]", "[::1]:7420"})
    EXPECT_EQ(format_peer_address(*parse_peer_address(text)), text);
}

TEST(loopback, is_what_nobody_else_reaches) {
  for (const auto* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    EXPECT_TRUE(is_loopback(at(host, 1))) << host;
  for (const auto* host : {"0.0.0.0", "::", "10.0.0.1", "node-a"})
    EXPECT_FALSE(is_loopback(at(host, 1))) << host;
}

TEST(all_addresses, are_two) {
  for (const auto* host : {"0.0.0.0", "::"})
    EXPECT_TRUE(is_any_address(at(host, 1))) << host;
  for (const auto* host : {"127.0.0.1", "::1", "node-a", ""})
    EXPECT_FALSE(is_any_address(at(host, 1))) << host;
}

TEST(listeners, overlap_on_one_port_of_one_host_or_of_all) {
  EXPECT_TRUE(overlap(at("127.0.0.1", 80), at("127.0.0.1", 80)));
  EXPECT_TRUE(overlap(at("0.0.0.0", 80), at("127.0.0.1", 80)));
  EXPECT_TRUE(overlap(at("::1", 80), at("::", 80)));
  EXPECT_FALSE(overlap(at("127.0.0.1", 80), at("127.0.0.2", 80)));
  EXPECT_FALSE(overlap(at("0.0.0.0", 80), at("0.0.0.0", 81)));
  EXPECT_FALSE(overlap(at("127.0.0.1", 0), at("127.0.0.1", 0)));
}

} // namespace

} // namespace mfo::config
