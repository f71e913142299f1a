#include "actors/letter_office.hpp"

#include "tests/support/http_exchanges.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <atomic>

namespace mfo::actors {
namespace {

using support::wait_until;

/// A sink that the test can break.
class probe_sink final : public dead_letters::sink {
public:
  struct record {
    std::atomic<bool> broken = false;
    std::mutex mutex;
    std::vector<dead_letters::letter> letters; ///< guarded by mutex

    std::size_t count() {
      const std::lock_guard lock{mutex};
      return letters.size();
    }
  };

  explicit probe_sink(std::shared_ptr<record> to) : to_(std::move(to)) {}

  dead_letters::done
  write(std::span<const dead_letters::letter_ptr> letters) override {
    if (to_->broken)
      return tl::unexpected<std::string>{"broken"};
    const std::lock_guard lock{to_->mutex};
    for (const auto& each : letters)
      to_->letters.push_back(*each);
    return {};
  }

private:
  std::shared_ptr<record> to_;
};

struct a_letter_office : testing::Test {
  a_letter_office() {
    std::vector<dead_letters::named_sink> sinks;
    sinks.push_back({"probe", std::make_unique<probe_sink>(sink)});
    office = std::make_shared<letter_office>(
        std::make_unique<dead_letters::writer>(std::move(sinks)), "node-1",
        maker.observer);
  }

  /// An event that was acknowledged and then refused by the server.
  core::event_ptr fail_event() {
    const auto one = maker.make("{\"a\":1}");
    one->acknowledge();
    auto why = core::refused(core::errc::upstream_rejected, "it said no");
    why.attempts = 3;
    why.upstream_status = 422;
    one->finish(why);
    office->take(std::move(maker.office->taken.back()));
    maker.office->taken.clear();
    return one->event();
  }

  telemetry::ledger::totals books() const {
    return maker.observer.metrics->events()->snapshot();
  }

  test::exchange_maker maker;
  std::shared_ptr<probe_sink::record> sink =
      std::make_shared<probe_sink::record>();
  std::shared_ptr<letter_office> office;
};

TEST_F(a_letter_office, writes_all_that_is_known_of_the_event) {
  const auto event = fail_event();
  ASSERT_TRUE(wait_until([&] { return books().dead_lettered == 1; }));
  const std::lock_guard lock{sink->mutex};
  ASSERT_EQ(sink->letters.size(), 1U);
  const auto& letter = sink->letters[0];
  EXPECT_EQ(letter.event_id, event->id);
  EXPECT_EQ(letter.body, event->envelope);
  EXPECT_EQ(letter.endpoint, "orders");
  EXPECT_EQ(letter.node, "node-1");
  EXPECT_EQ(letter.reason, "upstream_rejected");
  EXPECT_EQ(letter.detail, "it said no");
  EXPECT_EQ(letter.attempts, 3U);
  EXPECT_EQ(letter.last_status, 422);
  EXPECT_EQ(letter.traceparent, event->traceparent);
}

TEST_F(a_letter_office, gives_the_events_room_back_when_it_is_written) {
  fail_event();
  EXPECT_TRUE(wait_until([&] { return maker.admission.events() == 0; }));
  EXPECT_EQ(books().in_flight, 0U);
}

TEST_F(a_letter_office, keeps_what_no_sink_takes_and_offers_it_again) {
  sink->broken = true;
  fail_event();
  ASSERT_TRUE(wait_until([&] { return office->sinks()[0].failures > 0; }));
  EXPECT_EQ(books().in_flight, 1U);
  EXPECT_EQ(maker.admission.events(), 1U) << "its room is not given away";
  EXPECT_EQ(office->waiting(), 1U);
  sink->broken = false;
  EXPECT_TRUE(wait_until([&] {
    office->offer_again();
    return books().dead_lettered == 1;
  }));
  EXPECT_EQ(sink->count(), 1U);
}

TEST_F(a_letter_office, writes_what_it_has_when_it_is_stopped) {
  for (int i = 0; i < 50; ++i)
    fail_event();
  office->stop(std::chrono::seconds{5});
  EXPECT_EQ(sink->count(), 50U);
  EXPECT_EQ(books().dead_lettered, 50U);
}

TEST_F(a_letter_office, says_of_each_event_that_it_is_lost) {
  sink->broken = true;
  const auto event = fail_event();
  office->stop(std::chrono::milliseconds{100});
  EXPECT_THAT(maker.lines,
              testing::Contains(testing::AllOf(testing::HasSubstr("event lost"),
                                               testing::HasSubstr(event->id))));
}

} // namespace
} // namespace mfo::actors
