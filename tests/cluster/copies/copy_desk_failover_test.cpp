#include "cluster/copies/copy_desk.hpp"

#include "tests/cluster/copies/replicas.hpp"
#include "tests/cluster/copies/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::copy_nodes;
using test::replicas;
using test::small_settings;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(replicas, are_taken_over_when_the_origin_is_gone) {
  hold("1");
  auto& holder = holder_of("1");
  const auto origin = a().life;
  all.now += 10s;
  kill("a");
  ASSERT_THAT(holder.runs, SizeIs(1));
  EXPECT_EQ(holder.runs.front().origin, origin);
  const auto event = holder.runs.front().event;
  EXPECT_EQ(event->id, "1");
  EXPECT_EQ(event->payload(), all.event("1")->payload());
  const auto left = event->deadline - all.now;
  EXPECT_GT(left, 48s);
  EXPECT_LT(left, 50s) << "it was here for ten seconds";
  EXPECT_EQ(holder.desk.running(), 1u);
  holder.finish_taken();
  expect_nothing_left();
  EXPECT_EQ(holder.desk.counts().taken_over, 1u);
}

TEST_F(replicas, are_taken_over_even_when_their_time_is_up) {
  hold("1");
  auto& holder = holder_of("1");
  all.now += 1h;
  kill("a");
  ASSERT_THAT(holder.runs, SizeIs(1));
  EXPECT_LE(holder.runs.front().event->deadline, all.now);
}

TEST_F(replicas, are_taken_over_by_one_holder_which_tells_the_others) {
  hold("1", 2);
  auto& runner = holder_of("1");
  auto& other = other_than(runner);
  kill("a");
  ASSERT_THAT(runner.runs, SizeIs(1));
  all.pass(60s);
  EXPECT_THAT(other.runs, IsEmpty()) << "it is told that the event runs";
  runner.finish_taken();
  all.settle();
  expect_nothing_left();
}

TEST_F(replicas, are_let_go_after_a_takeover_once_there_is_a_link) {
  hold("1", 2);
  auto& runner = holder_of("1");
  kill("a");
  all.unlink("b", "c");
  runner.finish_taken();
  all.settle();
  EXPECT_EQ(other_than(runner).desk.replicas(), 1u);
  all.link("b", "c");
  all.settle();
  expect_nothing_left();
}

TEST_F(replicas, are_run_by_the_next_when_the_first_dies_too) {
  hold("1", 2);
  const auto runner = holder_of("1").life.name;
  auto& next = other_than(holder_of("1"));
  kill("a");
  EXPECT_THAT(next.runs, IsEmpty());
  kill(runner);
  EXPECT_THAT(next.runs, SizeIs(1));
}

TEST_F(replicas, are_not_left_to_a_holder_that_cannot_run_them) {
  hold("1", 2);
  auto& runner = holder_of("1");
  auto& other = other_than(runner);
  runner.can_revive = false;
  kill("a");
  EXPECT_THAT(runner.not_run, ElementsAre("1"));
  EXPECT_EQ(runner.desk.replicas(), 0u);
  EXPECT_EQ(runner.desk.counts().cannot_run, 1u);
  all.pass(21s);
  EXPECT_THAT(other.runs, SizeIs(1)) << "it has been patient";
  EXPECT_EQ(other.desk.counts().impatient, 1u);
}

TEST(replicas_with_one_id, are_run_once) {
  auto settings = small_settings();
  settings.open.max_releases = 1;
  copy_nodes all{settings};
  auto& a = all.add("a");
  auto& b = all.add("b");
  for (const auto* id : {"x", "1"})
    ASSERT_TRUE(a.begin(all.event(id)));
  all.settle();
  for (const auto* id : {"x", "1"})
    a.finish(id); // and one release has no room
  ASSERT_TRUE(a.begin(all.event("1")));
  all.settle();
  EXPECT_EQ(b.desk.replicas(), 2u);
  all.crash("a");
  all.notice("a", "b");
  all.pass(all.dead_after + 100ms);
  EXPECT_THAT(b.runs, SizeIs(1));
  EXPECT_EQ(b.desk.running(), 2u);
  b.finish_taken();
  EXPECT_EQ(b.desk.replicas(), 0u);
}

TEST_F(replicas, are_taken_over_when_the_origin_starts_anew) {
  hold("1");
  auto& holder = holder_of("1");
  all.add("a");
  all.pass(100ms);
  EXPECT_THAT(holder.runs, SizeIs(1));
}

TEST_F(replicas, of_a_new_process_are_not_taken_over_for_an_old_view) {
  all.start("a");
  all.link("a", "b");
  all.link("a", "c");
  // The others have not heard yet that this is another process.
  for (const auto* name : {"b", "c"})
    all.at(name).desk.set_view(
        test::view_of(name, {{.name = "a", .process = 1},
                             {.name = "b", .process = 2},
                             {.name = "c", .process = 3}}),
        all.now);
  a().desk.set_view(test::view_of("a", {{.name = "a", .process = 4},
                                        {.name = "b", .process = 2},
                                        {.name = "c", .process = 3}}),
                    all.now);
  hold("1");
  for (const auto* name : {"b", "c"}) {
    all.at(name).desk.sweep(all.now + 1s);
    EXPECT_THAT(all.at(name).runs, IsEmpty());
  }
}

TEST_F(replicas, that_run_by_mistake_go_on) {
  hold("1");
  auto& holder = holder_of("1");
  all.unlink("a", "b");
  all.unlink("a", "c");
  all.pass(all.dead_after + 100ms); // as if it were
  ASSERT_THAT(holder.runs, SizeIs(1));
  all.link("a", "b");
  all.link("a", "c");
  all.pass(20s);
  EXPECT_EQ(holder.desk.running(), 1u) << "no audit stops what runs";
  holder.finish_taken();
  a().finish("1");
  all.pass(100ms);
  expect_nothing_left();
}

} // namespace

} // namespace mfo::cluster
