#include "tests/devserver/fixture.hpp"
#include "tests/devserver/receiver.hpp"
#include "tests/support/signatures.hpp"

#include <regex>

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class notifications : public running_server {
protected:
  answer subscribe(const std::string& event, const std::string& url) {
    return ask("POST", "/api/notifications/subscribe",
               json{{"event", event}, {"callback_url", url}}.dump());
  }

  void post(const std::string& event) {
    ASSERT_EQ(ask("POST", "/api/events", event).status, 202) << event;
  }

  /// Declared before the server ends, so that it outlives it.
  receiver to;
};

TEST_F(notifications, tell_a_subscriber_of_an_event_of_its_type) {
  ASSERT_EQ(subscribe("email.received", to.url()).status, 201);
  post(R"({"id":"e-1","type":"email.received","payload":{"n":1.0}})");
  ASSERT_TRUE(to.wait_for(1));
  const auto text = to.got().front().body();
  EXPECT_THAT(text, HasSubstr(R"("data":{"n":1.0})")); // byte for byte
  const auto body = json::parse(text);
  EXPECT_EQ(body["event"], "email.received");
  EXPECT_EQ(body["id"], "e-1");
  EXPECT_TRUE(std::regex_match(
      body["timestamp"].get<std::string>(),
      std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
}

TEST_F(notifications, carry_the_data_of_a_cloudevent_or_the_whole_event) {
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  post(R"({"specversion":"1.0","id":"1","type":"a","data":[1]})");
  post(R"({"id":"2","type":"a"})");
  ASSERT_TRUE(to.wait_for(2));
  const auto got = to.got();
  EXPECT_EQ(json::parse(got[0].body())["data"], json::array({1}));
  EXPECT_EQ(json::parse(got[1].body())["data"],
            (json{{"id", "2"}, {"type", "a"}}));
}

TEST_F(notifications, go_to_those_whose_pattern_fits) {
  ASSERT_EQ(subscribe("email.*", to.url("/email")).status, 201);
  ASSERT_EQ(subscribe("*", to.url("/all")).status, 201);
  ASSERT_EQ(subscribe("email", to.url("/exact")).status, 201);
  post(R"({"id":"1","type":"email.received"})");
  post(R"({"id":"2","type":"emails"})");
  post(R"({"id":"3"})");
  post(R"({"id":"4","type":"email."})");
  ASSERT_TRUE(to.wait_for(6));
  ASSERT_TRUE(support::wait_until(
      [&] { return ask_json("GET", "/__control/callbacks")["waiting"] == 0; }));
  std::vector<std::string> told;
  for (const auto& request : to.got())
    told.push_back(std::string(request.target()) + " " +
                   json::parse(request.body())["id"].get<std::string>());
  EXPECT_THAT(told,
              testing::UnorderedElementsAre("/email 1", "/all 1", "/all 2",
                                            "/all 3", "/email 4", "/all 4"));
}

TEST_F(notifications, come_once_to_who_subscribed_again) {
  const auto first = subscribe("a", to.url());
  const auto again = subscribe("a", to.url());
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(json::parse(again.body)["id"], json::parse(first.body)["id"]);
  EXPECT_EQ(subscribe("a", to.url("/other")).status, 201);
  EXPECT_EQ(subscribe("b", to.url()).status, 201);
  post(R"({"id":"1","type":"a"})");
  ASSERT_TRUE(support::wait_until(
      [&] { return ask_json("GET", "/__control/callbacks")["sent"] == 2; }));
  EXPECT_EQ(ask_json("GET", "/__control/callbacks")["waiting"], 0);
}

TEST_F(notifications, are_listed_with_what_was_asked_for) {
  EXPECT_EQ(ask_json("GET", "/__control/subscriptions"), json::array());
  const auto made = subscribe("email.*", to.url());
  EXPECT_EQ(ask_json("GET", "/__control/subscriptions"),
            json::array({json{{"id", json::parse(made.body)["id"]},
                              {"event", "email.*"},
                              {"callback_url", to.url()}}}));
}

TEST_F(notifications, are_signed_with_the_callback_secret) {
  run({.callback_secret = "s3cret"});
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  post(R"({"type":"a"})");
  ASSERT_TRUE(to.wait_for(1));
  const auto got = to.got().front();
  EXPECT_EQ(got["X-Signature"], support::hex_hmac_sha256("s3cret", got.body()));
}

TEST_F(notifications, are_of_events_that_were_recorded_alone) {
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  set_faults(R"({"statuses":[503]})");
  EXPECT_EQ(ask("POST", "/api/events", R"({"id":"1","type":"a"})").status, 503);
  post(R"({"id":"2","type":"a"})");
  ASSERT_TRUE(to.wait_for(1));
  EXPECT_EQ(json::parse(to.got().front().body())["id"], "2");
}

TEST_F(notifications, tell_of_each_event_of_a_batch) {
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  post(
      R"([{"id":"1","type":"a"},{"id":"2","type":"b"},{"id":"3","type":"a"}])");
  ASSERT_TRUE(to.wait_for(2));
  EXPECT_EQ(json::parse(to.got()[1].body())["id"], "3");
}

TEST_F(notifications, hold_no_answer_up_and_are_counted) {
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  to.shut();
  for (int i = 0; i < 3; ++i)
    post(R"({"type":"a"})");
  EXPECT_EQ(ask_json("GET", "/__control/callbacks"),
            (json{{"sent", 0}, {"failed", 0}, {"dropped", 0}, {"waiting", 3}}));
  to.open();
  EXPECT_TRUE(support::wait_until(
      [&] { return ask_json("GET", "/__control/callbacks")["sent"] == 3; }));
}

TEST_F(notifications, go_to_this_machine_unless_others_are_allowed) {
  const auto got = subscribe("a", "http://example.com/x");
  EXPECT_EQ(got.status, 400);
  EXPECT_THAT(got.body, HasSubstr("another machine"));
  EXPECT_EQ(subscribe("a", "no URL").status, 400);
  run({.allow_remote = true});
  EXPECT_EQ(subscribe("a", "http://example.com/x").status, 201);
}

TEST_F(notifications, outlive_a_stop_of_the_server) {
  ASSERT_EQ(subscribe("a", to.url()).status, 201);
  one->stop();
  ASSERT_TRUE(one->start());
  post(R"({"type":"a"})");
  EXPECT_TRUE(to.wait_for(1));
}

} // namespace
} // namespace mfo::devserver
