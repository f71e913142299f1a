#include "devserver/login.hpp"

#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

class login : public running_server {
protected:
  void SetUp() override {}
};

TEST_F(login, asks_for_the_token_in_the_documented_error_shape) {
  run({.token = "t0ken"});
  const auto got = ask("POST", "/api/events", "{}");
  EXPECT_EQ(got.status, 401);
  EXPECT_EQ(nlohmann::json::parse(got.body)["error"]["code"], "unauthorized");
  EXPECT_EQ(
      ask("POST", "/api/events", "{}", {{"Authorization", "Bearer wrong"}})
          .status,
      401);
  EXPECT_EQ(one->count(), 0u);
}

TEST_F(login, lets_the_token_in) {
  run({.token = "t0ken"});
  EXPECT_EQ(
      ask("POST", "/api/events", "{}", {{"Authorization", "Bearer t0ken"}})
          .status,
      202);
}

TEST_F(login, lets_a_token_from_login_in) {
  run({.token = "t0ken", .login = credentials{"ada", "pw"}});
  const auto wrong = R"({"username":"ada","password":"x"})";
  EXPECT_EQ(ask("POST", "/api/login", wrong).status, 401);
  const auto right = R"({"username":"ada","password":"pw"})";
  const auto token =
      ask_json("POST", "/auth/login", right)["token"].get<std::string>();
  EXPECT_EQ(
      ask("POST", "/api/events", "{}", {{"Authorization", "Bearer " + token}})
          .status,
      202);
}

TEST_F(login, leaves_info_and_control_open) {
  run({.token = "t0ken"});
  EXPECT_EQ(ask("GET", "/info").status, 200);
  EXPECT_EQ(ask("GET", "/__control/events/count").status, 200);
}

TEST(login_desk, never_gives_a_token_twice) {
  login_desk desk({}, {});
  const auto now = std::chrono::system_clock::now();
  const auto one = desk.issue("ada", now);
  EXPECT_NE(one, desk.issue("ada", now));
  EXPECT_EQ(desk.user_of("bearer " + one, now), "ada");
  EXPECT_EQ(desk.user_of("Basic x", now), "anonymous");
}

TEST(login_desk, holds_a_token_to_its_lifetime_if_there_is_one) {
  const std::chrono::system_clock::time_point now{};
  login_desk for_ever({}, {});
  EXPECT_EQ(for_ever.lifetime(), std::chrono::hours{1});
  const auto old = for_ever.issue("ada", now);
  EXPECT_EQ(for_ever.user_of("Bearer " + old, now + std::chrono::hours{9}),
            "ada");
  login_desk strict({}, {}, std::chrono::seconds{1});
  const auto brief = strict.issue("ada", now);
  EXPECT_EQ(strict.user_of("Bearer " + brief, now), "ada");
  EXPECT_EQ(strict.user_of("Bearer " + brief, now + std::chrono::seconds{1}),
            std::nullopt);
}

} // namespace
} // namespace mfo::devserver
