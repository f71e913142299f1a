#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string one = "notifications:\n"
                        "  - event: email.processed\n"
                        "    endpoint: webhook\n"
                        "    callback_url: https://node.example.com/webhook\n";

/// Two servers that tell a node something, each at an endpoint of its own.
/// `first` and `second` are the types of the events of these endpoints, which
/// go to the server that did not tell.
std::string crossed(const std::string& first, const std::string& second) {
  return "servers: {a: {url: https://a}, b: {url: https://b}}\n"
         "endpoints:\n"
         "  - {id: from-a, path: /a, signature: {secret: s}, server: b, "
         "event_type: " +
         first +
         "}\n"
         "  - {id: from-b, path: /b, signature: {secret: s}, server: a, "
         "event_type: " +
         second +
         "}\n"
         "notifications:\n"
         "  - {server: a, event: told.by.a, endpoint: from-a, callback_url: "
         "http://n/a}\n"
         "  - {server: b, event: told.by.b, endpoint: from-b, callback_url: "
         "http://n/b}\n";
}

TEST(a_notification, is_asked_of_the_only_server_every_hour) {
  const auto values = must_load(minimal + one);
  ASSERT_EQ(values.notifications.size(), 1U);
  const auto& asked = values.notifications[0];
  EXPECT_EQ(asked.server, "default");
  EXPECT_EQ(asked.event, "email.processed");
  EXPECT_EQ(asked.endpoint, "webhook");
  EXPECT_EQ(asked.callback_url, "https://node.example.com/webhook");
  EXPECT_EQ(asked.renew, 1h);
}

TEST(a_notification, names_its_server_where_none_is_meant) {
  const std::string two = "servers: {a: {url: https://a}, b: {url: https://b}}"
                          "\nendpoints:\n  - {id: webhook, path: /webhook, "
                          "signature: {secret: s}, server: a}\n";
  EXPECT_THAT(problems_of(two + one),
              HasSubstr("notifications[0].server: missing required key"));
  EXPECT_EQ(must_load(two + one + "    server: b\n").notifications.at(0).server,
            "b");
}

TEST(a_callback_url, may_lead_through_a_proxy) {
  const auto url = "http://proxy:8080/nodes/1/webhook";
  const auto values = must_load(
      minimal + "notifications: [{event: a, endpoint: webhook, callback_url: " +
      url + "}]\n");
  EXPECT_EQ(values.notifications.at(0).callback_url, url);
}

TEST(a_callback_url, has_the_slash_that_its_endpoint_has) {
  const std::string before = "server_url: https://a\nwebhook_path: /w/\n"
                             "webhook_secret: s\nnotifications:\n"
                             "  - {event: a, endpoint: webhook, callback_url: ";
  EXPECT_THAT(problems_of(before + "http://n/w/}\n"), IsEmpty());
  EXPECT_THAT(problems_of(before + "http://n/w}\n"),
              HasSubstr("must end in the path of its endpoint"));
}

TEST(a_notification, may_be_asked_once_more_for_another_event_or_endpoint) {
  EXPECT_THAT(
      problems_of(minimal +
                  "endpoints: [{id: b, path: /b, signature: {secret: s}}]\n" +
                  one +
                  "  - {event: email.failed, endpoint: webhook, callback_url: "
                  "https://node.example.com/webhook}\n"
                  "  - {event: email.processed, endpoint: b, callback_url: "
                  "https://node.example.com/b}\n"),
      IsEmpty());
}

TEST(a_notification, is_not_asked_twice_to_one_url) {
  EXPECT_THAT(
      problems_of("server_url: https://a\nendpoints:\n"
                  "  - {id: a, path: /w, signature: {secret: s}}\n"
                  "  - {id: b, path: /x/w, signature: {secret: s}}\n"
                  "notifications:\n"
                  "  - {event: e, endpoint: a, callback_url: http://n/x/w}\n"
                  "  - {event: e, endpoint: b, callback_url: http://n/x/w}\n"),
      HasSubstr("notifications[1].callback_url: repeats what line 6"));
}

TEST(a_notification, may_be_answered_to_the_server_by_another_type) {
  // It is the endpoint's event_type that would have to be subscribed to.
  EXPECT_THAT(problems_of(minimal + one), IsEmpty());
  EXPECT_THAT(problems_of("server_url: https://a\nendpoints:\n"
                          "  - {id: webhook, path: /webhook, signature: "
                          "{secret: s}, event_type: email.processed}\n" +
                          one),
              HasSubstr("goes round in a circle"));
}

TEST(notifications, that_lead_to_each_other_are_refused) {
  EXPECT_THAT(problems_of(crossed("told.on", "told.on")), IsEmpty());
  EXPECT_THAT(problems_of(crossed("told.by.b", "told.on")), IsEmpty())
      << "the circle is not closed";
  const auto said = problems_of(crossed("told.by.b", "told.by.a"));
  EXPECT_THAT(said, HasSubstr("notifications[0].event: goes round"));
  EXPECT_THAT(said, HasSubstr("notifications[1].event: goes round"));
}

TEST(a_subscription, asks_for_a_type_or_all_that_begin_alike) {
  EXPECT_TRUE(asks_for("email.received", "email.received"));
  EXPECT_FALSE(asks_for("email.received", "email.received.late"));
  EXPECT_TRUE(asks_for("email.*", "email.received"));
  EXPECT_FALSE(asks_for("email.*", "emails"));
  EXPECT_TRUE(asks_for("*", "email"));
}

} // namespace

} // namespace mfo::config
