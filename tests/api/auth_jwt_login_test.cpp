#include "api/auth_jwt_login.hpp"

#include "tests/api/fake_files.hpp"
#include "tests/api/replies.hpp"
#include "tests/api/tokens.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mfo::api {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::HasSubstr;

config::auth_settings ada(std::string file = {}) {
  config::auth_settings settings;
  settings.username = "ada";
  settings.password = {config::secret{"pw"}, std::move(file)};
  return settings;
}

const auth_provider::time now{seconds{1'800'000'000}};

TEST(jwt_login_auth, posts_name_and_password_to_the_server) {
  config::path_settings paths;
  paths.login = "/auth/login";
  const auto who = *make_jwt_login_auth(ada(), paths, {});
  EXPECT_FALSE(who->credentials(now));
  EXPECT_EQ(who->login_origin(), "");
  const auto request = who->login_request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/auth/login");
  EXPECT_EQ(request.headers.first("Content-Type"), "application/json");
  EXPECT_EQ(json::parse(*request.body),
            (json{{"username", "ada"}, {"password", "pw"}}));
}

TEST(jwt_login_auth, uses_the_token_for_as_long_as_it_says) {
  const auto who = *make_jwt_login_auth(ada(), usual_paths, {});
  const auto token = jwt(R"({"exp":1800003600})");
  ASSERT_TRUE(who->logged_in(
      reply(200, json{{"token", token}, {"expires_in", 5}}.dump()), now));
  EXPECT_EQ(who->credentials(now)->headers.begin()->second, "Bearer " + token);
  EXPECT_FALSE(who->renewal_due(now + seconds{2879}));
  EXPECT_TRUE(who->renewal_due(now + seconds{2880}));
  EXPECT_FALSE(who->credentials(now + seconds{3600}));
}

TEST(jwt_login_auth, believes_the_reply_where_the_token_says_nothing) {
  const auto who = *make_jwt_login_auth(ada(), usual_paths, {});
  ASSERT_TRUE(who->logged_in(
      reply(200, R"({"data":{"token":"opaque"},"expires_in":1000})"), now));
  EXPECT_TRUE(who->renewal_due(now + seconds{800}));
}

TEST(jwt_login_auth, uses_a_token_without_an_end_until_it_is_refused) {
  const auto who = *make_jwt_login_auth(ada(), usual_paths, {});
  ASSERT_TRUE(who->logged_in(reply(200, R"({"access_token":"opaque"})"), now));
  EXPECT_TRUE(who->credentials(now + seconds{1'000'000}));
  EXPECT_TRUE(who->refused(1, now + seconds{1'000'000}));
  EXPECT_FALSE(who->credentials(now + seconds{1'000'000}));
}

TEST(jwt_login_auth, logs_in_with_the_password_of_a_file_that_has_changed) {
  fake_files files;
  files.write("/password", "pw");
  const auto who =
      *make_jwt_login_auth(ada("/password"), usual_paths, files.reader());
  EXPECT_FALSE(who->credentials(now));
  ASSERT_FALSE(who->logged_in(reply(401), now));
  EXPECT_GT(who->login_not_before(), now);
  files.write("/password", "new");
  EXPECT_FALSE(who->credentials(now + seconds{1}));
  EXPECT_LE(who->login_not_before(), now + seconds{1});
  EXPECT_EQ(json::parse(*who->login_request().body)["password"], "new");
}

TEST(jwt_login_auth, looks_at_no_file_while_the_token_is_good) {
  fake_files files;
  files.write("/password", "pw");
  const auto who =
      *make_jwt_login_auth(ada("/password"), usual_paths, files.reader());
  ASSERT_TRUE(who->logged_in(reply(200, R"({"token":"t"})"), now));
  for (int i = 0; i < 100; ++i)
    who->credentials(now + seconds{i});
  EXPECT_EQ(files.looks, 0);
}

TEST(jwt_login_auth, has_a_reason_for_a_reply_of_no_use) {
  const auto who = *make_jwt_login_auth(ada(), usual_paths, {});
  EXPECT_THAT(who->logged_in(reply(200, "{}"), now).error(),
              HasSubstr("of no use: the reply has no /token"));
}

TEST(jwt_login_auth, needs_a_name_and_a_password_in_utf_8) {
  auto settings = ada();
  settings.username = "";
  EXPECT_EQ(make_jwt_login_auth(settings, usual_paths, {}).error(),
            "the user name is missing");
  settings.username = "\xff";
  EXPECT_EQ(make_jwt_login_auth(settings, usual_paths, {}).error(),
            "the user name is not UTF-8");
  settings = ada();
  settings.password.value = config::secret{"\xff"};
  EXPECT_EQ(make_jwt_login_auth(settings, usual_paths, {}).error(),
            "the password is not UTF-8");
  settings.password.value = {};
  EXPECT_EQ(make_jwt_login_auth(settings, usual_paths, {}).error(),
            "the password is missing");
}

} // namespace
} // namespace mfo::api
