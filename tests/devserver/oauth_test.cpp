#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

using nlohmann::json;
using std::chrono::seconds;

class oauth : public running_server {
protected:
  answer token(const std::string& authorization,
               std::string_view body = "grant_type=client_credentials") {
    return ask("POST", "/oauth/token", body,
               {{"Authorization", authorization},
                {"Content-Type", "application/x-www-form-urlencoded"}});
  }

  int post_event(const std::string& bearer) {
    return ask("POST", "/api/events", "{}",
               {{"Authorization", "Bearer " + bearer}})
        .status;
  }
};

// base64 of "ada:pw", "ada:p%20w%3A", "ada:p+w:" and "ada"
const std::string ada = "Basic YWRhOnB3";
const std::string spaced = "Basic YWRhOnAlMjB3JTNB";
const std::string plus = "Basic YWRhOnArdzo=";
const std::string nobody = "Basic YWRh";

TEST_F(oauth, gives_any_client_a_token) {
  const auto got = token(ada, "grant_type=client_credentials&scope=a+b%20c");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Cache-Control"), "no-store");
  const auto body = json::parse(got.body);
  EXPECT_EQ(body["token_type"], "Bearer");
  EXPECT_EQ(body["expires_in"], 3600);
  EXPECT_EQ(body["scope"], "a b c");
  EXPECT_EQ(post_event(body["access_token"].get<std::string>()), 202);
}

TEST_F(oauth, gives_the_one_user_a_token) {
  run({.login = credentials{"ada", "p w:"}});
  for (const auto& good : {spaced, plus}) {
    const auto got = token(good);
    ASSERT_EQ(got.status, 200);
    EXPECT_EQ(post_event(json::parse(got.body)["access_token"]), 202);
  }
  const auto refused = token(ada);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, R"({"error":"invalid_client"})");
  EXPECT_EQ(refused.header("WWW-Authenticate"),
            R"(Basic realm="mfo-dev-server")");
}

TEST_F(oauth, refuses_as_the_standard_says) {
  for (const auto& bad :
       {nobody, std::string("Bearer x"), std::string("Basic ?"), std::string()})
    EXPECT_EQ(token(bad).status, 401) << bad;
  EXPECT_EQ(token(ada, "").body, R"({"error":"invalid_request"})");
  EXPECT_EQ(token(ada, "grant_type=password").body,
            R"({"error":"unsupported_grant_type"})");
}

/// The time is the test's.
class lifetime : public oauth {
protected:
  void SetUp() override {
    run({.token_lifetime = seconds{60}, .clock = [this] {
           return now.load();
         }});
  }

  std::atomic<std::chrono::system_clock::time_point> now{
      std::chrono::system_clock::time_point{seconds{1'800'000'000}}};
};

TEST_F(lifetime, ends_a_token) {
  const auto body = json::parse(token(ada).body);
  EXPECT_EQ(body["expires_in"], 60);
  const auto bearer = body["access_token"].get<std::string>();
  now = now.load() + seconds{59};
  EXPECT_EQ(post_event(bearer), 202);
  now = now.load() + seconds{1};
  EXPECT_EQ(post_event(bearer), 401);
  EXPECT_EQ(post_event("unknown"), 202); // no token is asked for
}

TEST_F(lifetime, ends_a_token_of_login) {
  const auto bearer = ask_json("POST", "/api/login",
                               R"({"username":"a","password":"b"})")["token"]
                          .get<std::string>();
  EXPECT_EQ(post_event(bearer), 202);
  now = now.load() + seconds{60};
  EXPECT_EQ(post_event(bearer), 401);
}

} // namespace
} // namespace mfo::devserver
