#include "config/http_call_settings.hpp"

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

http_call_settings calls_with(const std::string& keys) {
  return must_load(minimal + "http_call: {" + keys + "}\n").http_call;
}

template <class T>
std::vector<std::string> shown(const std::vector<T>& list) {
  std::vector<std::string> texts;
  for (const auto& each : list)
    texts.push_back(each.to_string());
  return texts;
}

TEST(http_call, reaches_nothing_at_first) {
  const auto calls = must_load(minimal).http_call;
  EXPECT_TRUE(calls.allow.empty());
  EXPECT_TRUE(calls.private_networks.empty());
  EXPECT_EQ(calls.timeout, std::chrono::seconds{30});
  EXPECT_EQ(calls.max_response, 1024U * 1024U);
}

TEST(http_call, reaches_the_hosts_that_are_listed) {
  EXPECT_THAT(
      shown(calls_with("allow: [API.example.com, '*.example.org:*', "
                       "'a.example:8443', 10.0.0.0/8, 192.0.2.1:81, '::1', "
                       "'[2001:db8::/32]:8080']")
                .allow),
      ElementsAre("api.example.com", "*.example.org:*", "a.example:8443",
                  "10.0.0.0/8", "192.0.2.1/32:81", "::1/128",
                  "[2001:db8::/32]:8080"));
}

TEST(http_call, may_be_let_into_private_networks) {
  EXPECT_THAT(shown(calls_with("allow: [a], private_networks: [10.1.0.0/16]")
                        .private_networks),
              ElementsAre("10.1.0.0/16"));
}

TEST(http_call, needs_a_host_before_a_private_network_means_anything) {
  EXPECT_THAT(
      problems_of(minimal + "http_call: {private_networks: [10.0.0.0/8]}\n"),
      HasSubstr("http_call.private_networks: means nothing without allow"));
}

TEST(http_call, says_which_host_is_none) {
  EXPECT_THAT(
      problems_of(minimal + "http_call: {allow: ['https://a', "
                            "'*', 'a:0', 'b..c', 10.0.0.1/8]}\n"),
      testing::AllOf(HasSubstr("http_call.allow[0]: must be a host alone"),
                     HasSubstr("http_call.allow[1]: must name hosts"),
                     HasSubstr("http_call.allow[2]: must have a port"),
                     HasSubstr("http_call.allow[3]: must be a host's"),
                     HasSubstr("http_call.allow[4]: has bits beyond")));
}

TEST(http_call, is_shown_as_it_loads) {
  const auto text = minimal + "http_call:\n  allow: ['*.a.example', 10.0.0.1]\n"
                              "  private_networks: [10.0.0.0/8]\n";
  const auto first = redacted_yaml(must_load(text));
  EXPECT_THAT(first, HasSubstr("*.a.example"));
  EXPECT_EQ(redacted_yaml(must_load(first)), first);
}

} // namespace

} // namespace mfo::config
