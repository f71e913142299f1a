#include "telemetry/subscription_status.hpp"

#include <gtest/gtest.h>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;

const subscription_status::clock::time_point noon{12h};

class subscription_status_test : public testing::Test {
protected:
  subscription_status status{{.server = "default",
                              .event = "email.processed",
                              .endpoint = "webhook",
                              .callback_url = "http://node/webhook"}};
};

TEST_F(subscription_status_test, is_inactive_at_first_for_no_reason) {
  const auto now = status.look(noon);
  EXPECT_FALSE(now.active);
  EXPECT_FALSE(now.since);
  EXPECT_EQ(now.last_error, "");
}

TEST_F(subscription_status_test, is_active_since_the_first_success) {
  EXPECT_TRUE(status.subscribed(noon, noon + 2h));
  EXPECT_FALSE(status.subscribed(noon + 1h, noon + 3h)) << "no news";
  const auto later = status.look(noon + 2h);
  EXPECT_TRUE(later.active);
  EXPECT_EQ(later.since, noon);
}

TEST_F(subscription_status_test, is_inactive_after_a_failure_and_says_why) {
  EXPECT_TRUE(status.failed("refused"));
  EXPECT_FALSE(status.failed("timeout")) << "no news";
  EXPECT_EQ(status.look(noon).last_error, "timeout");
  EXPECT_TRUE(status.subscribed(noon, noon + 2h));
  EXPECT_TRUE(status.failed("refused"));
  EXPECT_FALSE(status.look(noon).active);
  EXPECT_TRUE(status.subscribed(noon + 1h, noon + 3h));
  const auto now = status.look(noon + 1h);
  EXPECT_EQ(now.since, noon + 1h);
  EXPECT_EQ(now.last_error, "");
}

TEST_F(subscription_status_test, expires_when_nobody_renews_it) {
  status.subscribed(noon, noon + 2h);
  EXPECT_TRUE(status.look(noon + 2h - 1ms).active);
  const auto late = status.look(noon + 2h);
  EXPECT_FALSE(late.active);
  EXPECT_EQ(late.last_error, "it was not renewed in time");
  EXPECT_TRUE(status.subscribed(noon + 3h, noon + 5h)) << "news";
}

} // namespace

} // namespace mfo::telemetry
