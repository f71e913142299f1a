// What the listener gives to who records requests.

#include "tests/http/listener_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <optional>
#include <utility>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using core::errc;
using telemetry::event_state;
using testing::Contains;
using testing::Pair;

struct a_listener_that_records : listener_fixture {
  void begin(recorder::order what) {
    const auto begun = recording->begin(std::move(what), [this](auto got) {
      result.set_value(std::move(got));
    });
    ASSERT_TRUE(begun);
  }

  std::vector<recorded_request> requests() {
    auto got = result.get_future();
    if (got.wait_for(10s) == std::future_status::ready)
      return got.get().requests;
    ADD_FAILURE() << "the recording does not end";
    return {};
  }

  std::promise<recorder::result> result;
};

TEST_F(a_listener_that_records, gives_the_request_as_it_came) {
  open();
  begin({.endpoint = "orders", .count = 1, .max_bytes = 10'000});
  ask("POST", "/hook?a=1&b=%20", R"({"a":1})",
      {{"Content-Type", "application/json"}, {"X-A", "1"}, {"X-A", "2"}});
  const auto got = requests();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].endpoint->id, "orders");
  EXPECT_EQ(got[0].method, "POST");
  EXPECT_EQ(got[0].path, "/hook");
  EXPECT_EQ(got[0].query, "a=1&b=%20");
  EXPECT_EQ(got[0].body, R"({"a":1})");
  EXPECT_EQ(got[0].from.to_string(), "127.0.0.1");
  EXPECT_THAT(got[0].headers, Contains(Pair("X-A", "1")));
  EXPECT_THAT(got[0].headers, Contains(Pair("X-A", "2")));
  EXPECT_EQ(got[0].status, 202);
  EXPECT_EQ(got[0].outcome, event_state::delivered);
}

TEST_F(a_listener_that_records, gives_what_it_turns_away_where_all_is_wanted) {
  open();
  begin({.endpoint = "orders", .count = 3, .max_bytes = 10'000, .all = true});
  ask("GET", "/hook");
  ask("POST", "/hook", "x", {{"Content-Type", "text/plain"}});
  ask("POST", "/hook", "{}", {{"X-Delivery", "a"}, {"X-Delivery", "b"}});
  const auto got = requests();
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].status, 405);
  EXPECT_EQ(got[0].reason, errc::method_not_allowed);
  EXPECT_EQ(got[1].reason, errc::unsupported_media_type);
  EXPECT_EQ(got[2].reason, errc::malformed_request);
  EXPECT_EQ(got[2].outcome, event_state::refused);
}

TEST_F(a_listener_that_records, does_not_give_what_reaches_no_endpoint) {
  open();
  begin({.endpoint = "orders", .count = 1, .max_bytes = 10'000, .all = true});
  ask("POST", "/nowhere", "{}");
  ask("POST", "/hook", "{}");
  EXPECT_EQ(requests().at(0).path, "/hook");
}

} // namespace

} // namespace mfo::http
