#include "config/address.hpp"

#include <gtest/gtest.h>

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

TEST(listeners, overlap_on_one_port_of_one_host_or_of_all) {
  EXPECT_TRUE(overlap(at("127.0.0.1", 80), at("127.0.0.1", 80)));
  EXPECT_TRUE(overlap(at("0.0.0.0", 80), at("127.0.0.1", 80)));
  EXPECT_TRUE(overlap(at("::1", 80), at("::", 80)));
  EXPECT_FALSE(overlap(at("127.0.0.1", 80), at("127.0.0.2", 80)));
  EXPECT_FALSE(overlap(at("0.0.0.0", 80), at("0.0.0.0", 81)));
  EXPECT_FALSE(overlap(at("127.0.0.1", 0), at("127.0.0.1", 0)));
}

TEST(server_url, is_http_or_https_with_perhaps_a_port_and_a_base_path) {
  for (const auto* text :
       {"http://127.0.0.1:8090", "https://mfo.example.com",
        "https://mfo.example.com/base/path", "http://[::1]:8090",
        "http://[::1]", "https://a:1/x%20y"})
    EXPECT_EQ(parse_server_url(text), text);
}

TEST(server_url, loses_slashes_at_its_end) {
  EXPECT_EQ(parse_server_url("https://mfo.example.com/"),
            "https://mfo.example.com");
  EXPECT_EQ(parse_server_url("https://mfo.example.com/base//"),
            "https://mfo.example.com/base");
}

TEST(server_url, is_nothing_else) {
  for (const auto* text : {"",
                           "mfo.example.com",
                           "ftp://a",
                           "http:/a",
                           "http://",
                           "http:///x",
                           "https://:80",
                           "https://a:0",
                           "https://a:65536",
                           "https://a:",
                           "https://a:x",
                           "https://a?q",
                           "https://a#f",
                           "https://a/?q=1",
                           "https://u@a",
                           "https://u:p@a",
                           "https://a b",
                           "https://a/b c",
                           "https://a\n",
                           "https://\xc3\xa4",
                           "https://[::1",
                           "https://[x]",
                           "HTTPS://a",
                           "https://a/\\b",
                           "https://a/<b>"})
    EXPECT_FALSE(parse_server_url(text)) << text;
}

TEST(callback_url, is_the_same_and_keeps_its_slash) {
  EXPECT_EQ(parse_callback_url("https://a/hooks/"), "https://a/hooks/");
  EXPECT_EQ(parse_callback_url("http://[::1]:8088/h"), "http://[::1]:8088/h");
  for (const auto* text : {"/hooks", "ftp://a/h", "https:///h", "https://a/h?b",
                           "https://a/h#b", "https://u:p@a/h", "https://a:0/h"})
    EXPECT_FALSE(parse_callback_url(text)) << text;
}

TEST(event_pattern, is_an_event_type_or_the_beginning_of_some) {
  for (const auto* text : {"email", "email.received", "email.*", "email*", "*"})
    EXPECT_EQ(parse_event_pattern(text), text);
  for (const auto* text : {"", ".", ".*", "**", "a..*", "*.a", "a.*.b", "a b*"})
    EXPECT_FALSE(parse_event_pattern(text)) << text;
}

TEST(server_url, with_a_password_is_refused_without_quoting_it) {
  const auto error = parse_server_url("https://user:hunter2@a").error();
  EXPECT_EQ(error.find("hunter2"), std::string::npos);
  EXPECT_NE(error.find("without a user and password"), std::string::npos);
}

TEST(request_path, is_absolute_and_plain) {
  for (const auto* text : {"/", "/webhook", "/a/b-c_d.e~f", "/x%20y", "/a/"})
    EXPECT_EQ(parse_request_path(text), text);
  for (const auto* text : {"", "webhook", "//", "/a//b", "/a?b", "/a#b", "/a b",
                           "/a\tb", "/\xc3\xa4", "http://a/b", "/{a}"})
    EXPECT_FALSE(parse_request_path(text)) << text;
  EXPECT_TRUE(parse_request_path('/' + std::string(1023, 'a')));
  EXPECT_FALSE(parse_request_path('/' + std::string(1024, 'a')));
}

TEST(header_name, is_a_token) {
  EXPECT_EQ(parse_header_name("X-Hub-Signature-256"), "X-Hub-Signature-256");
  for (const auto* text : {"", "X Signature", "X-Signature:", "a\r\nb", "(a)"})
    EXPECT_FALSE(parse_header_name(text)) << text;
  EXPECT_EQ(parse_token_header_name("X-Token"), "X-Token");
  for (const auto* text : {"Content-Length", "idempotency-key", "HOST", "a b"})
    EXPECT_FALSE(parse_token_header_name(text)) << text;
  EXPECT_EQ(parse_optional_header_name(""), "");
  EXPECT_FALSE(parse_optional_header_name("a b"));
}

TEST(endpoint_id, is_not_that_of_requests_to_no_endpoint) {
  EXPECT_EQ(parse_endpoint_id("none-1"), "none-1");
  EXPECT_FALSE(parse_endpoint_id("none"));
  EXPECT_FALSE(parse_endpoint_id("A"));
}

TEST(event_type_prefix, ends_with_a_dot) {
  for (const auto* text : {"", "github.", "com.github-1."})
    EXPECT_EQ(parse_event_type_prefix(text), text);
  for (const auto* text : {"github", ".", "a..", ".a.", "a b."})
    EXPECT_FALSE(parse_event_type_prefix(text)) << text;
}

TEST(header_prefix, is_the_start_of_a_header_value) {
  for (const auto* text : {"", "sha256=", "Bearer ", "t=1,v1="})
    EXPECT_EQ(parse_header_prefix(text), text);
  for (const auto* text : {" a", "a\r\n", "\xc3\xa4"})
    EXPECT_FALSE(parse_header_prefix(text)) << text;
  EXPECT_FALSE(parse_header_prefix(std::string(65, 'a')));
}

TEST(id, is_lower_case_and_short) {
  EXPECT_EQ(parse_id("git-hub_1"), "git-hub_1");
  EXPECT_TRUE(parse_id(std::string(64, 'a')));
  EXPECT_FALSE(parse_id(std::string(65, 'a')));
  for (const auto* text : {"", "GitHub", "a b", "a.b", "a/b", "\xc3\xa4"})
    EXPECT_FALSE(parse_id(text)) << text;
}

TEST(node_name, is_like_a_host_name) {
  EXPECT_EQ(parse_node_name("Node-1.example_x"), "Node-1.example_x");
  for (const auto* text : {"", "a b", "a/b", "a:1"})
    EXPECT_FALSE(parse_node_name(text)) << text;
}

TEST(node_name, can_be_made_of_any_host_name) {
  EXPECT_EQ(to_node_name("Node-1.example_x"), "Node-1.example_x");
  EXPECT_EQ(to_node_name("my host/\xc3\xa4"), "my-host---");
  EXPECT_EQ(to_node_name(""), "node");
  EXPECT_TRUE(parse_node_name(to_node_name(std::string(255, 'a'))));
}

TEST(event_type, is_words_with_dots_between) {
  for (const auto* text :
       {"push", "github.push", "unipile.email.received", "a-b_c.D1"})
    EXPECT_EQ(parse_event_type(text), text);
  for (const auto* text : {"", ".", ".a", "a.", "a..b", "a b", "a/b"})
    EXPECT_FALSE(parse_event_type(text)) << text;
}

TEST(bearer_token, is_what_a_header_can_carry) {
  EXPECT_TRUE(is_bearer_token("abc.DEF-123_~+/="));
  for (const auto* text : {"", "a b", "a\n", "\xc3\xa4"})
    EXPECT_FALSE(is_bearer_token(text)) << text;
}

} // namespace

} // namespace mfo::config
