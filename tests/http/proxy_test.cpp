#include "http/proxy.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

namespace mfo::http {
namespace {

using config::secret;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using variables = std::map<std::string, std::string, std::less<>>;

config::environment lookup_in(variables all) {
  return [all = std::move(all)](
             std::string_view name) -> std::optional<std::string> {
    auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional{found->second};
  };
}

/// "host:port", "none", or the error.
std::string chosen(const std::string& url, const variables& set,
                   const std::optional<secret>& setting = {}) {
  auto result = choose_proxy(*parse_origin(url), setting, lookup_in(set));
  if (!result)
    return result.error();
  return *result ? (*result)->authority() : "none";
}

TEST(parse_proxy, reads_what_a_url_says) {
  struct row {
    std::string url;
    proxy expected;
  };
  const std::vector<row> rows = {
      {"http://p:3128", {"p", 3128}},
      {"http://P.Example", {"p.example", 80}},
      {"http://p:3128/", {"p", 3128}},
      {"HTTP://10.0.0.1:8080", {"10.0.0.1", 8080}},
      {"http://[::1]:8080", {"::1", 8080}},
      // RFC 7617, section 2.
      {"http://Aladdin:open%20sesame@p:1",
       {"p", 1, secret{"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}}},
      {"http://u:%40%3a%2F%25@p:1", {"p", 1, secret{"Basic dTpAOi8l"}}},
      {"http://u:a@b@p:1", {"p", 1, secret{"Basic dTphQGI="}}},
      {"http://u@p:1", {"p", 1, secret{"Basic dTo="}}},
      {"http://u:@p:1", {"p", 1, secret{"Basic dTo="}}},
  };
  for (const auto& [url, expected] : rows) {
    auto parsed = parse_proxy(url);
    ASSERT_TRUE(parsed) << url << ": " << parsed.error();
    EXPECT_EQ(*parsed, expected) << url << parsed->authorization.reveal();
  }
}

TEST(parse_proxy, says_what_is_wrong_and_quotes_nothing) {
  struct row {
    std::string url, part;
  };
  const std::vector<row> rows = {
      {"", "http://[user:password@]host[:port]"},
      {"hunter2", "http://[user:password@]host[:port]"},
      {"https://u:hunter2@p", "http://[user:password@]host[:port]"},
      {"socks5://u:hunter2@p", "scheme must be http"},
      {"http://u:hunter2@p/path", "http://[user:password@]host[:port]"},
      {"http://u:hunter2@p?x", "query"},
      {"http://u:hunter2@", "host is missing"},
      {"http://u:hunter2@p:0", "port must be"},
      {"http://u:hunter2@p:hunter2", "port must be"},
      {"http://u:hunter2%@p", "%25"},
      {"http://u:hunter2%zz@p", "%25"},
      {"http://u:hunter2%4@p", "%25"},
      {"http://u%3a:hunter2@p", "must not have a colon"},
  };
  for (const auto& [url, part] : rows) {
    auto parsed = parse_proxy(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_THAT(parsed.error(),
                AllOf(HasSubstr(part), Not(HasSubstr("hunter2"))))
        << url;
  }
}

TEST(choose_proxy, takes_the_setting_and_nothing_else) {
  const variables set = {{"https_proxy", "http://env:1"}, {"no_proxy", "*"}};
  EXPECT_EQ(chosen("https://a", set, secret{"http://p:3128"}), "p:3128");
  EXPECT_EQ(chosen("https://a", set, secret{""}), "none");
  EXPECT_EQ(chosen("http://localhost", set, secret{"http://p:3128"}), "p:3128");
}

TEST(choose_proxy, asks_the_environment_by_scheme) {
  struct row {
    std::string url;
    variables set;
    std::string expected;
  };
  const std::vector<row> rows = {
      {"https://a", {}, "none"},
      {"https://a", {{"HTTPS_PROXY", "http://p:1"}}, "p:1"},
      {"https://a", {{"https_proxy", "http://p:1"}}, "p:1"},
      {"https://a",
       {{"https_proxy", "http://low:1"}, {"HTTPS_PROXY", "http://up:1"}},
       "low:1"},
      {"https://a",
       {{"https_proxy", ""}, {"HTTPS_PROXY", "http://p:1"}},
       "p:1"},
      {"https://a", {{"http_proxy", "http://p:1"}}, "none"},
      {"http://a", {{"https_proxy", "http://p:1"}}, "none"},
      {"http://a", {{"http_proxy", "http://p:1"}}, "p:1"},
      // httpoxy: the header Proxy of a request to a CGI-like host.
      {"http://a", {{"HTTP_PROXY", "http://evil:1"}}, "none"},
      {"http://a",
       {{"HTTP_PROXY", "http://evil:1"}, {"ALL_PROXY", "http://all:1"}},
       "all:1"},
      {"https://a", {{"all_proxy", "http://p:1"}}, "p:1"},
      {"http://a", {{"ALL_PROXY", "http://p:1"}}, "p:1"},
      {"https://a",
       {{"ALL_PROXY", "http://all:1"}, {"HTTPS_PROXY", "http://p:1"}},
       "p:1"},
      {"https://a", {{"HTTPS_PROXY", "p:1"}}, "p:1"},
      {"https://a", {{"HTTPS_PROXY", "u:w@p:1"}}, "p:1"},
      {"https://localhost", {{"HTTPS_PROXY", "http://p:1"}}, "none"},
      {"https://[::1]", {{"HTTPS_PROXY", "http://p:1"}}, "none"},
      {"https://a.b",
       {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "b"}},
       "none"},
      {"https://a.b",
       {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "c"}},
       "p:1"},
      {"https://a.b",
       {{"HTTPS_PROXY", "http://p:1"}, {"no_proxy", "c"}, {"NO_PROXY", "b"}},
       "p:1"},
      {"https://a.b",
       {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "a.b:8443"}},
       "p:1"},
  };
  for (const auto& [url, set, expected] : rows)
    EXPECT_EQ(chosen(url, set), expected)
        << url << " " << testing::PrintToString(set);
}

TEST(choose_proxy, names_the_variable_that_is_wrong_and_not_its_value) {
  EXPECT_THAT(chosen("https://a", {{"HTTPS_PROXY", "socks5://u:hunter2@p"}}),
              AllOf(HasSubstr("HTTPS_PROXY"), HasSubstr("scheme must be http"),
                    HasSubstr("configuration"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(
      chosen("https://a", {}, secret{"ftp://u:hunter2@p"}),
      AllOf(HasSubstr("scheme must be http"), Not(HasSubstr("hunter2"))));
}

TEST(choose_proxy, does_not_mind_a_wrong_variable_that_it_does_not_need) {
  const variables set = {{"HTTPS_PROXY", "nonsense://"}, {"NO_PROXY", "a"}};
  EXPECT_EQ(chosen("https://a", set), "none");
}

TEST(proxy, writes_its_address_and_keeps_its_secret) {
  const proxy with_name{"p", 1, secret{"Basic aHVudGVyMg=="}};
  EXPECT_EQ(with_name.authority(), "p:1");
  EXPECT_EQ((proxy{"::1", 1}).authority(), "[::1]:1");
  EXPECT_EQ(proxy_refusal(with_name, 502), "proxy p:1 answered 502");
  EXPECT_EQ(proxy_refusal(with_name, 407),
            "proxy p:1 answered 407: it wants another user name or password");
  EXPECT_EQ(proxy_refusal({"p", 1}, 407),
            "proxy p:1 answered 407: it wants a user name and a password");
}

} // namespace
} // namespace mfo::http
