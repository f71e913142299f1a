#include "telemetry/line_queue.hpp"

#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Where the first line waits until the test lets it go.
struct a_line_queue : testing::Test {
  line_queue::writer slow_writer() {
    return [this, is_first = true](std::string_view line) mutable {
      if (std::exchange(is_first, false)) {
        begun.set_value();
        let_go.get_future().wait();
      }
      written.emplace_back(line);
    };
  }

  std::promise<void> begun;
  std::promise<void> let_go;
  std::vector<std::string> written; ///< by the thread; for who waited for it
};

TEST_F(a_line_queue, writes_lines_in_their_order) {
  line_queue lines{10, [this](std::string_view line) {
                     written.emplace_back(line);
                   }};
  for (const auto* each : {"a", "b", "c"})
    lines.add(each);
  ASSERT_TRUE(lines.flush(support::patience));
  EXPECT_THAT(written, ElementsAre("a", "b", "c"));
  EXPECT_EQ(lines.lost(), 0u);
}

TEST_F(a_line_queue, has_written_everything_when_it_is_gone) {
  {
    line_queue lines{10, slow_writer()};
    for (const auto* each : {"a", "b", "c"})
      lines.add(each);
    let_go.set_value();
  }
  EXPECT_THAT(written, ElementsAre("a", "b", "c"));
}

TEST_F(a_line_queue, loses_the_oldest_where_too_many_wait) {
  line_queue lines{2, slow_writer()};
  lines.add("a");
  begun.get_future().wait();
  for (const auto* each : {"b", "c", "d", "e"})
    lines.add(each);
  EXPECT_EQ(lines.lost(), 2u);
  let_go.set_value();
  ASSERT_TRUE(lines.flush(support::patience));
  EXPECT_THAT(written, ElementsAre("a", "d", "e"));
}

TEST_F(a_line_queue, waits_no_longer_for_its_lines_than_it_is_told_to) {
  line_queue lines{10, slow_writer()};
  EXPECT_TRUE(lines.flush(0ms));
  lines.add("a");
  EXPECT_FALSE(lines.flush(0ms));
  begun.get_future().wait();
  EXPECT_FALSE(lines.flush(1ms)); // neither for the one that is being written
  let_go.set_value();
  EXPECT_TRUE(lines.flush(support::patience));
}

TEST_F(a_line_queue, may_be_added_to_by_many_threads) {
  line_queue lines{1'000, [this](std::string_view line) {
                     written.emplace_back(line);
                   }};
  const auto work = [&lines] {
    for (int i = 0; i < 500; ++i)
      lines.add("line");
  };
  std::thread first{work};
  std::thread second{work};
  first.join();
  second.join();
  ASSERT_TRUE(lines.flush(support::patience));
  EXPECT_EQ(written.size() + lines.lost(), 1'000u);
}

} // namespace

} // namespace mfo::telemetry
