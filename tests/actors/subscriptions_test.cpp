#include "actors/subscriptions.hpp"

#include "tests/actors/caller_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::actors::tests {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class subscriptions_test : public caller_fixture {
protected:
  subscriptions_test() {
    server_.max_in_flight = 10;
    server_.retry.max_count = 1;
    server_.request_timeout = 10s;
    ask_for("email.processed");
  }

  void ask_for(const std::string& event) {
    all_.push_back(std::make_shared<telemetry::subscription_status>(
        config::notification_settings{.server = "default",
                                      .event = event,
                                      .endpoint = "hook",
                                      .callback_url = "http://node/hook",
                                      .renew = 1h}));
  }

  /// The node is ready.
  void open() {
    if (!caller_)
      start();
    subscriptions_ = std::make_unique<subscriptions>(
        subscriptions_deps{
            .server = server_,
            .all = all_,
            .log = log_,
            .call =
                [this](std::unique_ptr<server_call> call) {
                  caller_->accept(std::move(call));
                },
            .subscribe_after =
                [this](milliseconds delay, std::uint64_t number) {
                  waits_.push_back(delay);
                  timers_.emplace(now_ + delay, [this, number] {
                    subscriptions_->subscribe(number);
                  });
                }},
        *this);
    subscriptions_->open();
  }

  ~subscriptions_test() override {
    caller_ = nullptr;
  }

  telemetry::subscription_status::view look(std::size_t index = 0) {
    return all_[index]->look(now_);
  }

  std::size_t lines_with(std::string_view text, std::string_view level) {
    const auto level_text = "\"level\":\"" + std::string{level} + "\"";
    return static_cast<std::size_t>(
        std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) {
          return line.find(text) != line.npos &&
                 line.find(level_text) != line.npos;
        }));
  }

  std::vector<telemetry::subscription_status_ptr> all_;
  std::vector<milliseconds> waits_;
  std::unique_ptr<subscriptions> subscriptions_;
};

TEST_F(subscriptions_test, are_asked_for_when_the_node_can_be_reached) {
  ask_for("email.failed");
  open();
  ASSERT_EQ(wire_.size(), 2U);
  const auto& request = wire_[0].second;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/notifications/subscribe");
  EXPECT_EQ(json::parse(*request.body),
            (json{{"event", "email.processed"},
                  {"callback_url", "http://node/hook"}}));
  EXPECT_EQ(request.headers.first("Content-Type"), "application/json");
  EXPECT_EQ(request.headers.first("Idempotency-Key").size(), 36U);
  EXPECT_EQ(request.headers.first("traceparent").size(), 55U);
  EXPECT_EQ(json::parse(*wire_[1].second.body)["event"], "email.failed");
  EXPECT_FALSE(look().active) << "not before the server has answered";
}

TEST_F(subscriptions_test, are_active_once_the_server_has_taken_them) {
  open();
  const auto then = now_;
  reply(201);
  EXPECT_TRUE(look().active);
  EXPECT_EQ(look().since, then);
  EXPECT_EQ(lines_with("subscribed", "info"), 1U);
}

TEST_F(subscriptions_test, are_asked_for_once_when_told_to_twice) {
  open();
  subscriptions_->open();
  EXPECT_EQ(wire_.size(), 1U);
}

TEST_F(subscriptions_test, are_renewed_under_ids_of_their_own) {
  open();
  const auto id = [&] {
    return std::string{wire_[0].second.headers.first("Idempotency-Key")};
  };
  const auto first = id();
  reply(201);
  pass(1h - 1ms);
  EXPECT_TRUE(wire_.empty());
  pass(1ms);
  ASSERT_EQ(wire_.size(), 1U);
  EXPECT_NE(id(), first) << "the server might give the first answer again";
  EXPECT_TRUE(look().active) << "a renewal on its way ends nothing";
  reply(200);
  EXPECT_THAT(waits_, ElementsAre(1h, 1h));
  EXPECT_EQ(lines_with("subscribed", "info"), 1U) << "no news, no line";
}

TEST_F(subscriptions_test, that_fail_are_asked_for_again_and_told_once) {
  open();
  for (int i = 0; i < 4; ++i) {
    reply(404);
    EXPECT_FALSE(look().active);
    EXPECT_THAT(look().last_error, HasSubstr("404"));
    pass(waits_.back());
    ASSERT_EQ(wire_.size(), 1U);
  }
  EXPECT_EQ(lines_with("not subscribed", "warn"), 1U);
  const auto told =
      std::find_if(lines_.begin(), lines_.end(), [](const auto& line) {
        return line.find("\"level\":\"warn\"") != line.npos;
      });
  ASSERT_NE(told, lines_.end());
  EXPECT_THAT(*told, AllOf(HasSubstr(R"("server":"default")"),
                           HasSubstr(R"("event":"email.processed")"),
                           HasSubstr(R"("reason":"upstream_rejected")")));
  reply(201);
  EXPECT_TRUE(look().active);
  EXPECT_EQ(waits_.back(), 1h);
  EXPECT_EQ(lines_with("subscribed", "info"), 1U);
}

TEST_F(subscriptions_test, that_cannot_be_renewed_are_not_active_any_more) {
  open();
  reply(201);
  pass(1h);
  reply(500);
  EXPECT_FALSE(look().active);
  EXPECT_EQ(lines_with("not subscribed", "warn"), 1U);
  pass(waits_.back());
  reply(201);
  EXPECT_TRUE(look().active);
}

TEST_F(subscriptions_test, that_fail_leave_the_others_as_they_are) {
  ask_for("email.failed");
  open();
  reply(400);
  reply(201);
  EXPECT_FALSE(look(0).active);
  EXPECT_TRUE(look(1).active);
  pass(1s);
  ASSERT_EQ(wire_.size(), 1U);
  EXPECT_EQ(json::parse(*wire_[0].second.body)["event"], "email.processed");
}

TEST_F(subscriptions_test, wait_as_long_as_the_server_asks) {
  open();
  reply(503, {{"Retry-After", "60"}});
  EXPECT_THAT(waits_, ElementsAre(60s));
}

TEST_F(subscriptions_test, wait_while_the_server_is_left_alone) {
  start();
  open_circuit();
  open();
  EXPECT_TRUE(wire_.empty());
  EXPECT_THAT(waits_, ElementsAre(10s));
  EXPECT_THAT(look().last_error, HasSubstr("left alone"));
  pass(10s);
  EXPECT_EQ(wire_.size(), 1U) << "the first call that tries it";
}

TEST_F(subscriptions_test, that_get_no_answer_end_by_the_servers_time_out) {
  open();
  fail(http::client_errc::timeout);
  EXPECT_FALSE(look().active);
  EXPECT_EQ(wire_.size(), 0U);
  EXPECT_EQ(waits_.size(), 1U);
}

TEST_F(subscriptions_test, are_tried_again_at_once_where_nothing_was_sent) {
  server_.retry.max_count = 2;
  open();
  fail(http::client_errc::connect_failed, false);
  EXPECT_TRUE(waits_.empty()) << "it is the caller that tries again";
  pass(100ms);
  reply(201);
  EXPECT_TRUE(look().active);
}

TEST_F(subscriptions_test, expire_when_nobody_renews_them) {
  open();
  reply(201);
  subscriptions_ = nullptr;
  timers_.clear();
  pass(1h);
  EXPECT_TRUE(look().active) << "a renewal takes its time";
  pass(server_.request_timeout * 2);
  EXPECT_FALSE(look().active);
}

} // namespace
} // namespace mfo::actors::tests
