#include "api/token_login.hpp"

#include "tests/api/replies.hpp"

#include <gmock/gmock.h>

namespace mfo::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// Takes a reply's body for the token, and `lifetime` for its lifetime.
class some_login final : public token_login {
public:
  std::optional<seconds> lifetime;
  bool secret_changed = false;

protected:
  bool refresh_secret(time) override {
    return std::exchange(secret_changed, false);
  }

  tl::expected<granted_token, std::string>
  read_grant(const http::client_response& reply, time) const override {
    if (reply.body.empty())
      return tl::unexpected<std::string>("no token");
    return granted_token{config::secret{reply.body}, lifetime};
  }
};

class token : public testing::Test {
protected:
  auto give(std::string text) {
    return who.logged_in(reply(200, std::move(text)), now);
  }

  auto fail(int status = 500, http::header_list headers = {},
            std::string body = {}) {
    return who.logged_in(reply(status, std::move(body), std::move(headers)),
                         now);
  }

  std::uint64_t generation() {
    return who.credentials(now)->generation;
  }

  milliseconds wait() const {
    return std::chrono::duration_cast<milliseconds>(who.login_not_before() -
                                                    now);
  }

  some_login who;
  auth_provider::time now{seconds{1'800'000'000}};
};

TEST_F(token, comes_by_a_login) {
  EXPECT_FALSE(who.credentials(now));
  EXPECT_LE(who.login_not_before(), now);
  ASSERT_TRUE(give("t"));
  EXPECT_THAT(who.credentials(now)->headers,
              ElementsAre(Pair("Authorization", "Bearer t")));
  now += minutes{60 * 24 * 365};
  EXPECT_TRUE(who.credentials(now)); // until it is refused
  EXPECT_FALSE(who.renewal_due(now));
}

TEST_F(token, is_renewed_when_four_fifths_of_its_life_are_over) {
  who.lifetime = seconds{1000};
  give("t");
  EXPECT_FALSE(who.renewal_due(now + seconds{799}));
  EXPECT_TRUE(who.renewal_due(now + seconds{800}));
  EXPECT_TRUE(who.credentials(now + seconds{999}));
  EXPECT_FALSE(who.credentials(now + seconds{1000}));
}

TEST_F(token, is_renewed_half_a_minute_before_its_end) {
  who.lifetime = seconds{100};
  give("t");
  EXPECT_FALSE(who.renewal_due(now + milliseconds{69'999}));
  EXPECT_TRUE(who.renewal_due(now + seconds{70}));
}

TEST_F(token, of_a_short_life_is_renewed_half_way) {
  who.lifetime = seconds{5};
  give("t");
  EXPECT_FALSE(who.renewal_due(now + milliseconds{2499}));
  EXPECT_TRUE(who.renewal_due(now + milliseconds{2500}));
}

TEST_F(token, stays_good_while_its_renewal_fails) {
  who.lifetime = seconds{1000};
  give("t");
  const auto first = generation();
  now += seconds{900};
  EXPECT_FALSE(fail());
  EXPECT_EQ(generation(), first);
  EXPECT_FALSE(who.renewal_due(now)); // not at once again
  EXPECT_TRUE(who.renewal_due(who.login_not_before()));
}

TEST_F(token, has_a_new_generation_when_it_is_renewed) {
  give("t");
  const auto first = generation();
  give("u");
  EXPECT_NE(generation(), first);
}

TEST_F(token, that_is_refused_is_dropped) {
  give("t");
  const auto first = generation();
  now += minutes{1};
  EXPECT_TRUE(who.refused(first, now));
  EXPECT_FALSE(who.credentials(now));
  EXPECT_LE(who.login_not_before(), now);
  // The other calls that carried it.
  EXPECT_TRUE(who.refused(first, now));
  give("u");
  EXPECT_TRUE(who.refused(first, now));
  EXPECT_TRUE(who.credentials(now)) << "a stale refusal must not drop it";
}

TEST_F(token, that_takes_a_refused_one_s_place_and_is_refused_is_the_last) {
  give("t");
  EXPECT_TRUE(who.refused(generation(), now));
  give("u");
  const auto second = generation();
  EXPECT_FALSE(who.refused(second, now));
  EXPECT_FALSE(who.refused(second, now)) << "for each call that carried it";
  EXPECT_FALSE(who.credentials(now));
  EXPECT_EQ(wait(), seconds{1});
}

TEST_F(token, that_did_its_work_is_replaced_when_it_is_refused) {
  give("t");
  who.refused(generation(), now);
  give("u");
  now += seconds{10};
  EXPECT_TRUE(who.refused(generation(), now));
}

TEST_F(token, of_a_server_that_takes_none_is_asked_for_less_and_less) {
  give("t");
  who.refused(generation(), now);
  std::vector<long> waits;
  for (int i = 0; i < 9; ++i) {
    give("again");
    EXPECT_FALSE(who.refused(generation(), now));
    waits.push_back(wait().count() / 1000);
    now = who.login_not_before();
  }
  EXPECT_EQ(waits, (std::vector<long>{1, 2, 4, 8, 16, 32, 60, 60, 60}));
}

TEST_F(token, of_a_login_that_fails_is_asked_for_less_and_less) {
  std::vector<long> waits;
  for (int i = 0; i < 40; ++i) {
    EXPECT_FALSE(fail());
    waits.push_back(wait().count() / 1000);
    now = who.login_not_before();
  }
  waits.resize(8);
  EXPECT_EQ(waits, (std::vector<long>{1, 2, 4, 8, 16, 32, 60, 60}));
}

TEST_F(token, need_not_be_waited_for_when_the_clock_was_put_back) {
  ASSERT_FALSE(fail());
  EXPECT_EQ(wait(), seconds{1});
  now -= minutes{60};
  EXPECT_FALSE(who.credentials(now));
  EXPECT_LE(who.login_not_before(), now);
  ASSERT_FALSE(fail());
  EXPECT_EQ(wait(), seconds{2}) << "it is still the second in a row";
}

TEST_F(token, that_works_ends_the_row_of_failures) {
  for (int i = 0; i < 5; ++i)
    fail();
  give("t");
  now += seconds{10};
  EXPECT_TRUE(who.refused(generation(), now));
  fail();
  EXPECT_EQ(wait(), seconds{1});
}

TEST_F(token, need_not_be_waited_for_when_the_secret_is_another) {
  for (int i = 0; i < 5; ++i)
    fail(401);
  EXPECT_GT(who.login_not_before(), now);
  who.secret_changed = true;
  EXPECT_FALSE(who.credentials(now));
  EXPECT_LE(who.login_not_before(), now);
}

TEST_F(token, is_asked_for_as_late_as_the_server_wants) {
  fail(429, {{"Retry-After", "20"}});
  EXPECT_EQ(wait(), seconds{20});
  fail(429, {{"Retry-After", "86400"}});
  EXPECT_EQ(wait(), seconds{60});
}

TEST_F(token, is_refused_when_a_header_cannot_carry_it) {
  const auto given = give("hunter2\r\nX: y");
  ASSERT_FALSE(given);
  EXPECT_THAT(given.error(), HasSubstr("the token of the login has a char"));
  EXPECT_EQ(given.error().find("hunter2"), std::string::npos);
  EXPECT_FALSE(who.credentials(now));
  EXPECT_GT(who.login_not_before(), now);
}

TEST_F(token, is_not_there_for_a_reason_that_quotes_no_secret) {
  EXPECT_EQ(fail(401).error(), "the login was answered with 401");
  EXPECT_EQ(fail(400, {}, R"({"error":"invalid_client",
                             "error_description":"hunter2"})")
                .error(),
            "the login was answered with 400 (invalid_client)");
  EXPECT_EQ(fail(400, {}, R"({"error":{"code":"hunter2","message":"hunter2"}})")
                .error(),
            "the login was answered with 400");
  EXPECT_EQ(give("").error(), "no token");
  EXPECT_THAT(who.logged_in(tl::unexpected(http::client_error{
                                http::client_errc::timeout, "hunter2"}),
                            now)
                  .error(),
              testing::AllOf(HasSubstr("the login got no reply"),
                             testing::Not(HasSubstr("hunter2"))));
}

TEST_F(token, of_generation_0_is_refused_before_there_was_one) {
  EXPECT_TRUE(who.refused(0, now));
}

} // namespace
} // namespace mfo::api
