#include "telemetry/span_queue.hpp"

#include "tests/support/exposition.hpp"
#include "tests/telemetry/spans.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace mfo::telemetry {

namespace {

using test::names;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct a_span_queue : testing::Test {
  void put(const std::vector<std::string>& some) {
    std::vector<span> spans;
    for (const auto& each : some)
      spans.push_back({.place = {}, .name = each});
    queue.take(std::move(spans));
  }

  [[nodiscard]] double dropped() const {
    return support::sum_of(counts->expose(), "mfo_trace_spans_total",
                           R"(result="dropped")");
  }

  std::shared_ptr<metrics> counts =
      std::make_shared<metrics>(std::vector<std::string>{}, upstream_names{});
  span_queue queue{"node-1", counts};
};

TEST_F(a_span_queue, wants_none_until_it_is_opened) {
  EXPECT_FALSE(queue.wants());
  queue.open({.max_waiting = 4, .max_batch = 2});
  EXPECT_TRUE(queue.wants());
  queue.close();
  EXPECT_FALSE(queue.wants());
}

TEST_F(a_span_queue, gives_the_oldest_first_and_a_batch_at_most) {
  queue.open({.max_waiting = 4, .max_batch = 2});
  put({"a", "b", "c"});
  EXPECT_TRUE(queue.has_batch());
  EXPECT_THAT(names(queue.next_batch()), ElementsAre("a", "b"));
  EXPECT_FALSE(queue.has_batch());
  EXPECT_THAT(names(queue.next_batch()), ElementsAre("c"));
  EXPECT_THAT(queue.next_batch(), IsEmpty());
}

TEST_F(a_span_queue, drops_and_counts_what_comes_when_it_is_full) {
  queue.open({.max_waiting = 3, .max_batch = 3});
  put({"a", "b"});
  put({"c", "d", "e"});
  put({"f"});
  EXPECT_THAT(names(queue.next_batch()), ElementsAre("a", "b", "c"));
  EXPECT_EQ(dropped(), 3);
}

TEST_F(a_span_queue, drops_and_counts_what_comes_after_it_was_closed) {
  queue.open({.max_waiting = 3, .max_batch = 3});
  put({"a"});
  queue.close();
  put({"b"});
  EXPECT_THAT(names(queue.next_batch()), ElementsAre("a"));
  EXPECT_EQ(dropped(), 1);
}

TEST_F(a_span_queue, tells_once_that_there_is_a_batch) {
  queue.open({.max_waiting = 9, .max_batch = 2});
  int told = 0;
  queue.when_batch([&] { ++told; });
  put({"a"});
  EXPECT_EQ(told, 0);
  put({"b"});
  EXPECT_EQ(told, 1);
  put({"c"});
  EXPECT_EQ(told, 1);
  static_cast<void>(queue.next_batch());
  put({"d", "e"});
  EXPECT_EQ(told, 2);
}

TEST_F(a_span_queue, keeps_what_waits_when_its_bounds_change) {
  queue.open({.max_waiting = 4, .max_batch = 4});
  put({"a", "b", "c"});
  queue.open({.max_waiting = 1, .max_batch = 1});
  put({"d"});
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(queue.next_batch(), SizeIs(1));
}

TEST_F(a_span_queue, counts_what_is_given_up) {
  queue.open({.max_waiting = 4, .max_batch = 4});
  put({"a", "b"});
  queue.drop_all();
  EXPECT_THAT(queue.next_batch(), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

} // namespace

} // namespace mfo::telemetry
