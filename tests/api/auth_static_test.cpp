#include "api/auth_static.hpp"

#include "tests/api/fake_files.hpp"

#include <gmock/gmock.h>

namespace mfo::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

using testing::Pair;

config::auth_settings token(std::string value, std::string file = {}) {
  config::auth_settings settings;
  settings.token = {config::secret{std::move(value)}, std::move(file)};
  return settings;
}

const auth_provider::time now{seconds{1000}};

TEST(bearer_auth, sends_the_token) {
  const auto who = make_bearer_auth(token("abc.DEF-_~+/="), {});
  ASSERT_TRUE(who) << who.error();
  const auto given = (*who)->credentials(now);
  ASSERT_TRUE(given);
  EXPECT_THAT(given->headers,
              ElementsAre(Pair("Authorization", "Bearer abc.DEF-_~+/=")));
  EXPECT_FALSE((*who)->renewal_due(now));
}

TEST(bearer_auth, has_nothing_else_to_offer_when_it_is_refused) {
  const auto who = *make_bearer_auth(token("t"), {});
  EXPECT_FALSE(who->refused(who->credentials(now)->generation, now));
}

TEST(bearer_auth, takes_the_token_of_a_file_that_has_changed) {
  fake_files files;
  files.write("/token", "one\n");
  const auto who = *make_bearer_auth(token("one", "/token"), files.reader());
  const auto first = who->credentials(now);
  EXPECT_EQ(who->credentials(now + seconds{1})->generation, first->generation);
  files.write("/token", "two\n");
  EXPECT_TRUE(who->refused(first->generation, now + seconds{2}));
  const auto second = who->credentials(now + seconds{2});
  EXPECT_NE(second->generation, first->generation);
  EXPECT_THAT(second->headers,
              ElementsAre(Pair("Authorization", "Bearer two")));
  EXPECT_TRUE(who->refused(first->generation, now + seconds{2}));
  EXPECT_FALSE(who->refused(second->generation, now + seconds{2}));
}

TEST(bearer_auth, goes_on_with_the_last_good_token) {
  fake_files files;
  files.write("/token", "one");
  const auto who = *make_bearer_auth(token("one", "/token"), files.reader());
  who->credentials(now);
  files.write("/token", "two\nlines");
  const auto given = who->credentials(now + seconds{1});
  EXPECT_THAT(given->headers, ElementsAre(Pair("Authorization", "Bearer one")));
  EXPECT_THAT(files.warnings,
              ElementsAre(HasSubstr("the secret in /token has a character")));
}

TEST(bearer_auth, refuses_a_token_that_a_header_cannot_carry) {
  for (const auto* bad : {"two words", "a\r\nX: hunter2", "hunter2\n", "t\x7f",
                          "hünter2", "a\tb"}) {
    const auto who = make_bearer_auth(token(bad), {});
    ASSERT_FALSE(who) << bad;
    EXPECT_THAT(who.error(), HasSubstr("the token has a character"));
    EXPECT_EQ(who.error().find("nter2"), std::string::npos);
  }
  EXPECT_EQ(make_bearer_auth(token(""), {}).error(), "the token is missing");
  EXPECT_THAT(make_bearer_auth(token(std::string(16'385, 'x')), {}).error(),
              HasSubstr("longer than 16 KiB"));
}

TEST(api_key_auth, sends_the_key_in_its_header) {
  auto settings = token("Token a:b|c");
  const auto usual = make_api_key_auth(settings, {});
  ASSERT_TRUE(usual) << usual.error();
  EXPECT_THAT((*usual)->credentials(now)->headers,
              ElementsAre(Pair("X-Api-Key", "Token a:b|c")));
  settings.header = "Authorization";
  EXPECT_THAT((*make_api_key_auth(settings, {}))->credentials(now)->headers,
              ElementsAre(Pair("Authorization", "Token a:b|c")));
}

TEST(api_key_auth, refuses_what_makes_no_header) {
  for (const auto* bad : {" a", "a ", " ", "a\nb", ""})
    EXPECT_FALSE(make_api_key_auth(token(bad), {})) << bad;
  for (const auto* bad : {"", "X Key", "X:Key", "X-Key\r\n", "X(Key)", "Ü"}) {
    auto settings = token("t");
    settings.header = bad;
    EXPECT_FALSE(make_api_key_auth(settings, {})) << bad;
  }
}

} // namespace
} // namespace mfo::api
