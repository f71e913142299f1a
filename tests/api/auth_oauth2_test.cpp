#include "api/auth_oauth2.hpp"

#include "api/auth_basic.hpp"

#include "tests/api/fake_files.hpp"
#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

config::auth_settings client() {
  config::auth_settings settings;
  settings.token_url = "https://auth.example.com:8443/oauth/token?x=1";
  settings.client_id = "node:1";
  settings.client_secret = {config::secret{"p w%+ü"}, {}};
  settings.scope = "events chat";
  return settings;
}

const auth_provider::time now{seconds{1'800'000'000}};

TEST(oauth2_auth, asks_the_token_endpoint_for_client_credentials) {
  const auto who = make_oauth2_auth(client(), {});
  ASSERT_TRUE(who) << who.error();
  EXPECT_EQ((*who)->login_origin(), "https://auth.example.com:8443");
  const auto request = (*who)->login_request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/oauth/token?x=1");
  EXPECT_EQ(request.headers.first("Content-Type"),
            "application/x-www-form-urlencoded");
  EXPECT_EQ(request.headers.first("Authorization"),
            basic_credentials("node%3A1", "p%20w%25%2B%C3%BC"));
  EXPECT_EQ(*request.body, "grant_type=client_credentials&scope=events%20chat");
}

TEST(oauth2_auth, sends_no_scope_where_there_is_none) {
  auto settings = client();
  settings.scope = "";
  EXPECT_EQ(*(*make_oauth2_auth(settings, {}))->login_request().body,
            "grant_type=client_credentials");
}

TEST(oauth2_auth, uses_the_token_for_as_long_as_the_reply_says) {
  const auto who = *make_oauth2_auth(client(), {});
  ASSERT_TRUE(
      who->logged_in(reply(200, R"({"access_token":"t","token_type":"bearer",
                     "expires_in":3600})"),
                     now));
  EXPECT_EQ(who->credentials(now)->headers.begin()->second, "Bearer t");
  EXPECT_TRUE(who->renewal_due(now + seconds{2880}));
  EXPECT_FALSE(who->credentials(now + seconds{3600}));
}

TEST(oauth2_auth, uses_no_token_that_is_not_a_bearer_token) {
  const auto who = *make_oauth2_auth(client(), {});
  EXPECT_THAT(
      who->logged_in(reply(200, R"({"access_token":"t","token_type":"mac"})"),
                     now)
          .error(),
      HasSubstr("no bearer token"));
  EXPECT_THAT(
      who->logged_in(reply(200, R"({"token_type":"Bearer"})"), now).error(),
      HasSubstr("no /access_token"));
  EXPECT_THAT(who->logged_in(reply(200, "<html>"), now).error(),
              HasSubstr("not JSON"));
  EXPECT_THAT(
      who->logged_in(reply(400, R"({"error":"invalid_scope"})"), now).error(),
      HasSubstr("400 (invalid_scope)"));
}

TEST(oauth2_auth, takes_the_secret_of_a_file_that_has_changed) {
  fake_files files;
  files.write("/secret", "one");
  auto settings = client();
  settings.client_secret = {{}, "/secret"};
  const auto who = *make_oauth2_auth(settings, files.reader());
  files.write("/secret", "two");
  EXPECT_FALSE(who->credentials(now));
  EXPECT_EQ(who->login_request().headers.first("Authorization"),
            basic_credentials("node%3A1", "two"));
}

TEST(oauth2_auth, names_what_the_configuration_lacks) {
  auto settings = client();
  settings.token_url = "/oauth/token";
  EXPECT_THAT(make_oauth2_auth(settings, {}).error(), HasSubstr("token_url: "));
  settings = client();
  settings.client_id = "";
  EXPECT_EQ(make_oauth2_auth(settings, {}).error(), "the client id is missing");
  settings = client();
  settings.client_secret = {};
  EXPECT_EQ(make_oauth2_auth(settings, {}).error(),
            "the client secret is missing");
}

} // namespace
} // namespace mfo::api
