#include "actors/letter_office.hpp"

#include "tests/support/http_exchanges.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>

namespace mfo::actors {
namespace {

using support::wait_until;

/// A sink that the test can break.
class probe_sink final : public dead_letters::sink {
public:
  struct record {
    std::atomic<bool> broken = false;
    std::atomic<bool> held = false; ///< a write waits for `go`
    std::counting_semaphore<> entered{0};
    std::counting_semaphore<> go{0};
    std::mutex mutex;
    std::vector<dead_letters::letter> letters; ///< guarded by mutex

    std::size_t count() {
      const std::lock_guard lock{mutex};
      return letters.size();
    }
  };

  explicit probe_sink(std::shared_ptr<record> to) : to_(std::move(to)) {}

  dead_letters::done probe() override {
    return {};
  }

  dead_letters::done
  write(std::span<const dead_letters::letter_ptr> letters) override {
    if (to_->held) {
      to_->entered.release();
      to_->go.acquire();
    }
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
        maker.observer, [this] { return now; });
  }

  /// How many lines say that. Not while the writer may write one.
  std::ptrdiff_t lines_with(std::string_view words) const {
    return std::ranges::count_if(maker.lines, [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
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

  std::chrono::steady_clock::time_point now{std::chrono::hours{1}};
  test::exchange_maker maker;
  std::shared_ptr<probe_sink::record> sink =
      std::make_shared<probe_sink::record>();
  std::shared_ptr<letter_office> office;
};

TEST_F(a_letter_office, writes_all_that_is_known_of_the_event) {
  maker.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  maker.tracestate = "congo=t61rcWkgMzE";
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
  EXPECT_EQ(letter.tracestate, "congo=t61rcWkgMzE");
}

TEST_F(a_letter_office, gives_the_events_room_back_when_it_is_written) {
  fail_event();
  EXPECT_TRUE(wait_until([&] { return maker.admission.events() == 0; }));
  EXPECT_EQ(books().in_flight, 0U);
}

TEST_F(a_letter_office, tells_of_the_event_before_the_books_say_it_ended) {
  maker.replicate();
  std::vector<std::uint64_t> in_flight;
  maker.settled = [&](const core::event&) {
    in_flight.push_back(books().in_flight);
  };
  fail_event();
  office->stop(std::chrono::seconds{5});
  EXPECT_THAT(in_flight, testing::ElementsAre(1U));
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
  EXPECT_EQ(books().refused, 1U) << "for an internal error";
  EXPECT_EQ(books().in_flight, 0U);
  EXPECT_EQ(maker.admission.events(), 0U);
}

TEST_F(a_letter_office, has_one_line_for_each_letter_that_is_written) {
  for (int i = 0; i < 3; ++i)
    fail_event();
  office->stop(std::chrono::seconds{5});
  EXPECT_EQ(lines_with("event dead-lettered"), 3);
  EXPECT_EQ(maker.lines.size(), 3U);
}

TEST_F(a_letter_office, says_once_of_each_letter_that_it_has_to_keep_it) {
  sink->broken = true;
  fail_event();
  fail_event();
  EXPECT_TRUE(wait_until([&] {
    office->offer_again();
    return office->sinks()[0].failures > 10;
  }));
  office->stop(std::chrono::seconds{5});
  EXPECT_EQ(lines_with("no sink takes a dead letter"), 2);
  EXPECT_EQ(lines_with("event lost"), 2);
  EXPECT_EQ(maker.lines.size(), 4U);
}

TEST_F(a_letter_office, says_once_a_minute_how_many_letters_it_keeps) {
  sink->broken = true;
  fail_event();
  fail_event();
  ASSERT_TRUE(wait_until([&] {
    office->offer_again();
    return office->sinks()[0].failures > 2;
  })) << "both were refused before the third write";
  const auto minutes = [&](int count) {
    for (const auto end = now + std::chrono::minutes{count}; now < end;
         now += std::chrono::seconds{1})
      office->offer_again();
  };
  minutes(4);
  sink->broken = false;
  EXPECT_TRUE(wait_until([&] {
    office->offer_again();
    return books().dead_lettered == 2;
  }));
  minutes(3);
  office->stop(std::chrono::seconds{5});
  EXPECT_GE(lines_with("dead letters wait for a sink"), 3);
  EXPECT_LE(lines_with("dead letters wait for a sink"), 4) << "none at the end";
  EXPECT_EQ(lines_with("\"waiting\":2"),
            lines_with("dead letters wait for a sink"));
}

TEST_F(a_letter_office, says_what_is_lost_because_a_sink_does_not_answer) {
  sink->held = true;
  const auto first = fail_event();
  sink->entered.acquire();
  const auto second = fail_event();
  std::thread stopper{[this] {
    office->stop(std::chrono::milliseconds{1});
  }};
  EXPECT_TRUE(wait_until([&] { return books().refused == 2; }))
      << "the sink has not answered yet";
  sink->held = false;
  sink->go.release();
  stopper.join();
  for (const auto& each : {first, second})
    EXPECT_THAT(maker.lines, testing::Contains(testing::AllOf(
                                 testing::HasSubstr("event lost"),
                                 testing::HasSubstr(each->id))));
  EXPECT_EQ(lines_with("event dead-lettered"), 1) << "the first one after all";
  EXPECT_EQ(books().dead_lettered, 0U) << "it has ended already";
  EXPECT_EQ(books().in_flight, 0U);
  EXPECT_EQ(office->waiting(), 0U);
}

TEST_F(a_letter_office, gives_up_before_a_write_that_goes_on_has_ended) {
  sink->held = true;
  fail_event();
  sink->entered.acquire();
  const auto end = letter_office::clock::now();
  office->begin_stop(end);
  office->give_up(end);
  EXPECT_EQ(lines_with("event lost"), 1);
  EXPECT_EQ(books().in_flight, 0U);
  sink->held = false;
  sink->go.release();
  office->stop(std::chrono::milliseconds{0});
  EXPECT_EQ(lines_with("event lost"), 1) << "once is enough";
}

TEST_F(a_letter_office, loses_nothing_in_silence_that_comes_after_the_end) {
  office->stop(std::chrono::milliseconds{1});
  fail_event();
  EXPECT_EQ(lines_with("event lost"), 1);
  EXPECT_EQ(books().refused, 1U);
}

TEST_F(a_letter_office, may_be_dropped_while_the_writer_is_at_work) {
  sink->held = true;
  fail_event();
  sink->entered.acquire();
  const std::weak_ptr<letter_office> last = office;
  std::thread dropper{[this] {
    office.reset();
  }};
  EXPECT_TRUE(wait_until([&] { return last.expired(); }))
      << "the writer's thread would have to end itself";
  sink->held = false;
  sink->go.release();
  dropper.join();
}

} // namespace
} // namespace mfo::actors
