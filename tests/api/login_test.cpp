#include "api/login.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using std::chrono::seconds;

TEST(login_call, posts_name_and_password) {
  const auto call =
      make_login_call(usual_paths, {"ada", config::secret{"p\"w"}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::login);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->target, "/api/login");
  EXPECT_EQ(json::parse(*call->body),
            (json{{"username", "ada"}, {"password", "p\"w"}}));
}

TEST(login_reply, has_its_token_in_one_of_three_places) {
  for (const auto* body :
       {R"({"token":"t"})", R"({"access_token":"t","token":null})",
        R"({"token":"t","access_token":"u"})", R"({"data":{"token":"t"}})"}) {
    const auto got = parse_login_reply(reply(200, body));
    ASSERT_TRUE(got) << body;
    EXPECT_EQ(got->token.reveal(), "t") << body;
  }
}

TEST(login_reply, is_of_no_use_without_a_token_and_quotes_nothing) {
  for (const auto* body :
       {R"({"session":"hunter2"})", R"({"token":{"a":"hunter2"}})",
        R"({"token":""})", R"({"data":"hunter2"})", "[]", "hunter2", ""}) {
    const auto got = parse_login_reply(reply(200, body));
    ASSERT_FALSE(got) << body;
    EXPECT_EQ(got.error().code, api_errc::bad_reply) << body;
    EXPECT_EQ(got.error().message.find("hunter2"), std::string::npos) << body;
  }
  EXPECT_THAT(parse_login_reply(reply(200, "{}")),
              fails_with(api_errc::bad_reply, "no /token"));
}

TEST(login_reply, may_tell_how_long_the_token_is_good) {
  const auto lifetime = [](const char* given) {
    return expires_in(json{{"expires_in", json::parse(given)}});
  };
  EXPECT_EQ(lifetime("3600"), seconds{3600});
  EXPECT_EQ(lifetime("\"3600\""), seconds{3600});
  EXPECT_EQ(lifetime("59.9"), seconds{59});
  for (const auto* bad : {"0", "-1", "null", "\"1h\"", "1e300", "true", "[]",
                          "18446744073709551615", "\"\""})
    EXPECT_EQ(lifetime(bad), std::nullopt) << bad;
  EXPECT_EQ(expires_in(json::array()), std::nullopt);
  EXPECT_EQ(parse_login_reply(reply(200, R"({"token":"t","expires_in":9})"))
                ->lifetime,
            seconds{9});
}

} // namespace
} // namespace mfo::api
