#include "core/event_lanes.hpp"

#include "tests/core/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// A thing that waits: an event, and what stands beside it.
struct thing {
  event_ptr event;
  int number = 0;
};

using thing_lanes = event_lanes<thing>;
using lane_verdict = thing_lanes::verdict;

constexpr std::chrono::steady_clock::time_point lane_start{1h};

event_ptr ordered_event(const std::string& key,
                        std::chrono::nanoseconds lives = 10s) {
  static const auto endpoint = [] {
    auto settings = std::make_shared<config::endpoint_settings>();
    settings->id = "orders";
    return settings;
  }();
  auto ev = std::make_shared<event>();
  ev->endpoint = endpoint;
  ev->ordering_key = key;
  ev->deadline = lane_start + lives;
  return ev;
}

struct lanes_of_events : testing::Test {
  thing add(const std::string& key, lane_verdict expected,
            std::chrono::milliseconds lives = 10s) {
    thing one{ordered_event(key, lives), ++last};
    auto given = one;
    EXPECT_EQ(lanes.add(given, 3), expected) << "of " << key;
    return one;
  }

  /// The number of what goes when that has ended; 0: nothing.
  int after(const thing& one) {
    const auto next = lanes.ended(*one.event);
    return next ? next->number : 0;
  }

  static std::vector<int> numbers_of(const std::vector<thing>& things) {
    std::vector<int> numbers;
    for (const auto& each : things)
      numbers.push_back(each.number);
    return numbers;
  }

  thing_lanes lanes{4};
  int last = 0;
};

TEST_F(lanes_of_events, let_one_of_a_lane_go_at_a_time) {
  const auto first = add("k", lane_verdict::go);
  const auto second = add("k", lane_verdict::queued);
  const auto third = add("k", lane_verdict::queued);
  add("other", lane_verdict::go);
  EXPECT_EQ(lanes.waiting(), 2u);
  EXPECT_EQ(after(first), second.number);
  const auto fourth = add("k", lane_verdict::queued);
  EXPECT_EQ(after(second), third.number);
  EXPECT_EQ(after(third), fourth.number);
  EXPECT_EQ(after(fourth), 0);
  EXPECT_EQ(lanes.lanes(), 1u);
  add("k", lane_verdict::go);
}

TEST_F(lanes_of_events, are_bounded_each_and_together) {
  const auto first = add("a", lane_verdict::go);
  add("b", lane_verdict::go);
  for (int i = 0; i < 3; ++i)
    add("a", lane_verdict::queued);
  add("a", lane_verdict::full);
  add("b", lane_verdict::queued);
  add("b", lane_verdict::full);
  EXPECT_EQ(lanes.waiting(), 4u);
  add("c", lane_verdict::go); // it does not wait
  EXPECT_NE(after(first), 0);
  add("a", lane_verdict::queued);
}

TEST_F(lanes_of_events, do_not_mind_the_end_of_what_is_not_under_way) {
  const auto first = add("k", lane_verdict::go);
  const auto second = add("k", lane_verdict::queued);
  EXPECT_EQ(after(second), 0);
  EXPECT_TRUE(lanes.is_under_way(*first.event));
  EXPECT_FALSE(lanes.is_under_way(*second.event));
  EXPECT_EQ(after(first), second.number);
  EXPECT_EQ(after(first), 0) << "it has ended before";
  EXPECT_TRUE(lanes.is_under_way(*second.event));
}

TEST_F(lanes_of_events, give_up_what_waits_beyond_its_deadline) {
  const auto first = add("k", lane_verdict::go, 10s);
  const auto second = add("k", lane_verdict::queued, 1s);
  const auto third = add("k", lane_verdict::queued, 10s);
  const auto fourth = add("k", lane_verdict::queued, 1s);
  EXPECT_THAT(lanes.take_overdue(lane_start + 999ms), IsEmpty());
  EXPECT_THAT(numbers_of(lanes.take_overdue(lane_start + 1s)),
              ElementsAre(second.number, fourth.number));
  EXPECT_EQ(lanes.waiting(), 1u);
  EXPECT_EQ(after(first), third.number);
}

TEST_F(lanes_of_events, know_what_is_under_way_for_too_long) {
  const auto first = add("k", lane_verdict::go, 1s);
  add("other", lane_verdict::go, 10s);
  EXPECT_THAT(lanes.lost(lane_start + 1s), IsEmpty());
  EXPECT_THAT(lanes.lost(lane_start + 1s + lane_grace),
              ElementsAre(first.event));
}

/// What of a lane went, in the order in which it went.
using lane_history = std::map<std::string, std::vector<int>>;

void play_lanes(unsigned seed) {
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  thing_lanes lanes{50};
  std::vector<thing> under_way;
  lane_history came;
  lane_history went;
  auto now = lane_start;
  int last = 0;
  const auto go = [&](thing one) {
    went[one.event->ordering_key].push_back(one.number);
    under_way.push_back(std::move(one));
  };
  const auto forget = [&](const thing& one) {
    auto& all = came[one.event->ordering_key];
    all.erase(std::find(all.begin(), all.end(), one.number));
  };
  const auto end_some = [&] {
    const auto at =
        under_way.begin() +
        test::between<std::ptrdiff_t>(random, 0, std::ssize(under_way) - 1);
    const auto one = *at;
    under_way.erase(at);
    if (auto next = lanes.ended(*one.event))
      go(*std::move(next));
  };
  for (int step = 0; step < 2'000; ++step) {
    now += std::chrono::milliseconds{test::between(random, 0, 5)};
    if (test::between(random, 0, 2) > 0) {
      const auto key = std::to_string(test::between(random, 0, 4));
      thing one{ordered_event(key, now - lane_start +
                                       std::chrono::milliseconds{
                                           test::between(random, 1, 200)}),
                ++last};
      auto given = one;
      const auto what = lanes.add(given, 20);
      if (what != lane_verdict::full)
        came[key].push_back(one.number);
      if (what == lane_verdict::go)
        go(one);
    } else if (!under_way.empty()) {
      end_some();
    }
    if (step % 50 == 0)
      for (const auto& each : lanes.take_overdue(now))
        forget(each);
  }
  while (!under_way.empty())
    end_some();
  EXPECT_EQ(went, came) << "each lane in the order in which it came";
  EXPECT_EQ(lanes.lanes(), 0u);
  EXPECT_EQ(lanes.waiting(), 0u);
}

TEST(any_lanes, keep_every_order_and_lose_nothing) {
  const auto first = test::first_seed();
  for (unsigned seed = first; seed < first + 50 && !testing::Test::HasFailure();
       ++seed)
    play_lanes(seed);
}

} // namespace

} // namespace mfo::core
