#include "api/auth_factory.hpp"

#include "tests/api/fake_files.hpp"
#include "tests/api/replies.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using config::auth_type;

config::auth_settings settings_of(auth_type type) {
  config::auth_settings settings;
  settings.type = type;
  settings.token.value = config::secret{"t"};
  settings.username = "ada";
  settings.password.value = config::secret{"pw"};
  settings.token_url = "http://127.0.0.1/oauth/token";
  settings.client_id = "id";
  settings.client_secret.value = config::secret{"s"};
  return settings;
}

/// The first field of the credentials, or "login" if one comes first.
std::string made(auth_type type) {
  const auto who = make_auth_provider(settings_of(type), usual_paths);
  if (!who)
    return who.error();
  const auto given = (*who)->credentials({});
  if (!given)
    return "login " + (*who)->login_origin() + (*who)->login_request().target;
  if (given->headers.empty())
    return "nothing";
  const auto first = given->headers.begin();
  return fmt::format("{}: {}", first->first, first->second);
}

TEST(auth_factory, makes_what_the_settings_name) {
  EXPECT_EQ(made(auth_type::none), "nothing");
  EXPECT_EQ(made(auth_type::bearer), "Authorization: Bearer t");
  EXPECT_EQ(made(auth_type::api_key), "X-Api-Key: t");
  EXPECT_EQ(made(auth_type::basic), "Authorization: Basic YWRhOnB3");
  EXPECT_EQ(made(auth_type::jwt_login), "login /api/login");
  EXPECT_EQ(made(auth_type::oauth2), "login http://127.0.0.1/oauth/token");
}

TEST(auth_factory, says_what_is_missing) {
  for (const auto type :
       {auth_type::bearer, auth_type::api_key, auth_type::basic,
        auth_type::jwt_login, auth_type::oauth2}) {
    config::auth_settings settings;
    settings.type = type;
    const auto who = make_auth_provider(settings, usual_paths);
    ASSERT_FALSE(who);
    EXPECT_NE(who.error(), "");
  }
}

TEST(auth_factory, hands_the_reader_of_secrets_on) {
  fake_files files;
  files.write("/secret", "from a file");
  auto settings = settings_of(auth_type::basic);
  settings.password = {{}, "/secret"};
  EXPECT_TRUE(make_auth_provider(settings, usual_paths, files.reader()));
  settings.password.file = "/none";
  EXPECT_FALSE(make_auth_provider(settings, usual_paths, files.reader()));
  EXPECT_EQ(files.warnings.size(), 1u);
}

} // namespace
} // namespace mfo::api
