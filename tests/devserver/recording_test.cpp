#include "tests/devserver/fixture.hpp"

#include <regex>

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class recording : public running_server {};

/// The array that control shows for exactly one event ends like this.
std::string only_body(const std::string& events) {
  const std::string mark = R"("body":)";
  const auto at = events.find(mark) + mark.size();
  return events.substr(at, events.size() - at - std::string("}]").size());
}

TEST_F(recording, keeps_the_body_byte_for_byte) {
  for (const std::string body : {
           R"({"z":1,"a":2,"payload":{"b":[],"a":{}}})",
           R"({"n":12345678901234567890,"big":123456789012345678901234567890})",
           R"({"f":1.0,"g":1e400,"h":-0,"i":1E+2,"j":0.10})",
           R"({"s":"\u0041\/\ud83d\ude00\n","lone":"\ud800"})",
           R"({"a":1,"a":2,"a":{"a":3,"a":4}})",
           " \t\r\n{ \"a\" :\t1 ,\r\n\"b\": [ 1 , 2 ] } \n",
           "{\"text\":\"\xc3\xa9\xf0\x9f\x98\x80\x7f\"}",
           R"("only a string")",
           "7",
       }) {
    one->clear();
    ASSERT_EQ(ask("POST", "/api/events", body).status, 202) << body;
    ASSERT_EQ(one->count(), 1u);
    EXPECT_EQ(one->events().front()->body, body);
    EXPECT_EQ(only_body(ask("GET", "/__control/events").body), body);
  }
}

TEST_F(recording, keeps_a_chunked_body_byte_for_byte) {
  raw_client client(one->port());
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Transfer-Encoding: chunked\r\n\r\n"
               "5\r\n{\"a\":\r\n4\r\n1.0}\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().status, 202);
  EXPECT_EQ(one->events().front()->body, R"({"a":1.0})");
}

TEST_F(recording, shows_headers_in_lower_case_and_joins_repeated_ones) {
  ask("POST", "/api/events", "{}",
      {{"X-One", "a"}, {"x-two", "\"q\""}, {"X-ONE", "b"}});
  const auto shown = json::parse(ask("GET", "/__control/events").body);
  EXPECT_EQ(shown[0]["headers"]["x-one"], "a, b");
  EXPECT_EQ(shown[0]["headers"]["x-two"], "\"q\"");
  EXPECT_EQ(shown[0]["headers"]["content-length"], "2");
}

TEST_F(recording, shows_a_header_that_is_not_utf_8_as_valid_json) {
  ask("POST", "/api/events", "{}", {{"X-Raw", "a\xff"}});
  const auto shown = json::parse(ask("GET", "/__control/events").body);
  EXPECT_EQ(shown[0]["headers"]["x-raw"], "a\xef\xbf\xbd");
}

TEST_F(recording, tells_the_time_in_utc_with_milliseconds) {
  ask("POST", "/api/events", "{}");
  const auto shown = json::parse(ask("GET", "/__control/events").body);
  EXPECT_TRUE(std::regex_match(
      shown[0]["received_at"].get<std::string>(),
      std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
}

TEST_F(recording, dedups_nothing_and_keeps_the_order) {
  for (const auto* id : {"b", "a", "b"})
    ask("POST", "/api/events", json{{"id", id}}.dump());
  EXPECT_THAT(one->ids(), ElementsAre("b", "a", "b"));
  EXPECT_EQ(ask_json("GET", "/__control/ids"), (json::array({"b", "a", "b"})));
}

TEST_F(recording, names_an_event_by_a_number_or_makes_an_id_up) {
  ask("POST", "/api/events", R"({"id": 12345678901234567890 })");
  ask("POST", "/api/events", R"({"id":null})");
  EXPECT_EQ(one->ids()[0], "12345678901234567890");
  EXPECT_THAT(one->ids()[1], HasSubstr("event-"));
}

TEST_F(recording, serves_more_than_one_request_on_a_connection) {
  raw_client client(one->port());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.ask("POST", "/api/events", "{}").status, 202);
  client.write("POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Content-Length: 2\r\n\r\n{}"
               "POST /api/events HTTP/1.1\r\nHost: t\r\n"
               "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.read().status, 202);
  EXPECT_EQ(client.read().status, 202);
  EXPECT_EQ(one->count(), 5u);
}

TEST_F(recording, tells_its_owner_of_every_event) {
  std::vector<std::string> seen;
  run({.on_event = [&](const event_notice& event) {
    seen.push_back(std::string(event.id) + " " + std::string(event.type) + " " +
                   std::to_string(event.bytes) + " " +
                   std::to_string(event.status));
  }});
  ask("POST", "/api/events", R"({"id":"1","type":"a.b"})");
  ask("POST", "/api/events", "x", {{"Idempotency-Key", "2"}});
  one->stop();
  EXPECT_THAT(seen, ElementsAre("1 a.b 23 202", "2  1 400"));
}

} // namespace
} // namespace mfo::devserver
