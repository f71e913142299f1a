// Every way to say who this node is, against the dev-server.

#include "api/auth_factory.hpp"
#include "api/info.hpp"
#include "api/memory.hpp"

#include "tests/api/dev_server_fixture.hpp"

#include <atomic>

namespace mfo::api {
namespace {

using config::auth_type;
using std::chrono::seconds;

/// The time is the test's, for both sides.
class login_to_dev_server : public on_dev_server {
protected:
  void SetUp() override {
    run({.login = devserver::credentials{"ada", "p w:ü"},
         .token_lifetime = seconds{100},
         .clock = [this] {
           return now.load();
         }});
  }

  void make(auth_type type, const std::string& password = "p w:ü") {
    config::auth_settings settings;
    settings.type = type;
    settings.username = settings.client_id = "ada";
    settings.password.value = config::secret{password};
    settings.client_secret.value = config::secret{password};
    settings.token_url = server->url() + "/oauth/token";
    auto made = make_auth_provider(settings, usual_paths);
    ASSERT_TRUE(made) << made.error();
    who = *std::move(made);
  }

  tl::expected<void, std::string> log_in() {
    ++logins;
    return who->logged_in(test::ask(*client, who->login_request()), now.load());
  }

  /// What an owner does: one login where one is due, and one more try where a
  /// 401 may be overcome. The status of the last reply; 0: no credentials.
  int call_server() {
    for (int tries = 0;; ++tries) {
      login_turn turn;
      if (turn.begin(*who, now.load()) && !log_in())
        return 0;
      const auto given = who->credentials(now.load());
      if (!given)
        return 0;
      const auto got = send(make_memory_list_call(usual_paths), *given);
      const int status = got ? got->status : -1;
      if (status != 401 || !who->refused(given->generation, now.load()) ||
          tries > 0)
        return status;
    }
  }

  void pass(seconds some) {
    now = now.load() + some;
  }

  std::atomic<auth_provider::time> now{
      auth_provider::time{seconds{1'800'000'000}}};
  std::unique_ptr<auth_provider> who;
  int logins = 0;
};

class each_login : public login_to_dev_server,
                   public testing::WithParamInterface<auth_type> {};

INSTANTIATE_TEST_SUITE_P(api, each_login,
                         testing::Values(auth_type::jwt_login,
                                         auth_type::oauth2),
                         [](const auto& one) {
                           return one.param == auth_type::oauth2 ? "oauth2"
                                                                 : "jwt_login";
                         });

TEST_P(each_login, logs_in_once_for_many_calls) {
  make(GetParam());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(call_server(), 200);
  EXPECT_EQ(logins, 1);
}

TEST_P(each_login, renews_before_the_token_ends) {
  make(GetParam());
  EXPECT_EQ(call_server(), 200);
  pass(seconds{69});
  EXPECT_EQ(call_server(), 200);
  EXPECT_EQ(logins, 1);
  pass(seconds{1});
  EXPECT_EQ(call_server(), 200);
  EXPECT_EQ(logins, 2);
}

TEST_P(each_login, logs_in_again_when_the_token_has_ended) {
  make(GetParam());
  EXPECT_EQ(call_server(), 200);
  pass(seconds{1000});
  EXPECT_EQ(call_server(), 200);
  EXPECT_EQ(logins, 2);
}

TEST_P(each_login, logs_in_again_when_the_server_forgot_the_token) {
  make(GetParam());
  EXPECT_EQ(call_server(), 200);
  pass(seconds{20});
  const auto port = server->port();
  server.reset(); // another process on the same port, with no tokens yet
  server = std::make_unique<devserver::server>(devserver::options{
      .port = port, .login = devserver::credentials{"ada", "p w:ü"}});
  ASSERT_TRUE(server->start());
  EXPECT_EQ(call_server(), 200);
  EXPECT_EQ(logins, 2);
}

TEST_P(each_login, waits_when_the_password_is_wrong) {
  make(GetParam(), "wrong");
  EXPECT_EQ(call_server(), 0);
  EXPECT_EQ(call_server(), 0);
  EXPECT_EQ(logins, 1);
  pass(seconds{1});
  EXPECT_EQ(call_server(), 0);
  EXPECT_EQ(logins, 2);
}

TEST_P(each_login, does_not_loop_when_no_token_is_taken) {
  make(GetParam());
  ASSERT_TRUE(server->set_faults(
      R"({"path":"/api/memory","statuses":[401],"repeat":true})"));
  EXPECT_EQ(call_server(), 401);
  EXPECT_EQ(logins, 2);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(call_server(), 0);
  EXPECT_EQ(logins, 2);
  server->clear_faults();
  pass(seconds{1});
  EXPECT_EQ(call_server(), 200);
}

TEST_F(login_to_dev_server, gets_a_401_after_the_token_has_ended) {
  make(auth_type::jwt_login);
  ASSERT_EQ(call_server(), 200);
  const auto given = *who->credentials(now.load());
  pass(seconds{100});
  const auto got = send(make_memory_list_call(usual_paths), given);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 401);
}

TEST_F(login_to_dev_server, names_the_reason_of_a_refusal) {
  make(auth_type::oauth2, "hunter2");
  const auto refused = log_in();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            "the login was answered with 401 (invalid_client)");
}

TEST_F(on_dev_server, sends_a_token_of_its_own) {
  run({.token = "t0ken"});
  config::auth_settings settings;
  settings.type = auth_type::bearer;
  settings.token.value = config::secret{"t0ken"};
  const auto who = *make_auth_provider(settings, usual_paths);
  EXPECT_EQ(
      send(make_memory_list_call(usual_paths), *who->credentials({}))->status,
      200);
  EXPECT_EQ(send(make_memory_list_call(usual_paths))->status, 401);
}

} // namespace
} // namespace mfo::api
