#include "api/auth_none.hpp"
#include "api/auth_provider.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using std::chrono::seconds;
using time = auth_provider::time;

struct scripted_auth final : auth_provider {
  std::optional<credentials_set> credentials(time) override {
    return has ? std::optional{credentials_set{}} : std::nullopt;
  }
  bool renewal_due(time) const override {
    return due;
  }
  time login_not_before() const override {
    return not_before;
  }
  bool refused(std::uint64_t, time) override {
    return false;
  }

  bool has = false;
  bool due = false;
  time not_before{};
};

const time now{seconds{1000}};

TEST(none_auth, gives_empty_credentials_and_takes_a_401_for_an_answer) {
  const auto who = make_none_auth();
  const auto given = who->credentials(now);
  ASSERT_TRUE(given);
  EXPECT_TRUE(given->headers.empty());
  EXPECT_FALSE(who->renewal_due(now));
  EXPECT_FALSE(who->refused(given->generation, now));
}

TEST(login_turn, sends_one_login_at_a_time) {
  scripted_auth who;
  login_turn turn;
  EXPECT_TRUE(turn.begin(who, now));
  EXPECT_TRUE(turn.under_way());
  EXPECT_FALSE(turn.begin(who, now));
  turn.ended();
  EXPECT_FALSE(turn.under_way());
  EXPECT_TRUE(turn.begin(who, now));
}

TEST(login_turn, sends_none_that_is_not_due) {
  scripted_auth who;
  who.has = true;
  login_turn turn;
  EXPECT_FALSE(turn.begin(who, now));
  EXPECT_FALSE(turn.under_way());
  who.due = true;
  EXPECT_TRUE(turn.begin(who, now));
}

TEST(login_turn, sends_none_that_has_to_wait) {
  scripted_auth who;
  who.not_before = now + seconds{5};
  login_turn turn;
  EXPECT_FALSE(turn.begin(who, now + seconds{4}));
  EXPECT_TRUE(turn.begin(who, now + seconds{5}));
}

} // namespace
} // namespace mfo::api
