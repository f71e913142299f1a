#include "taskflow/trace/lanes.hpp"

#include "tests/taskflow/trace/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Optional;
using tests::moments;

std::vector<std::optional<std::size_t>> lanes_in(const moments& told,
                                                 std::size_t most = 100) {
  return lanes_of(spans_of(told.run(1h)), most);
}

TEST(lanes, are_one_for_tasks_one_after_another) {
  EXPECT_THAT(lanes_in(moments{}.took("a", 0ms, 1ms).took("b", 1ms, 2ms)),
              ElementsAre(Optional(0u), Optional(0u)));
}

TEST(lanes, are_several_for_tasks_at_once_and_used_again) {
  const auto told = moments{}
                        .began("a", 0ms)
                        .began("b", 0ms)
                        .began("c", 0ms)
                        .ended("b", 1ms)
                        .began("d", 1ms);
  EXPECT_THAT(lanes_in(told), ElementsAre(Optional(0u), Optional(1u),
                                          Optional(2u), Optional(1u)));
}

TEST(lanes, of_a_child_is_its_parents_or_one_below) {
  const auto told = moments{}
                        .began("a", 0ms)
                        .began("each", 0ms)
                        .began("each/each[0]/x", 0ms)
                        .began("each/each[1]/x", 0ms)
                        .ended("a", 1ms)
                        .began("each/each[2]/x", 1ms);
  EXPECT_THAT(lanes_in(told),
              ElementsAre(Optional(0u), Optional(1u), Optional(1u),
                          Optional(2u), Optional(3u)))
      << "not in the lane above, though it is free";
}

TEST(lanes, nest_what_takes_no_time) {
  const auto told = moments{}
                        .began("a", 0ms)
                        .took("a/tasks/b", 0ms, 0ms)
                        .took("a/tasks/c", 0ms, 0ms)
                        .ended("a", 0ms)
                        .took("d", 0ms, 0ms);
  EXPECT_THAT(lanes_in(told), ElementsAre(Optional(0u), Optional(0u),
                                          Optional(0u), Optional(0u)));
}

TEST(lanes, are_bounded) {
  const auto told =
      moments{}.began("a", 0ms).began("b", 0ms).began("c", 0ms).ended("a", 1ms);
  EXPECT_THAT(lanes_in(told, 2),
              ElementsAre(Optional(0u), Optional(1u), std::nullopt));
}

/// Any trees of tasks: what lies in one lane does not overlap.
TEST(lanes, never_hold_two_that_overlap_and_are_not_nested) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    moments told;
    std::vector<std::string> open;
    for (int i = 0; i < 60; ++i) {
      const auto now = std::chrono::milliseconds(i / 2);
      if (open.empty() || random() % 5 < 3) {
        const auto parent = random() % (open.size() + 1);
        const auto name = std::to_string(i);
        open.push_back(parent == open.size() ? name
                                             : open[parent] + "/tasks/" + name);
        told.began(open.back(), now);
      } else {
        // With all that is in it, which ends first.
        const auto path = open[random() % open.size()];
        for (auto each = open.rbegin(); each != open.rend(); ++each)
          if (*each == path || each->starts_with(path + "/"))
            told.ended(*each, now);
        std::erase_if(open, [&](const auto& each) {
          return each == path || each.starts_with(path + "/");
        });
      }
    }
    const auto spans = spans_of(told.run(1h));
    const auto lanes = lanes_of(spans, 8);
    const auto within = [&](std::size_t inner, std::size_t outer) {
      auto at = spans[inner].parent;
      while (at && *at != outer)
        at = spans[*at].parent;
      return at.has_value();
    };
    for (std::size_t a = 0; a < spans.size(); ++a)
      for (std::size_t b = a + 1; b < spans.size(); ++b) {
        const bool overlap =
            lanes[a] && lanes[a] == lanes[b] && spans[b].first < spans[a].until;
        EXPECT_TRUE(!overlap || within(b, a))
            << spans[a].last->path << " and " << spans[b].last->path
            << ", seed " << seed;
      }
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const auto parent = spans[i].parent;
      EXPECT_TRUE(!lanes[i] || !parent || !lanes[*parent] ||
                  *lanes[i] >= *lanes[*parent])
          << spans[i].last->path << ", seed " << seed;
    }
  }
}

} // namespace

} // namespace mfo::taskflow
