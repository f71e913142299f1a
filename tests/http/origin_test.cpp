#include "http/origin.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace mfo::http {
namespace {

using testing::HasSubstr;

TEST(parse_origin, reads_what_a_url_says) {
  struct row {
    std::string url;
    origin expected;
  };
  const std::vector<row> rows = {
      {"http://a", {false, "a", 80, ""}},
      {"https://a", {true, "a", 443, ""}},
      {"http://a/", {false, "a", 80, ""}},
      {"http://mfo.example:8080/base/v1/",
       {false, "mfo.example", 8080, "/base/v1"}},
      {"HTTPS://MFO.Example/Path", {true, "mfo.example", 443, "/Path"}},
      {"http://127.0.0.1:1", {false, "127.0.0.1", 1, ""}},
      {"https://[::1]:65535/x", {true, "::1", 65535, "/x"}},
      {"http://a/b%20c", {false, "a", 80, "/b%20c"}},
  };
  for (const auto& [url, expected] : rows) {
    auto parsed = parse_origin(url);
    ASSERT_TRUE(parsed) << url << ": " << parsed.error();
    EXPECT_EQ(*parsed, expected) << url;
  }
}

TEST(parse_origin, says_what_is_wrong) {
  struct row {
    std::string url, part;
  };
  const std::vector<row> rows = {
      {"", "not a URL"},
      {"localhost:80", "scheme must be http"},
      {"ftp://a", "scheme must be http"},
      {"//a/b", "not a URL"},
      {"http://", "host is missing"},
      {"http:///path", "host is missing"},
      {"http://a%41/", "escapes"},
      {"http://[::1", "not a URL"},
      {"https:]/1", "not a URL"},
      {"http:\x96/", "not a URL"},
      {"http:a", "not a URL"},
      {":", "not a URL"},
      {"http://a b/", "not a URL"},
      {"http://a/b c", "not a URL"},
      {"http://a\r\nX: y/", "not a URL"},
      {"http://a:0/", "port must be"},
      {"http://a:65536/", "port must be"},
      {"http://a:99999/", "port must be"},
      {"http://a:/", "port must be"},
      {"http://a:port/", "port must be"},
      {"http://user@a/", "user name"},
      {"http://user:password@a/", "user name"},
      {"http://a/?q=1", "query"},
      {"http://a/#x", "fragment"},
  };
  for (const auto& [url, part] : rows) {
    auto parsed = parse_origin(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_THAT(parsed.error(), HasSubstr(part)) << url;
  }
}

TEST(origin, writes_the_host_field) {
  EXPECT_EQ(parse_origin("http://a:80")->authority(), "a");
  EXPECT_EQ(parse_origin("https://a:80")->authority(), "a:80");
  EXPECT_EQ(parse_origin("https://a")->authority(), "a");
  EXPECT_EQ(parse_origin("http://[::1]")->authority(), "[::1]");
  EXPECT_EQ(parse_origin("http://[::1]:81")->authority(), "[::1]:81");
}

TEST(origin, is_read_again_from_its_url) {
  for (const auto* url : {"http://a", "https://[::1]:81/api", "http://a:443"}) {
    EXPECT_EQ(parse_origin(url)->url(), url);
    EXPECT_EQ(parse_origin(parse_origin(url)->url()), parse_origin(url));
  }
}

TEST(url, is_an_origin_and_what_is_asked_of_it) {
  const auto parts = parse_url("https://a:81/b/c%20d/?token=x%2Fy#part");
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->server, (origin{true, "a", 81, ""}));
  EXPECT_EQ(parts->target, "/b/c%20d/?token=x%2Fy");
  EXPECT_EQ(parse_url("http://a")->target, "/");
  EXPECT_EQ(parse_url("http://a?q=1")->target, "/?q=1");
}

TEST(url, that_could_break_a_request_is_refused_without_being_quoted) {
  for (const auto* text :
       {"http://a/hunter 2", "http://a/b\r\nX: hunter2", "http://a/%zz",
        "http://user:hunter2@a/b", "nonsense", "ftp://a/b", "", "/path",
        "http://", "http:///path", "http://höst/", "http://a/ö", "http://a:0/",
        "http://a:70000/"}) {
    const auto parts = parse_url(text);
    ASSERT_FALSE(parts) << text;
    EXPECT_NE(parts.error(), "");
    EXPECT_EQ(parts.error().find("hunter"), std::string::npos) << text;
  }
}

TEST(origin, is_never_the_address_that_a_host_name_begins_with) {
  for (const auto* url :
       {"http://127.0.0.1.example.com/", "http://127.0.0.1.example.com",
        "http://127.0.0.1x", "https://1.2.3.4.5:80/path"})
    EXPECT_FALSE(parse_origin(url)) << url;
}

} // namespace
} // namespace mfo::http
