#include "telemetry/ledger.hpp"

#include <gtest/gtest.h>
#include <prometheus/metric_family.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::telemetry {

namespace {

using core::errc;

/// The value of the sample with these labels; -1: there is none.
double value_of(const std::vector<prometheus::MetricFamily>& families,
                const std::string& name,
                const std::vector<std::string>& labels) {
  for (const auto& family : families)
    for (const auto& metric : family.metric) {
      std::vector<std::string> have;
      for (const auto& label : metric.label)
        have.push_back(label.value);
      if (family.name == name && have == labels)
        return family.type == prometheus::MetricType::Counter
                   ? metric.counter.value
                   : metric.gauge.value;
    }
  return -1;
}

struct books : testing::Test {
  double value(const std::string& name,
               const std::vector<std::string>& labels) const {
    return value_of(book->Collect(), name, labels);
  }

  std::shared_ptr<ledger> book = ledger::make({"orders", "invoices"});
};

TEST_F(books, begin_empty) {
  const auto now = book->snapshot();
  EXPECT_EQ(now.received, 0u);
  EXPECT_EQ(now.in_flight, 0u);
}

TEST_F(books, count_an_event_as_in_flight_until_it_is_delivered) {
  auto event = book->open(1);
  EXPECT_EQ(book->snapshot().received, 1u);
  EXPECT_EQ(book->snapshot().in_flight, 1u);
  event.delivered();
  EXPECT_EQ(book->snapshot().delivered, 1u);
  EXPECT_EQ(book->snapshot().in_flight, 0u);
}

TEST_F(books, tell_how_many_were_genuine) {
  book->open(1).delivered();
  book->open(1).dead_lettered(errc::upstream_failed);
  book->open(1).handed_over();
  book->open(1).refused(errc::upstream_timeout);
  book->open(1).refused(errc::schema_violation);
  book->open(1).refused(errc::bad_signature);
  book->open(1).refused(errc::handshake);
  book->received_and_refused(1, errc::rate_limited);
  const auto under_way = book->open(1);
  EXPECT_EQ(book->genuine().at("orders"), 5u);
  EXPECT_EQ(book->genuine().at("invoices"), 0u);
}

TEST_F(books, count_a_refused_event_by_its_reason) {
  book->open(2).refused(errc::bad_signature);
  EXPECT_EQ(book->snapshot().refused, 1u);
  EXPECT_EQ(value("mfo_events_refused_total", {"invoices", "bad_signature"}),
            1);
}

TEST_F(books, tell_how_many_were_refused_by_no_fault_of_their_senders) {
  book->received_and_refused(1, errc::bad_signature);
  book->open(1).refused(errc::upstream_unreachable);
  book->open(0).refused(errc::internal_error);
  EXPECT_EQ(book->snapshot().refused, 3u);
  EXPECT_EQ(book->snapshot().failed, 2u);
}

TEST_F(books, tell_what_each_endpoint_has_had) {
  book->open(1, std::chrono::milliseconds{5}).delivered();
  const auto open = book->open(1, std::chrono::milliseconds{7});
  book->received_and_refused(1, errc::not_found, std::chrono::milliseconds{6});
  const auto now = book->snapshot(1);
  EXPECT_EQ(now.received, 3u);
  EXPECT_EQ(now.delivered, 1u);
  EXPECT_EQ(now.refused, 1u);
  EXPECT_EQ(now.in_flight, 1u);
  EXPECT_EQ(now.last_received, std::chrono::milliseconds{7});
  EXPECT_EQ(book->snapshot(2).received, 0u);
  EXPECT_EQ(book->snapshot(2).last_received.count(), 0);
}

TEST_F(books, count_a_dead_letter_by_its_reason) {
  book->open(1).dead_lettered(errc::upstream_rejected);
  EXPECT_EQ(book->snapshot().dead_lettered, 1u);
  EXPECT_EQ(book->snapshot().in_flight, 0u);
  EXPECT_EQ(
      value("mfo_events_dead_lettered_total", {"orders", "upstream_rejected"}),
      1);
}

TEST_F(books, count_an_event_that_another_node_goes_on_with) {
  book->open(1).handed_over();
  EXPECT_EQ(book->snapshot().handed_over, 1u);
  EXPECT_EQ(book->snapshot().in_flight, 0u);
  EXPECT_EQ(value("mfo_events_handed_over_total", {"orders"}), 1);
}

TEST_F(books, count_a_forgotten_event_as_an_internal_error) {
  { const auto event = book->open(1); }
  EXPECT_EQ(book->snapshot().in_flight, 0u);
  EXPECT_EQ(value("mfo_events_refused_total", {"orders", "internal_error"}), 1);
}

TEST_F(books, close_an_event_once) {
  {
    auto event = book->open(1);
    event.delivered();
    event.delivered();
    event.refused(errc::saturated);
  }
  const auto now = book->snapshot();
  EXPECT_EQ(now.delivered, 1u);
  EXPECT_EQ(now.refused, 0u);
}

TEST_F(books, follow_an_entry_that_is_moved) {
  auto first = book->open(1);
  auto second = std::move(first);
  first.refused(errc::saturated);
  EXPECT_EQ(book->snapshot().in_flight, 1u) << "the first is no longer one";
  second.delivered();
  EXPECT_EQ(book->snapshot().delivered, 1u);
}

TEST_F(books, close_what_an_entry_held_when_it_is_given_another) {
  auto event = book->open(1);
  event = book->open(2);
  EXPECT_EQ(book->snapshot().in_flight, 1u);
  EXPECT_EQ(value("mfo_events_refused_total", {"orders", "internal_error"}), 1);
  event.delivered();
  EXPECT_EQ(value("mfo_events_delivered_total", {"invoices"}), 1);
}

TEST_F(books, outlive_their_last_owner_but_the_entry) {
  auto event = book->open(1);
  const std::weak_ptr<ledger> watch = book;
  book.reset();
  EXPECT_FALSE(watch.expired());
  event.delivered();
  EXPECT_TRUE(watch.expired());
}

TEST_F(books, count_what_became_no_event_under_none) {
  book->received_and_refused(ledger::no_endpoint, errc::not_found);
  EXPECT_EQ(value("mfo_events_received_total", {"none"}), 1);
  EXPECT_EQ(value("mfo_events_refused_total", {"none", "not_found"}), 1);
  EXPECT_EQ(book->snapshot().in_flight, 0u);
}

TEST_F(books, keep_the_endpoints_apart) {
  book->open(1).delivered();
  book->open(1).delivered();
  book->open(2).delivered();
  EXPECT_EQ(value("mfo_events_received_total", {"none"}), 0);
  EXPECT_EQ(value("mfo_events_received_total", {"orders"}), 2);
  EXPECT_EQ(value("mfo_events_delivered_total", {"orders"}), 2);
  EXPECT_EQ(value("mfo_events_delivered_total", {"invoices"}), 1);
}

TEST_F(books, have_a_column_for_every_reason) {
  for (const auto& each : core::all_errors())
    book->open(1).refused(each.code);
  for (const auto& each : core::all_errors())
    EXPECT_EQ(
        value("mfo_events_refused_total", {"orders", std::string{each.slug}}),
        1);
}

TEST_F(books, balance_whenever_they_are_looked_at) {
  std::atomic<bool> go_on{true};
  std::atomic<int> rounds{0};
  const auto work = [&](std::size_t endpoint) {
    while (go_on) {
      auto one = book->open(endpoint);
      auto two = book->open(endpoint);
      one.delivered();
      book->received_and_refused(endpoint, errc::saturated);
      if (++rounds % 3 == 0)
        two.refused(errc::upstream_failed);
    }
  };
  std::thread first{work, 1};
  std::thread second{work, 2};
  std::uint64_t last = 0;
  while (rounds < 20'000 || last == 0) {
    const auto now = book->snapshot();
    EXPECT_EQ(now.received,
              now.delivered + now.refused + now.dead_lettered + now.in_flight);
    EXPECT_LE(now.in_flight, 4u);
    EXPECT_GE(now.received, last);
    last = now.received;
    const auto scrape = book->Collect();
    double received = 0;
    double settled = 0;
    for (const auto& family : scrape)
      for (const auto& metric : family.metric)
        (family.name == "mfo_events_received_total" ? received : settled) +=
            metric.counter.value + metric.gauge.value;
    EXPECT_EQ(received, settled);
  }
  go_on = false;
  first.join();
  second.join();
  EXPECT_EQ(book->snapshot().in_flight, 0u);
}

TEST_F(books, take_endpoints_that_come_later) {
  EXPECT_EQ(book->index_of("returns"), ledger::no_endpoint);
  const auto index = book->add("returns");
  EXPECT_EQ(book->index_of("returns"), index);
  EXPECT_EQ(book->add("returns"), index) << "it is there once";
  EXPECT_EQ(book->add("orders"), 1u) << "as it was there before";
  auto entry = book->open(index);
  entry.delivered();
  EXPECT_EQ(book->snapshot().delivered, 1u);
}

} // namespace

} // namespace mfo::telemetry
