#include "http/exchange.hpp"

#include "tests/support/http_exchanges.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::http {

namespace {

using core::errc;
using nlohmann::json;
using testing::HasSubstr;

struct an_exchange : testing::Test {
  telemetry::ledger::totals books() const {
    return maker.observer.metrics->events()->snapshot();
  }

  json last_line() const {
    return maker.lines.empty() ? json{} : json::parse(maker.lines.back());
  }

  test::exchange_maker maker;
};

TEST_F(an_exchange, is_in_flight_from_the_start) {
  const auto one = maker.make("{\"a\":1}");
  EXPECT_EQ(books().received, 1u);
  EXPECT_EQ(books().in_flight, 1u);
  EXPECT_EQ(maker.admission.events(), 1u);
  EXPECT_EQ(maker.admission.bytes(), 7u);
  EXPECT_TRUE(maker.sent->answers.empty());
}

TEST_F(an_exchange, answers_202_when_the_event_is_delivered) {
  const auto one = maker.make();
  core::outcome result;
  result.attempts = 2;
  one->finish(result);
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 202);
  EXPECT_THAT(maker.sent->answers[0].body, HasSubstr(one->event()->id));
  EXPECT_EQ(books().delivered, 1u);
  EXPECT_EQ(last_line()["message"], "event delivered");
  EXPECT_EQ(last_line()["level"], "info");
  EXPECT_EQ(last_line()["event_id"], one->event()->id);
  EXPECT_EQ(last_line()["endpoint"], "orders");
  EXPECT_EQ(last_line()["stage"], "intake");
  EXPECT_EQ(last_line()["attempts"], 2);
}

TEST_F(an_exchange, answers_with_the_error_when_it_is_not) {
  const auto one = maker.make();
  auto result = core::refused(errc::upstream_busy, "for the log");
  result.upstream_status = 503;
  result.retry_after = std::chrono::seconds{4};
  one->finish(result);
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 503);
  EXPECT_EQ(maker.sent->answers[0].retry_after, std::chrono::seconds{4});
  EXPECT_EQ(books().refused, 1u);
  EXPECT_EQ(last_line()["level"], "warn");
  EXPECT_EQ(last_line()["reason"], "upstream_busy");
  EXPECT_EQ(last_line()["upstream_status"], 503);
  EXPECT_EQ(last_line()["detail"], "for the log");
}

TEST_F(an_exchange, is_finished_once) {
  const auto one = maker.make();
  one->finish(core::refused(errc::bad_signature));
  one->finish({});
  EXPECT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.lines.size(), 1u);
  EXPECT_EQ(books().refused, 1u);
  EXPECT_EQ(books().delivered, 0u);
}

TEST_F(an_exchange, answers_500_when_it_is_forgotten) {
  maker.make().reset();
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 500);
  EXPECT_EQ(books().in_flight, 0u);
  EXPECT_EQ(books().refused, 1u);
  EXPECT_EQ(last_line()["level"], "error");
  EXPECT_EQ(last_line()["reason"], "internal_error");
  EXPECT_EQ(maker.admission.events(), 0u);
}

TEST_F(an_exchange, says_nothing_more_when_it_goes_after_its_end) {
  auto one = maker.make();
  one->finish({});
  one.reset();
  EXPECT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(books().refused, 0u);
}

TEST_F(an_exchange, is_in_the_books_before_the_sender_knows) {
  maker.make()->finish({});
  ASSERT_EQ(maker.sent->books.size(), 1u);
  EXPECT_EQ(maker.sent->books[0].delivered, 1u);
  EXPECT_EQ(maker.sent->books[0].in_flight, 0u);
}

TEST_F(an_exchange, gives_its_room_back_when_it_is_finished) {
  const auto one = maker.make();
  one->finish({});
  EXPECT_EQ(maker.admission.events(), 0u);
  EXPECT_EQ(maker.admission.bytes(), 0u);
}

TEST_F(an_exchange, has_its_story_written_down) {
  const auto one = maker.make();
  const auto& book = *maker.observer.events;
  ASSERT_EQ(book.find(one->event()->id).size(), 1u);
  EXPECT_EQ(book.list({.outcome = "in_flight"}).size(), 1u);
  one->finish(core::refused(errc::upstream_failed, "503"));
  const auto found = book.find(one->event()->id);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]->state, telemetry::event_state::refused);
  EXPECT_EQ(found[0]->detail, "503");
}

TEST_F(an_exchange, leaves_its_story_to_the_dead_letter_office) {
  const auto one = maker.make();
  one->acknowledge();
  one->finish(core::refused(errc::upstream_failed));
  const auto& book = *maker.observer.events;
  const auto found = book.list({.outcome = "in_flight"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0]->acknowledged);
  EXPECT_TRUE(found[0]->undelivered);
  ASSERT_EQ(maker.office->taken.size(), 1u);
  maker.office->taken.clear();
  EXPECT_TRUE(book.list({.outcome = "in_flight"}).empty());
}

TEST_F(an_exchange, is_measured) {
  maker.make()->finish({});
  EXPECT_THAT(
      maker.observer.metrics->expose(),
      HasSubstr("mfo_event_duration_seconds_count{endpoint=\"orders\"} 1\n"));
}

TEST_F(an_exchange, that_is_acknowledged_is_answered_once_and_stays_open) {
  const auto one = maker.make();
  one->acknowledge();
  one->acknowledge();
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 202);
  EXPECT_THAT(maker.sent->answers[0].body, HasSubstr("\"received\""));
  EXPECT_EQ(books().in_flight, 1u);
  EXPECT_EQ(maker.admission.events(), 1u);
  one->finish({});
  EXPECT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(books().delivered, 1u);
  EXPECT_EQ(maker.admission.events(), 0u);
  EXPECT_TRUE(maker.office->taken.empty());
}

TEST_F(an_exchange, that_is_acknowledged_goes_to_the_office_when_it_fails) {
  maker.observer.log->set_level(config::log_level::debug);
  const auto one = maker.make();
  one->acknowledge();
  one->finish(core::refused(errc::upstream_rejected, "why"));
  ASSERT_EQ(maker.office->taken.size(), 1u);
  auto& taken = maker.office->taken[0];
  EXPECT_EQ(taken.event, one->event());
  EXPECT_EQ(taken.why.error, errc::upstream_rejected);
  EXPECT_EQ(books().in_flight, 1u) << "the office has not written it yet";
  EXPECT_EQ(maker.admission.events(), 1u);
  EXPECT_EQ(last_line()["message"], "event undelivered");
  taken.account.dead_lettered(errc::upstream_rejected);
  EXPECT_EQ(books().dead_lettered, 1u);
  EXPECT_EQ(books().refused, 0u);
}

TEST_F(an_exchange, that_is_acknowledged_tells_who_waits_of_the_end_alone) {
  maker.sent->waits = true;
  const auto one = maker.make();
  one->acknowledge();
  one->acknowledge();
  EXPECT_TRUE(maker.sent->answers.empty());
  one->finish(core::refused(errc::upstream_rejected, "why"));
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 502);
  EXPECT_EQ(maker.office->taken.size(), 1u) << "and it is kept all the same";
}

TEST_F(an_exchange, leaves_the_line_about_a_dead_letter_to_the_office) {
  const auto one = maker.make();
  one->acknowledge();
  one->finish(core::refused(errc::upstream_rejected, "why"));
  EXPECT_TRUE(maker.lines.empty());
}

TEST_F(an_exchange, that_is_acknowledged_and_forgotten_goes_to_the_office) {
  auto one = maker.make();
  one->acknowledge();
  one.reset();
  ASSERT_EQ(maker.office->taken.size(), 1u);
  EXPECT_EQ(maker.office->taken[0].why.error, errc::internal_error);
  EXPECT_EQ(maker.sent->answers.size(), 1u);
}

TEST_F(an_exchange, is_not_acknowledged_after_its_end) {
  const auto one = maker.make();
  one->finish(core::refused(errc::bad_signature));
  one->acknowledge();
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 401);
}

TEST_F(an_exchange, tells_the_window_of_a_delivery_that_is_taken_care_of) {
  using verdict = core::delivery_window::verdict;
  const auto now = std::chrono::steady_clock::now();
  const auto claim = [&](const core::event& event) {
    return maker.deliveries->claim(event.id, &event, event.deadline, now);
  };
  const auto failed = maker.make("{}", "d-1");
  EXPECT_EQ(claim(*failed->event()), verdict::fresh);
  failed->finish(core::refused(errc::upstream_failed));
  const auto again = maker.make("{}", "d-1");
  EXPECT_EQ(claim(*again->event()), verdict::fresh);
  again->acknowledge();
  const auto repeated = maker.make("{}", "d-1");
  EXPECT_EQ(claim(*repeated->event()), verdict::taken)
      << "its sender has been told that it is";
  again->finish(core::refused(errc::upstream_failed));
  EXPECT_EQ(claim(*repeated->event()), verdict::taken) << "as a dead letter";
  repeated->finish(core::refused(errc::duplicate));
  EXPECT_EQ(claim(*repeated->event()), verdict::taken);
}

struct a_divided_exchange : an_exchange {
  void divide(std::initializer_list<std::string_view> payloads) {
    whole = maker.make("0123456789");
    std::vector<core::event_ptr> events;
    for (const auto& each : payloads)
      events.push_back(core::refine(*whole->event(),
                                    {.payload = each, .delivery_id = each}));
    parts = whole->divide(events);
  }

  exchange_ptr whole;
  std::vector<exchange_ptr> parts;
};

TEST_F(a_divided_exchange, makes_way_for_one_for_each_event) {
  divide({"[1]", "[2]", "[3]"});
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1]->event()->payload(), "[2]");
  EXPECT_EQ(books().received, 3u);
  EXPECT_EQ(books().in_flight, 3u);
  EXPECT_EQ(maker.admission.events(), 3u);
  whole->finish({});
  whole.reset();
  EXPECT_TRUE(maker.sent->answers.empty()) << "its parts owe the answer";
}

TEST_F(a_divided_exchange, answers_when_the_last_part_has_ended) {
  divide({"[1]", "[2]"});
  parts[1]->finish({});
  EXPECT_TRUE(maker.sent->answers.empty());
  parts[0]->finish({});
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 202);
  EXPECT_EQ(books().delivered, 2u);
  EXPECT_EQ(maker.admission.events(), 0u);
  EXPECT_EQ(maker.admission.bytes(), 0u);
}

TEST_F(a_divided_exchange, says_to_come_again_when_a_part_may) {
  divide({"[1]", "[2]", "[3]"});
  parts[0]->finish(core::refused(errc::schema_violation));
  parts[1]->finish(core::refused(errc::upstream_busy));
  parts[2]->finish({});
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 503);
}

TEST_F(a_divided_exchange, says_what_is_wrong_for_good) {
  divide({"[1]", "[2]"});
  parts[0]->finish(core::refused(errc::schema_violation));
  parts[1]->finish({});
  EXPECT_EQ(maker.sent->answers[0].status, 422);
}

TEST_F(a_divided_exchange, accepts_what_is_taken_or_was_before) {
  divide({"[1]", "[2]"});
  parts[0]->finish({});
  parts[1]->finish(core::refused(errc::duplicate));
  EXPECT_EQ(maker.sent->answers[0].status, 202);
}

TEST_F(a_divided_exchange, is_a_duplicate_when_all_of_it_is) {
  divide({"[1]", "[2]"});
  for (const auto& each : parts)
    each->finish(core::refused(errc::duplicate));
  EXPECT_EQ(maker.sent->answers[0].status, 200);
}

TEST_F(a_divided_exchange, acknowledges_when_all_parts_are) {
  divide({"[1]", "[2]"});
  parts[0]->acknowledge();
  EXPECT_TRUE(maker.sent->answers.empty());
  parts[1]->acknowledge();
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_THAT(maker.sent->answers[0].body, HasSubstr("received"));
  parts.clear();
  EXPECT_EQ(maker.office->taken.size(), 2u);
}

TEST_F(a_divided_exchange, answers_500_when_a_part_is_forgotten) {
  divide({"[1]", "[2]"});
  parts[0]->finish({});
  parts.clear();
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 500);
  EXPECT_EQ(books().refused, 1u);
}

TEST_F(a_divided_exchange, takes_room_for_what_was_inflated) {
  const std::string large(1'000, '1');
  divide({large});
  EXPECT_EQ(maker.admission.bytes(), 1'000u);
  EXPECT_EQ(maker.admission.events(), 1u);
}

TEST_F(a_divided_exchange, is_refused_whole_when_there_is_no_room) {
  const std::string half(600'000, '1');
  divide({half, half});
  EXPECT_TRUE(parts.empty());
  ASSERT_EQ(maker.sent->answers.size(), 1u);
  EXPECT_EQ(maker.sent->answers[0].status, 503);
  EXPECT_EQ(books().refused, 1u);
  EXPECT_EQ(maker.admission.events(), 0u);
  EXPECT_EQ(maker.admission.bytes(), 0u);
}

TEST_F(a_divided_exchange, has_nothing_to_divide_after_its_end) {
  const auto one = maker.make();
  one->finish({});
  EXPECT_TRUE(
      one->divide({core::refine(*one->event(), {.payload = "1"})}).empty());
  EXPECT_EQ(maker.sent->answers.size(), 1u);
}

TEST_F(an_exchange, never_logs_the_payload) {
  maker.make("\"confidential\"")->finish({});
  maker.make("\"confidential\"")
      ->finish(core::refused(errc::malformed_json, "not JSON"));
  maker.make("\"confidential\"").reset();
  EXPECT_EQ(maker.lines.size(), 3u);
  for (const auto& line : maker.lines)
    EXPECT_EQ(line.find("confidential"), std::string::npos) << line;
}

} // namespace

} // namespace mfo::http
