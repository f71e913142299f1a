#include "http/recorder.hpp"

#include "tests/support/http_exchanges.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mfo::http {

namespace {

using core::errc;
using telemetry::event_state;
using testing::ElementsAre;

struct a_recorder : testing::Test {
  recorder::number begin(recorder::order what = {.endpoint = "orders",
                                                 .count = 1,
                                                 .max_bytes = 1000}) {
    const auto begun = tape->begin(std::move(what), [this](auto result) {
      results.push_back(std::move(result));
    });
    EXPECT_TRUE(begun);
    return begun.value_or(0);
  }

  recorded_request request(std::string body = "{}") {
    return {.endpoint = maker.endpoint,
            .method = "POST",
            .path = "/orders",
            .query = "",
            .headers = {{"A", "b"}},
            .body = std::move(body)};
  }

  /// A request comes, and its event waits.
  exchange_ptr take(std::string body = "{}") {
    auto one = maker.make(body);
    one->record(tape->open(request(std::move(body))));
    return one;
  }

  std::vector<std::string> bodies(std::size_t of = 0) const {
    std::vector<std::string> all;
    for (const auto& each : results.at(of).requests)
      all.push_back(each.body);
    return all;
  }

  test::exchange_maker maker;
  std::shared_ptr<recorder> tape = std::make_shared<recorder>();
  std::vector<recorder::result> results;
};

TEST_F(a_recorder, takes_nothing_while_nobody_waits) {
  EXPECT_FALSE(tape->is_on());
  EXPECT_FALSE(tape->wants("orders"));
  EXPECT_EQ(tape->open(request()), nullptr);
}

TEST_F(a_recorder, gives_a_request_with_what_became_of_it) {
  begin();
  EXPECT_TRUE(tape->is_on());
  EXPECT_TRUE(tape->wants("orders"));
  const auto one = take(R"({"a":1})");
  EXPECT_TRUE(results.empty());
  core::outcome result;
  result.upstream_status = 201;
  one->finish(result);
  ASSERT_EQ(results.size(), 1u);
  ASSERT_EQ(results[0].requests.size(), 1u);
  const auto& got = results[0].requests[0];
  EXPECT_EQ(got.body, R"({"a":1})");
  EXPECT_EQ(got.path, "/orders");
  EXPECT_EQ(got.type, "webhook.received");
  EXPECT_EQ(got.outcome, event_state::delivered);
  EXPECT_EQ(got.reason, std::nullopt);
  EXPECT_EQ(got.upstream_status, 201);
  EXPECT_FALSE(tape->is_on()) << "it has as many as were wanted";
}

TEST_F(a_recorder, gives_as_many_as_are_wanted_as_they_end) {
  begin({.endpoint = "orders", .count = 2, .max_bytes = 1000});
  const auto first = take("1");
  const auto second = take("2");
  const auto third = take("3");
  third->finish({});
  EXPECT_TRUE(results.empty());
  first->finish({});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(bodies(), ElementsAre("3", "1"));
  EXPECT_EQ(results[0].unfinished, 1u);
  second->finish({});
  EXPECT_EQ(results.size(), 1u);
}

TEST_F(a_recorder, leaves_out_what_is_not_genuine) {
  begin();
  take("forged")->finish(core::refused(errc::bad_signature));
  take("hello")->finish(core::refused(errc::handshake));
  take("unseen")->finish(core::refused(errc::stage_unavailable));
  tape->open(request("early"))->refused(errc::rate_limited, 429);
  EXPECT_TRUE(results.empty());
  take("good")->finish(core::refused(errc::schema_violation));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(bodies(), ElementsAre("good"));
  EXPECT_EQ(results[0].not_genuine, 4u);
  EXPECT_EQ(results[0].requests[0].reason, errc::schema_violation);
  EXPECT_EQ(results[0].requests[0].outcome, event_state::refused);
}

TEST_F(a_recorder, gives_all_where_that_is_wanted) {
  begin({.endpoint = "orders", .count = 2, .max_bytes = 1000, .all = true});
  take("forged")->finish(core::refused(errc::bad_signature));
  tape->open(request("early"))->refused(errc::rate_limited, 429);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(bodies(), ElementsAre("forged", "early"));
  EXPECT_EQ(results[0].requests[1].status, 429);
  EXPECT_EQ(results[0].requests[1].reason, errc::rate_limited);
}

TEST_F(a_recorder, knows_an_acknowledged_event_that_fails) {
  begin();
  const auto one = take();
  one->acknowledge();
  EXPECT_TRUE(results.empty());
  one->finish(core::refused(errc::upstream_rejected));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].requests.at(0).outcome, event_state::dead_lettered);
  EXPECT_EQ(results[0].requests[0].reason, errc::upstream_rejected);
}

TEST_F(a_recorder, waits_for_all_events_of_a_request) {
  begin();
  const auto whole = take();
  const auto parts =
      whole->divide({maker.make()->event(), maker.make()->event()});
  ASSERT_EQ(parts.size(), 2u);
  parts[0]->finish({});
  EXPECT_TRUE(results.empty());
  parts[1]->finish(core::refused(errc::upstream_rejected));
  ASSERT_EQ(results.size(), 1u);
  const auto& got = results[0].requests.at(0);
  EXPECT_EQ(got.outcome, std::nullopt) << "they ended in several ways";
  EXPECT_EQ(got.reason, errc::upstream_rejected);
}

TEST_F(a_recorder, knows_what_the_sender_is_told) {
  begin();
  auto slip = tape->open(request());
  const auto sent = std::make_shared<test::recording_responder::record>();
  auto sender = watched(std::make_unique<test::recording_responder>(
                            sent, maker.observer.metrics->events()),
                        slip);
  EXPECT_FALSE(sender->waits_for_the_end());
  sent->waits = true;
  EXPECT_TRUE(sender->waits_for_the_end());
  slip->ended(*maker.make()->event(), {}, false);
  slip.reset();
  EXPECT_TRUE(results.empty()) << "there is an answer to come";
  sender->send({.status = 202});
  sender.reset();
  EXPECT_EQ(sent->answers.size(), 1u);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].requests.at(0).status, 202);
}

TEST_F(a_recorder, ends_with_what_it_has) {
  const auto of = begin({.endpoint = "orders", .count = 9, .max_bytes = 1000});
  take("1")->finish({});
  const auto waiting = take("2");
  tape->end(of);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(bodies(), ElementsAre("1"));
  EXPECT_EQ(results[0].unfinished, 1u);
  tape->end(of);
  waiting->finish({});
  EXPECT_EQ(results.size(), 1u);
  EXPECT_FALSE(tape->is_on());
}

TEST_F(a_recorder, holds_no_more_bytes_than_it_may) {
  // Besides its body, a request has 13 bytes here.
  const auto of = begin({.endpoint = "orders", .count = 9, .max_bytes = 100});
  EXPECT_EQ(request("").size(), 13u);
  EXPECT_EQ(tape->open(request(std::string(100, 'x'))), nullptr);
  take(std::string(50, 'a'))->finish({});
  take(std::string(50, 'b'))->finish({});
  take(std::string(20, 'c'))->finish({});
  tape->end(of);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(bodies(),
              ElementsAre(std::string(50, 'a'), std::string(20, 'c')));
  EXPECT_EQ(results[0].too_large, 2u);
}

TEST_F(a_recorder, holds_no_more_under_way_than_it_may) {
  begin({.endpoint = "orders", .count = 1, .max_bytes = 100'000});
  std::vector<recording_slip_ptr> held;
  for (std::size_t i = 0; i < recorder::spare + 1; ++i)
    held.push_back(tape->open(request()));
  EXPECT_NE(held.back(), nullptr);
  EXPECT_EQ(tape->open(request()), nullptr);
  held.pop_back();
  EXPECT_NE(tape->open(request()), nullptr) << "there is room again";
}

TEST_F(a_recorder, serves_several_at_a_time_and_no_more_than_that) {
  for (std::size_t i = 0; i < recorder::most; ++i)
    begin();
  EXPECT_FALSE(tape->begin({.endpoint = "orders"}, [](auto) {}));
  take("1")->finish({});
  ASSERT_EQ(results.size(), recorder::most);
  EXPECT_THAT(bodies(0), ElementsAre("1"));
  EXPECT_THAT(bodies(recorder::most - 1), ElementsAre("1"));
  begin();
}

TEST_F(a_recorder, leaves_other_endpoints_alone) {
  begin({.endpoint = "billing", .count = 1, .max_bytes = 1000});
  EXPECT_FALSE(tape->wants("orders"));
  EXPECT_EQ(tape->open(request()), nullptr);
  tape->end_all();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].requests.empty());
}

TEST_F(a_recorder, may_be_told_from_several_threads) {
  begin({.endpoint = "orders", .count = 100, .max_bytes = 100'000});
  const auto event = maker.make()->event();
  std::vector<std::thread> senders;
  for (int of = 0; of < 4; ++of)
    senders.emplace_back([this, &event] {
      for (int i = 0; i < 25; ++i)
        if (auto slip = tape->open(request())) {
          slip->answered(202);
          slip->ended(*event, {}, false);
        }
    });
  for (auto& each : senders)
    each.join();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].requests.size(), 100u);
}

} // namespace

} // namespace mfo::http
