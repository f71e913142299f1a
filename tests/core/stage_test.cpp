#include "core/stage.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace mfo::core {

namespace {

using time_point = stage_marker::time_point;

constexpr time_point at{std::chrono::hours{1}};

constexpr stage all_stages[]{stage::intake, stage::validator, stage::router,
                             stage::task_runner, stage::mfo_connector};

struct a_marker : testing::Test {
  std::int64_t depth(stage where) const {
    return depths->depth(where);
  }

  std::int64_t sum() const {
    std::int64_t total = 0;
    for (const auto each : all_stages)
      total += depth(each);
    return total;
  }

  std::shared_ptr<stage_depths> depths = std::make_shared<stage_depths>();
};

TEST(stages, have_the_names_of_their_actors) {
  EXPECT_EQ(to_string(stage::intake), "intake");
  EXPECT_EQ(to_string(stage::validator), "validator");
  EXPECT_EQ(to_string(stage::router), "router");
  EXPECT_EQ(to_string(stage::task_runner), "task_runner");
  EXPECT_EQ(to_string(stage::mfo_connector), "mfo_connector");
}

TEST_F(a_marker, counts_where_it_is) {
  const stage_marker marker{depths, stage::validator};
  EXPECT_EQ(marker.where(), stage::validator);
  EXPECT_EQ(depth(stage::validator), 1);
  EXPECT_EQ(sum(), 1);
}

TEST_F(a_marker, is_in_one_stage_at_a_time) {
  stage_marker marker{depths, stage::intake};
  for (const auto each : all_stages) {
    marker.move_to(each, at);
    EXPECT_EQ(marker.where(), each);
    EXPECT_EQ(depth(each), 1);
    EXPECT_EQ(sum(), 1);
  }
}

TEST_F(a_marker, leaves_on_destruction) {
  {
    stage_marker marker{depths, stage::intake};
    marker.move_to(stage::router, at);
  }
  for (const auto each : all_stages)
    EXPECT_EQ(depth(each), 0) << to_string(each);
}

TEST_F(a_marker, counts_once_when_it_is_moved) {
  {
    stage_marker first{depths, stage::router};
    stage_marker second{std::move(first)};
    EXPECT_EQ(second.where(), stage::router);
    EXPECT_EQ(sum(), 1);
    stage_marker third;
    third = std::move(second);
    EXPECT_EQ(third.where(), stage::router);
    EXPECT_EQ(depth(stage::router), 1);
    EXPECT_EQ(sum(), 1);
  }
  EXPECT_EQ(sum(), 0);
}

TEST_F(a_marker, keeps_the_counts_alive) {
  const std::weak_ptr<stage_depths> counts = depths;
  stage_marker marker{std::move(depths), stage::intake};
  EXPECT_FALSE(counts.expired());
}

TEST_F(a_marker, knows_when_it_came_where_it_has_been) {
  stage_marker marker{depths, stage::intake};
  marker.move_to(stage::validator, at);
  marker.move_to(stage::router, at + std::chrono::milliseconds{2});
  EXPECT_EQ(marker.came_to(stage::validator), at);
  EXPECT_EQ(marker.came_to(stage::router), at + std::chrono::milliseconds{2});
  EXPECT_EQ(marker.came_to(stage::task_runner), std::nullopt);
}

TEST_F(a_marker, counts_the_first_time_that_it_comes_somewhere) {
  stage_marker marker{depths, stage::intake};
  marker.move_to(stage::task_runner, at);
  marker.move_to(stage::task_runner, at + std::chrono::seconds{1});
  EXPECT_EQ(marker.came_to(stage::task_runner), at);
}

TEST_F(a_marker, may_go_somewhere_beside_where_it_is) {
  stage_marker marker{depths, stage::task_runner};
  marker.note(stage::mfo_connector, at);
  EXPECT_EQ(marker.where(), stage::task_runner);
  EXPECT_EQ(marker.came_to(stage::mfo_connector), at);
}

TEST_F(a_marker, hands_on_the_way_that_it_came) {
  stage_marker first{depths, stage::intake};
  first.move_to(stage::validator, at);
  const auto second = first.beside();
  EXPECT_EQ(second.came_to(stage::validator), at);
  stage_marker third{std::move(first)};
  EXPECT_EQ(third.came_to(stage::validator), at);
}

TEST(no_marker, counts_nothing) {
  stage_marker none;
  none.move_to(stage::router, at);
  EXPECT_EQ(none.where(), stage::router);
}

} // namespace

} // namespace mfo::core
