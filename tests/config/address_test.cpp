#include "config/address.hpp"

#include <gtest/gtest.h>

namespace mfo::config {

namespace {

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

TEST(event_type, is_words_with_dots_between) {
  for (const auto* text :
       {"push", "github.push", "unipile.email.received", "a-b_c.D1"})
    EXPECT_EQ(parse_event_type(text), text);
  for (const auto* text : {"", ".", ".a", "a.", "a..b", "a b", "a/b"})
    EXPECT_FALSE(parse_event_type(text)) << text;
}

TEST(peer_name, is_one_or_the_end_of_some_or_all) {
  for (const auto* text :
       {"node-a", "node_1.example.com", "10.0.0.7", "*.example.com", "*"})
    EXPECT_EQ(parse_peer_name(text), text);
  for (const auto* text : {"", "*.", "**", "a.*", "*a", "*.*.a", "a b", "a/b"})
    EXPECT_FALSE(parse_peer_name(text)) << text;
}

TEST(bearer_token, is_what_a_header_can_carry) {
  EXPECT_TRUE(is_bearer_token("abc.DEF-123_~+/="));
  for (const auto* text : {"", "a b", "a\n", "\xc3\xa4"})
    EXPECT_FALSE(is_bearer_token(text)) << text;
}

} // namespace

} // namespace mfo::config
