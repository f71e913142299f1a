#include "outbound/call_url.hpp"

#include <gmock/gmock.h>

namespace mfo::outbound {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(call_url, is_an_origin_and_what_is_asked_of_it) {
  const auto url = parse_call_url("HTTPS://API.Example.com:8443/a/b?c=d&e");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->server, (http::origin{true, "api.example.com", 8443, ""}));
  EXPECT_EQ(url->target, "/a/b?c=d&e");
  EXPECT_FALSE(url->address);
  EXPECT_EQ(url->shown(), "api.example.com:8443");
  EXPECT_EQ(url->usual_port(), 443);
}

TEST(call_url, has_the_port_of_its_scheme_and_the_root_at_least) {
  const auto url = parse_call_url("http://a.example");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->server.port, 80);
  EXPECT_EQ(url->usual_port(), 80);
  EXPECT_EQ(url->target, "/");
  EXPECT_EQ(parse_call_url("http://a.example?q=1")->target, "/?q=1");
}

TEST(call_url, knows_an_address_in_any_spelling_of_it) {
  struct sample {
    const char* url;
    const char* host;
  };
  for (const auto& [text, host] : {
           sample{"http://192.0.2.1/", "192.0.2.1"},
           sample{"http://[2001:DB8:0::1]/", "2001:db8::1"},
           sample{"http://[0:0:0:0:0:0:0:1]/", "::1"},
           sample{"http://[::ffff:127.0.0.1]/", "127.0.0.1"},
           sample{"http://[::FFFF:7f00:1]/", "127.0.0.1"},
       }) {
    const auto url = parse_call_url(text);
    ASSERT_TRUE(url) << text << ": " << url.error();
    EXPECT_EQ(url->server.host, host) << text;
    ASSERT_TRUE(url->address) << text;
    EXPECT_EQ(url->address->to_string(), host) << text;
  }
}

/// Spellings that one reader or another takes for 127.0.0.1 or for another
/// host than is seen at first, of the kinds that are collected in
/// https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
/// and in Orange Tsai's "A New Era of SSRF" (Black Hat 2017).
constexpr const char* traps[] = {
    // IPv4 in other numbers
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7F.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://127.0.0.1./",
    "http://1.2.3.4.5/",
    "http://0/",
    "http://127.0.0.1.0x1/",
    "http://a.example.127/",
    "http://256.256.256.256/",
    // Dots that are none
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://127\xE3\x80\x82"
    "0\xE3\x80\x82"
    "0\xE3\x80\x82"
    "1/",
    "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.0.1/",
    "http://localho\xC5\xBFt/",
    "http://localhost./",
    "http://local%68ost/",
    // Users
    "http://good.example@127.0.0.1/",
    "http://good.example:80@127.0.0.1/",
    "http://good.example%40127.0.0.1/",
    "http://user:password@good.example/",
    "http://@good.example/",
    "http://:@good.example/",
    "http://good.example:80:80/",
    "http://good.example&@127.0.0.1#@evil.example/",
    "http://127.0.0.1:11211:80/",
    "http://127.0.0.1#@good.example/",
    "http://good.example#@127.0.0.1/",
    "http://good.example\\@127.0.0.1/",
    "http://127.0.0.1\\@good.example/",
    "http://good.example\\.evil.example/",
    "http:\\\\127.0.0.1/",
    // Brackets
    "http://[::1%25lo]/",
    "http://[::1%lo]/",
    "http://[fe80::1%25eth0]/",
    "http://[127.0.0.1]/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[::1].example/",
    "http://[v1.a:b]/",
    "http://[]/",
    "http://[::127.1]/",
    // Ports
    "http://good.example:/",
    "http://good.example:0/",
    "http://good.example:65536/",
    "http://good.example:65616/",
    "http://good.example:4294967376/",
    "http://good.example:-80/",
    "http://good.example:+80/",
    "http://good.example:0x50/",
    "http://good.example: 80/",
    // Schemes
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "ftp://127.0.0.1/",
    "dict://127.0.0.1:11211/",
    "unix:/run/docker.sock",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "127.0.0.1/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "http://",
    "http://?q",
    "http://:80/",
    "http",
    "",
    "url:http://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    // Characters that end a line or a reader's patience
    " http://good.example/",
    "http://good.example/ HTTP/1.1",
    "http://good.example/\r\nX: y",
    "http://good.example\t/",
    "http://good.example\n.evil.example/",
    "http://good.example/a\x7F",
    "http://good.example/\"",
    "http://good.example/<a>",
    "http://good.example/%",
    "http://good.example/%zz",
    "http://good.example/\xC3\xA9",
    "http://good.example/#fragment",
    "http://good.example/a#",
    // Segments of dots
    "http://good.example/..",
    "http://good.example/a/../b",
    "http://good.example/./a",
    "http://good.example/a/%2e%2E/b",
    "http://good.example/a/.%2e",
    "http://good.example/%2e?q",
    // Names that are none
    "http://good..example/",
    "http://.good.example/",
    "http://good.example,evil.example/",
    "http://good.example;evil.example/",
    "http://good example/",
    "http://good*example/",
    "http://good!.example/",
    "http://$(id).example/",
};

TEST(call_url, is_nothing_that_readers_could_disagree_about) {
  for (const auto* text : traps)
    EXPECT_FALSE(parse_call_url(text)) << text;
  EXPECT_FALSE(parse_call_url(
      std::string_view{"http://good.example\0.evil.example/", 34}));
}

TEST(call_url, may_have_dots_that_are_no_segment_of_their_own) {
  for (const auto* text :
       {"http://a.example/...", "http://a.example/a..b/.c/d.",
        "http://a.example/?a=/../b", "http://a.example//a"})
    EXPECT_TRUE(parse_call_url(text)) << text;
}

TEST(call_url, is_not_too_long) {
  std::string text = "http://a.example/";
  text.append(longest_url - text.size(), 'x');
  EXPECT_TRUE(parse_call_url(text));
  EXPECT_FALSE(parse_call_url(text + "x"));
}

TEST(call_url, is_refused_with_a_remedy_and_without_a_quotation) {
  const auto idn =
      parse_call_url("http://m\xC3\xBCnchen.example/?token=s3cret");
  ASSERT_FALSE(idn);
  EXPECT_THAT(idn.error(), HasSubstr("xn--"));
  for (const auto* text :
       {"http://u:s3cret@a.example/", "http://a.example/?t=s3cret#",
        "http://a.example/s3cret/..", "http://s3cret..example/",
        "http://a.example/s3cret\r\n", "s3cret://a.example/"}) {
    const auto url = parse_call_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error(), Not(HasSubstr("s3cret")));
  }
}

} // namespace
} // namespace mfo::outbound
