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
