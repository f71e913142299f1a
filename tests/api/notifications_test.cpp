#include "api/notifications.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(subscription, names_event_and_callback) {
  const auto call = make_subscribe_call(
      usual_paths, {"email.processed", "http://127.0.0.1:8088/notify"});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::subscribe);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->target, "/api/notifications/subscribe");
  EXPECT_FALSE(call->repeatable);
  EXPECT_EQ(json::parse(*call->body),
            (json{{"event", "email.processed"},
                  {"callback_url", "http://127.0.0.1:8088/notify"}}));
}

TEST(subscription, needs_both) {
  EXPECT_THAT(make_subscribe_call(usual_paths, {"", "http://x/"}),
              fails_with(api_errc::invalid_request, "asked for"));
  EXPECT_THAT(make_subscribe_call(usual_paths, {"x", ""}),
              fails_with(api_errc::invalid_request, "asked for"));
}

TEST(subscription, is_made_by_any_2xx) {
  EXPECT_EQ(parse_subscribe_reply(reply(201, R"({"id":"s"})"))->id, "s");
  EXPECT_EQ(parse_subscribe_reply(reply(200, R"({"subscription_id":7})"))->id,
            "7");
  EXPECT_EQ(parse_subscribe_reply(reply(204))->id, "");
  EXPECT_EQ(parse_subscribe_reply(reply(200, "OK"))->id, "");
  EXPECT_THAT(parse_subscribe_reply(reply(400, R"({"error":"bad URL"})")),
              fails_with(api_errc::rejected, "bad URL"));
}

} // namespace
} // namespace mfo::api
