#include "dead_letters/replay.hpp"

#include "tests/dead_letters/letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mfo::dead_letters {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Letters in memory; the handle is the id.
class memory_reader final : public reader {
public:
  tl::expected<walk_report, std::string>
  for_each(const visitor& visit) override {
    for (const auto& each : sample_letters(1, 6)) {
      if (each->event_id == broken_at)
        return tl::unexpected(std::string{"cannot read on"});
      if (std::ranges::find(gone, each->event_id) == gone.end())
        if (visit(each->event_id, *each) == next::stop)
          break;
    }
    return walk_report{1, "somewhere"};
  }

  done mark_replayed(const std::string& handle) override {
    if (handle == unmarkable)
      return tl::unexpected(std::string{"cannot mark"});
    gone.push_back(handle);
    return {};
  }

  done purge(std::span<const std::string>) override {
    return {};
  }

  done tidy() override {
    ++tidied;
    return {};
  }

  std::string broken_at;
  std::string unmarkable;
  std::vector<std::string> gone;
  int tidied = 0;
};

class replay_test : public testing::Test {
protected:
  replay_test() {
    tools.deliver = [this](const letter& value) {
      delivered.push_back(value.event_id);
      return value.event_id == refused
                 ? tl::unexpected(std::string{"it answered 400"})
                 : done{};
    };
    tools.now = [this] {
      return now;
    };
    tools.sleep_until = [this](auto until) {
      pauses.push_back(
          std::chrono::duration_cast<std::chrono::milliseconds>(until - now)
              .count());
      now = until;
    };
  }

  memory_reader from;
  replay_plan plan;
  replay_tools tools;
  std::string refused;
  std::vector<std::string> delivered;
  std::vector<long> pauses;
  replay_tools::clock::time_point now{};
};

TEST_F(replay_test, delivers_each_letter_and_marks_it) {
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->delivered, 5u);
  EXPECT_EQ(report->failed, 0u);
  EXPECT_FALSE(report->stopped);
  EXPECT_EQ(report->walk.unreadable, 1u);
  EXPECT_THAT(delivered, ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_EQ(from.gone, delivered);
  EXPECT_EQ(from.tidied, 1);
}

TEST_F(replay_test, marks_a_letter_only_once_it_was_delivered) {
  tools.deliver = [&](const letter& value) {
    EXPECT_THAT(from.gone, testing::Not(testing::Contains(value.event_id)));
    return done{};
  };
  ASSERT_TRUE(replay(from, plan, tools));
}

TEST_F(replay_test, leaves_a_letter_that_is_not_taken_and_goes_on) {
  refused = "2";
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->delivered, 4u);
  EXPECT_EQ(report->failed, 1u);
  EXPECT_THAT(from.gone, ElementsAre("1", "3", "4", "5"));
}

TEST_F(replay_test, skips_what_the_filter_does_not_pick) {
  plan.which.event_id = "3";
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->delivered, 1u);
  EXPECT_EQ(report->skipped, 4u);
  EXPECT_THAT(delivered, ElementsAre("3"));
}

TEST_F(replay_test, ends_at_the_limit) {
  plan.which.limit = 2;
  refused = "1";
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_THAT(delivered, ElementsAre("1", "2"));
}

TEST_F(replay_test, delivers_and_marks_nothing_on_a_dry_run) {
  plan.dry_run = true;
  plan.rate = 1;
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(report->delivered, 5u);
  EXPECT_THAT(delivered, IsEmpty());
  EXPECT_THAT(from.gone, IsEmpty());
  EXPECT_THAT(pauses, IsEmpty());
  EXPECT_EQ(from.tidied, 0);
}

TEST_F(replay_test, keeps_to_the_rate) {
  plan.rate = 4;
  ASSERT_TRUE(replay(from, plan, tools));
  EXPECT_THAT(pauses, ElementsAre(250, 250, 250, 250));
}

TEST_F(replay_test, does_not_pause_when_delivering_takes_longer_than_that) {
  plan.rate = 4;
  tools.deliver = [this](const letter&) {
    now += 300ms;
    return done{};
  };
  ASSERT_TRUE(replay(from, plan, tools));
  EXPECT_THAT(pauses, IsEmpty());
}

TEST_F(replay_test, stops_when_it_is_told_to) {
  tools.is_stopped = [this] {
    return delivered.size() == 2;
  };
  const auto report = replay(from, plan, tools);
  ASSERT_TRUE(report) << report.error();
  EXPECT_TRUE(report->stopped);
  EXPECT_EQ(report->delivered, 2u);
  EXPECT_THAT(from.gone, SizeIs(2));
}

TEST_F(replay_test, tells_how_far_it_is) {
  refused = "2";
  std::vector<std::string> told;
  tools.progress = [&](const replay_report& so_far, const letter& value,
                       const done& result) {
    told.push_back(value.event_id + ":" + std::to_string(so_far.delivered) +
                   ":" + std::to_string(so_far.failed) + error_of(result));
  };
  plan.which.limit = 3;
  ASSERT_TRUE(replay(from, plan, tools));
  EXPECT_THAT(told, ElementsAre("1:1:0", "2:1:1it answered 400", "3:2:1"));
}

TEST_F(replay_test, ends_when_a_letter_cannot_be_marked) {
  from.unmarkable = "2";
  const auto report = replay(from, plan, tools);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error(),
              HasSubstr("event 2 was delivered but cannot be marked: cannot"));
  EXPECT_THAT(delivered, ElementsAre("1", "2"));
}

TEST_F(replay_test, ends_when_the_letters_cannot_be_read) {
  from.broken_at = "4";
  const auto report = replay(from, plan, tools);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error(), "cannot read on");
  EXPECT_THAT(from.gone, ElementsAre("1", "2", "3"));
}

} // namespace
} // namespace mfo::dead_letters
