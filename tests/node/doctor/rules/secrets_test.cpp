#include "node/doctor/rules/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

finding judged(const std::string& text) {
  return judge_secret({"endpoints.shop", config::secret{text}});
}

TEST(a_secret, is_good_when_it_is_long_and_random) {
  EXPECT_EQ(judged("0f3a9c0b7d5e4a1c").how, verdict::ok);
}

TEST(a_secret, that_stands_in_examples_fails) {
  for (const auto* each :
       {"change-me", "CHANGEME", "change_me_please_now", "your-secret-here",
        "<your token>", "secret", "password", "example", "xxxxxxxxxxxxxxxxxx",
        "replace-me-with-something-long", "To-Do"}) {
    const auto found = judged(each);
    EXPECT_EQ(found.how, verdict::failed) << each;
    EXPECT_THAT(found.remedy, HasSubstr("openssl rand")) << each;
  }
}

TEST(a_secret, is_not_shown) {
  for (const auto* each :
       {"CHANGEME", "your-secret-here", "prefix-${X}", "4711"})
    EXPECT_THAT(judged(each).text, Not(HasSubstr(each)));
}

TEST(a_secret, that_only_begins_like_a_word_is_no_stand_in) {
  EXPECT_EQ(judged("testimony-of-a-long-secret").how, verdict::ok);
  EXPECT_EQ(judged("secretariat-4711-azimuth").how, verdict::ok);
}

TEST(a_secret, with_a_variable_in_it_fails) {
  EXPECT_EQ(judged("prefix-${WEBHOOK_SECRET}").how, verdict::failed);
}

TEST(a_secret, that_is_short_is_to_be_looked_at) {
  EXPECT_EQ(judged("0f3a9c0b7d5e4a1").how, verdict::warning);
}

TEST(a_secret, that_is_empty_fails) {
  EXPECT_EQ(judged("").how, verdict::failed);
}

TEST(secrets, are_those_of_endpoints_admin_and_servers) {
  config::settings node;
  auto& basic = node.endpoints.emplace_back();
  basic.id = "basic";
  basic.signature.scheme = config::signature_scheme::basic;
  basic.signature.secrets.emplace_back("ann:0f3a9c0b7d5e4a1c");
  node.admin.tokens.emplace_back("of-the-operator");
  auto& server = node.servers.emplace_back();
  server.auth.type = config::auth_type::oauth2;
  server.auth.client_secret.value = config::secret{"of-the-client"};
  node.servers.emplace_back().auth.type = config::auth_type::none;

  std::vector<std::string> found;
  for (const auto& each : secrets_of(node))
    found.push_back(each.subject + "=" + each.value.reveal());
  EXPECT_THAT(found,
              ElementsAre("endpoints.basic=0f3a9c0b7d5e4a1c",
                          "admin.token=of-the-operator",
                          "servers.default.auth.client_secret=of-the-client"));
}

} // namespace
} // namespace mfo::node::doctor
