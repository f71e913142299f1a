// Who else is told of events: those who ask for what is new, and traces.

#include "telemetry/event_book.hpp"

#include "tests/telemetry/event_book_fixture.hpp"
#include "tests/telemetry/spans.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string_view>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using core::errc;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct a_traced_event_book : an_event_book {
  a_traced_event_book() {
    book = event_book{{.keep = 3}, spans};
  }

  void end(std::string_view trace) {
    auto entry = book.begin(make("a", {}, "192.0.2.7", trace));
    entry.end({.outcome = {}, .at = at + 5ms});
  }

  std::shared_ptr<test::span_list> spans = std::make_shared<test::span_list>();
};

TEST_F(a_traced_event_book, tells_of_events_whose_trace_is_sampled) {
  end(test::other_trace);
  EXPECT_THAT(spans->spans, IsEmpty());
  end(test::sampled_trace);
  EXPECT_THAT(test::names(spans->spans),
              ElementsAre("receive orders", "verify"));
}

TEST_F(a_traced_event_book, makes_no_spans_that_nobody_wants) {
  spans->open = false;
  end(test::sampled_trace);
  EXPECT_THAT(spans->spans, IsEmpty());
}

TEST_F(a_traced_event_book, tells_of_events_that_it_does_not_keep) {
  book.keep(0);
  auto entry = book.begin(make("a", {}, "192.0.2.7", test::sampled_trace));
  EXPECT_THAT(ids(), IsEmpty());
  entry.end({.outcome = {}, .at = at});
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_THAT(spans->spans, SizeIs(2));
}

TEST_F(an_event_book, tells_what_has_ended_since_it_was_asked_last) {
  add("a");
  const auto mark = book.mark();
  EXPECT_THAT(book.ended_after(mark, 10).events, IsEmpty());
  add("b", core::refused(errc::bad_signature));
  add_stranger("c", errc::not_found);
  const auto news = book.ended_after(mark, 10);
  ASSERT_THAT(news.events, SizeIs(2));
  EXPECT_EQ(news.events[0]->id, "b");
  EXPECT_EQ(news.events[1]->id, "c");
  EXPECT_EQ(news.left_out, 0u);
  EXPECT_THAT(book.ended_after(news.mark, 10).events, IsEmpty());
}

TEST_F(an_event_book, leaves_the_oldest_news_out_and_counts_them) {
  for (const auto* id : {"a", "b", "c"})
    add(id);
  add_stranger("d", errc::not_found);
  const auto news = book.ended_after(0, 2);
  ASSERT_THAT(news.events, SizeIs(2));
  EXPECT_EQ(news.events[0]->id, "c");
  EXPECT_EQ(news.events[1]->id, "d");
  EXPECT_EQ(news.left_out, 2u);
  EXPECT_EQ(news.mark, book.mark());
}

TEST_F(an_event_book, counts_news_that_it_has_forgotten) {
  for (const auto* id : {"a", "b", "c", "d", "e"})
    add(id);
  const auto news = book.ended_after(0, 10);
  EXPECT_THAT(news.events, SizeIs(3)) << "that it keeps";
  EXPECT_EQ(news.left_out, 2u);
}

} // namespace

} // namespace mfo::telemetry
