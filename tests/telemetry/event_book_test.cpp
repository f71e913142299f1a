#include "telemetry/event_book.hpp"

#include "tests/telemetry/event_book_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using core::errc;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(an_event_book, has_what_is_known_of_an_event_in_flight) {
  const auto event = make("a", "d-1");
  const auto entry = book.begin(event);
  event->where.move_to(core::stage::router, at + 2ms);
  const auto record = only("a");
  EXPECT_EQ(record.delivery_id, "d-1");
  EXPECT_EQ(record.endpoint, "orders");
  EXPECT_EQ(record.type, "order.paid");
  EXPECT_EQ(record.source->to_string(), "192.0.2.7");
  EXPECT_EQ(record.size, 7u);
  EXPECT_EQ(record.generation, 3u);
  EXPECT_EQ(record.state, event_state::in_flight);
  EXPECT_EQ(record.stage, core::stage::router);
  EXPECT_EQ(record.verified, 2ms);
  EXPECT_EQ(record.routed, std::nullopt);
  EXPECT_EQ(record.ended, std::nullopt);
}

TEST_F(an_event_book, has_how_an_event_has_ended) {
  const auto event = make("a");
  auto entry = book.begin(event);
  event->where.move_to(core::stage::router, at + 1ms);
  event->where.move_to(core::stage::task_runner, at + 2ms);
  event->trail.routed(std::make_shared<const core::destinations>(
      core::destinations{"default", {"intake/main"}}));
  event->trail.placed("node-2", at + 3ms);
  entry.acknowledged(at + 4ms);
  core::outcome how;
  how.attempts = 2;
  how.upstream_status = 201;
  entry.end({.outcome = how, .at = at + 9ms});
  const auto record = only("a");
  EXPECT_EQ(record.state, event_state::delivered);
  EXPECT_EQ(record.acknowledged, 4ms);
  EXPECT_EQ(record.routed, 2ms);
  EXPECT_EQ(record.to->server, "default");
  ASSERT_THAT(record.visits, SizeIs(1));
  EXPECT_EQ(record.visits[0].node, "node-2");
  EXPECT_EQ(record.visits[0].at, 3ms);
  EXPECT_EQ(record.attempts, 2u);
  EXPECT_EQ(record.upstream_status, 201);
  EXPECT_EQ(record.ended, 9ms);
}

TEST_F(an_event_book, has_why_an_event_was_refused) {
  add("a", core::refused(errc::upstream_rejected, "400: no such order"));
  const auto record = only("a");
  EXPECT_EQ(record.state, event_state::refused);
  EXPECT_EQ(record.reason, errc::upstream_rejected);
  EXPECT_EQ(record.detail, "400: no such order");
}

TEST_F(an_event_book, follows_an_event_to_the_dead_letters) {
  auto entry = book.begin(make("a"));
  entry.acknowledged(at + 1ms);
  entry.undelivered(at + 2ms);
  auto office = std::make_unique<event_entry>(std::move(entry));
  EXPECT_EQ(only("a").state, event_state::in_flight);
  EXPECT_EQ(only("a").undelivered, 2ms);
  office->end({.outcome = core::refused(errc::upstream_failed),
               .at = at + 3ms,
               .as = event_state::dead_lettered,
               .sink = "disk"});
  const auto record = only("a");
  EXPECT_EQ(record.state, event_state::dead_lettered);
  EXPECT_EQ(record.sink, "disk");
  EXPECT_EQ(record.acknowledged, 1ms);
  EXPECT_EQ(record.undelivered, 2ms);
}

TEST_F(an_event_book, takes_an_entry_that_is_dropped_for_a_failure) {
  { const auto entry = book.begin(make("a")); }
  EXPECT_EQ(only("a").reason, errc::internal_error);
}

TEST_F(an_event_book, has_no_story_of_an_event_that_others_replace) {
  auto entry = book.begin(make("a"));
  entry.replaced();
  EXPECT_THAT(book.find("a"), IsEmpty());
}

TEST_F(an_event_book, writes_the_end_down_once) {
  auto entry = book.begin(make("a"));
  entry.end({.outcome = {}, .at = at});
  entry.end({.outcome = core::refused(errc::draining), .at = at});
  EXPECT_EQ(only("a").state, event_state::delivered);
}

TEST_F(an_event_book, lists_those_that_came_last_first) {
  add("a");
  const auto open = book.begin(make("b"));
  add("c", core::refused(errc::upstream_timeout));
  EXPECT_THAT(ids(), ElementsAre("c", "b", "a"));
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("c", "b"));
}

TEST_F(an_event_book, lists_those_that_are_asked_for) {
  const auto one = book.begin(make("a", "delivery-1"));
  add("b", core::refused(errc::upstream_timeout));
  add_stranger("x", errc::not_found);
  EXPECT_THAT(ids({.endpoint = "none"}), ElementsAre("x"));
  EXPECT_THAT(ids({.outcome = "in_flight"}), ElementsAre("a"));
  EXPECT_THAT(ids({.outcome = "refused"}), ElementsAre("x", "b"));
  EXPECT_THAT(ids({.reason = "upstream_timeout"}), ElementsAre("b"));
  EXPECT_THAT(ids({.prefix = "b"}), ElementsAre("b"));
  EXPECT_THAT(ids({.prefix = "deliv"}), ElementsAre("a"));
  EXPECT_THAT(ids({.since = 1'002s}), ElementsAre("x", "b"));
  EXPECT_THAT(ids({.until = 1'002s}), ElementsAre("a"));
}

TEST_F(an_event_book, finds_each_time_that_a_delivery_came) {
  add("a");
  add("a", core::refused(errc::duplicate));
  const auto found = book.find("a");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0]->reason, errc::duplicate);
  EXPECT_EQ(found[1]->state, event_state::delivered);
}

TEST_F(an_event_book, keeps_the_last_of_those_that_went_well) {
  for (const auto* id : {"a", "b", "c", "d"})
    add(id);
  EXPECT_THAT(ids(), ElementsAre("d", "c", "b"));
}

TEST_F(an_event_book, keeps_what_failed_apart_from_what_went_well) {
  add("bad", core::refused(errc::upstream_failed));
  for (const auto* id : {"a", "b", "c", "d"})
    add(id);
  EXPECT_THAT(ids(), ElementsAre("d", "c", "b", "bad"));
}

TEST_F(an_event_book, counts_a_repetition_among_what_went_well) {
  add("again", core::refused(errc::duplicate));
  for (const auto* id : {"x", "y", "z"})
    add_stranger(id, errc::not_found);
  EXPECT_THAT(ids(), ElementsAre("z", "y", "x", "again"));
}

TEST_F(an_event_book, lets_no_flood_of_strangers_push_out_the_others) {
  add("bad", core::refused(errc::upstream_failed));
  add_stranger("unsigned", errc::bad_signature);
  for (int i = 0; i < 100; ++i)
    add_stranger("scan-" + std::to_string(i), errc::not_found);
  EXPECT_THAT(ids(), ElementsAre("scan-99", "unsigned", "bad"));
}

TEST_F(an_event_book, forgets_the_oldest_of_reasons_that_are_as_common) {
  add_stranger("a", errc::source_not_allowed);
  add_stranger("b", errc::bad_signature);
  add_stranger("c", errc::not_found);
  add_stranger("d", errc::malformed_request);
  EXPECT_THAT(ids(), ElementsAre("d", "c", "b"));
}

TEST_F(an_event_book, has_a_bound_of_bytes_as_well) {
  book = event_book{{.keep = 1'000, .max_bytes = 4'000}};
  for (int i = 0; i < 100; ++i)
    add("event-" + std::to_string(i));
  EXPECT_GT(ids().size(), 1u);
  EXPECT_LT(ids().size(), 20u);
  EXPECT_EQ(ids().front(), "event-99");
}

TEST_F(an_event_book, cuts_what_strangers_make_long) {
  const std::string longest(10'000, 'x');
  book.refused({.id = "a",
                .delivery_id = longest,
                .path = longest,
                .state = event_state::refused,
                .reason = errc::not_found,
                .detail = longest});
  const auto record = only("a");
  EXPECT_EQ(record.delivery_id.size(), 256u);
  EXPECT_EQ(record.path.size(), 256u);
  EXPECT_EQ(record.detail.size(), 512u);
}

TEST_F(an_event_book, may_keep_another_number_from_now_on) {
  for (const auto* id : {"a", "b", "c"})
    add(id);
  book.keep(1);
  EXPECT_THAT(ids(), ElementsAre("c"));
  book.keep(2);
  add("d");
  EXPECT_THAT(ids(), ElementsAre("d", "c"));
}

TEST_F(an_event_book, that_keeps_none_writes_nothing_down) {
  book = event_book{{.keep = 0}};
  const auto open = book.begin(make("a"));
  add("b");
  add_stranger("c", errc::not_found);
  EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(an_event_book, knows_the_node_that_an_event_comes_from) {
  const auto event = make("a");
  auto entry = book.begin(event);
  event->trail.came_from("node-2");
  EXPECT_EQ(only("a").from, "node-2");
  entry.acknowledged(at + 1ms);
  EXPECT_EQ(only("a").acknowledged, std::nullopt) << "it told no sender";
}

TEST_F(an_event_book, names_no_source_where_there_is_no_sender) {
  const auto entry = book.begin(make("a", {}, "nobody"));
  EXPECT_EQ(only("a").source, std::nullopt);
}

TEST_F(an_event_book, says_of_an_event_nothing_that_was_of_another) {
  book = event_book{{.keep = 1}};
  const auto event = make("a-name-that-is-as-long-as-a-uuid-0001", "delivery");
  auto entry = book.begin(event);
  event->where.move_to(core::stage::router, at + 1ms);
  event->trail.came_from("node-2");
  event->trail.placed("node-3", at + 1ms);
  entry.undelivered(at + 1ms);
  entry.end({.outcome = {}, .at = at + 2ms, .sink = "disk"});
  // Each of these goes where the one before the last was.
  for (const auto* id : {"b", "c", "d"}) {
    add(id);
    const auto record = only(id);
    EXPECT_EQ(record.delivery_id, "");
    EXPECT_EQ(record.from, "");
    EXPECT_EQ(record.sink, "");
    EXPECT_EQ(record.verified, std::nullopt);
    EXPECT_EQ(record.undelivered, std::nullopt);
    EXPECT_THAT(record.visits, IsEmpty());
  }
}

TEST_F(an_event_book, leaves_what_a_reader_has_as_it_is) {
  book = event_book{{.keep = 1}};
  add("a");
  const auto found = book.find("a");
  ASSERT_THAT(found, SizeIs(1));
  for (const auto* id : {"b", "c", "d"})
    add(id, core::outcome{});
  EXPECT_EQ(found.front()->id, "a");
  EXPECT_EQ(found.front()->endpoint, "orders");
  EXPECT_THAT(ids(), ElementsAre("d"));
}

TEST_F(an_event_book, may_be_read_while_events_come_and_go) {
  book = event_book{{.keep = 10}};
  std::vector<core::event_ptr> events;
  for (int i = 0; i < 200; ++i)
    events.push_back(make("event-" + std::to_string(i)));
  std::atomic<bool> done{false};
  std::thread writer{[&] {
    for (const auto& each : events) {
      auto entry = book.begin(each);
      auto moved = std::move(entry);
      moved.end({.outcome = {}, .at = at});
    }
    done = true;
  }};
  std::size_t most = 0;
  do
    most = std::max(most, book.list({}).size());
  while (!done);
  writer.join();
  EXPECT_LE(most, 11u) << "none is there twice";
  EXPECT_THAT(ids(), SizeIs(10));
}

} // namespace

} // namespace mfo::telemetry
