#include "cluster/rules/replica_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct a_replica_store : testing::Test {
  a_replica_store() {
    for (const auto& node : {origin, first, self, third})
      alive[node.name] = node.incarnation;
  }

  keep_answer keep(const std::string& id, std::size_t bytes = 10) {
    return copies.keep(origin, {.id = id, .content = nullptr, .bytes = bytes},
                       list);
  }

  std::vector<std::string> due(std::size_t most = 100) {
    std::vector<std::string> ids;
    const auto view =
        [this](const std::string& name) -> std::optional<std::uint64_t> {
      const auto found = alive.find(name);
      if (found == alive.end())
        return std::nullopt;
      return found->second;
    };
    for (const auto& one : copies.due(view, most, now)) {
      EXPECT_EQ(one.origin, origin);
      impatient = one.impatient;
      ids.push_back(one.event.id);
    }
    return ids;
  }

  const node_life origin{.name = "origin", .incarnation = 1};
  const node_life first{.name = "first", .incarnation = 2};
  const node_life self{.name = "self", .incarnation = 3};
  const node_life third{.name = "third", .incarnation = 4};
  holder_list list{.version = 1, .holders = {first, self, third}};
  std::map<std::string, std::uint64_t> alive;
  replica_store copies{self,
                       {.max_events = 3, .max_bytes = 100, .patience = 10s}};
  replica_store::clock::time_point now{100h};
  bool impatient = false;
};

TEST_F(a_replica_store, holds_an_event_until_it_is_released) {
  EXPECT_EQ(keep("1"), keep_answer::kept);
  EXPECT_TRUE(copies.holds(origin, "1"));
  EXPECT_EQ(copies.size(), 1u);
  EXPECT_EQ(copies.bytes(), 10u);
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_TRUE(copies.release(origin, "1"));
  EXPECT_FALSE(copies.release(origin, "1"));
  EXPECT_EQ(copies.size(), 0u);
  EXPECT_EQ(copies.bytes(), 0u);
}

TEST_F(a_replica_store, holds_an_event_once) {
  keep("1");
  EXPECT_EQ(keep("1"), keep_answer::kept);
  EXPECT_EQ(copies.bytes(), 10u);
}

TEST_F(a_replica_store, refuses_more_than_it_may_hold) {
  EXPECT_EQ(keep("x", 101), keep_answer::too_many_bytes);
  EXPECT_EQ(keep("1", 91), keep_answer::kept);
  EXPECT_EQ(keep("2", 10), keep_answer::too_many_bytes);
  EXPECT_EQ(keep("2", 9), keep_answer::kept);
  EXPECT_EQ(keep("3", 0), keep_answer::kept);
  EXPECT_EQ(keep("4", 0), keep_answer::too_many_events);
  EXPECT_EQ(keep("1", 91), keep_answer::kept) << "it is held already";
}

TEST_F(a_replica_store, takes_over_when_those_before_it_are_gone) {
  keep("1");
  alive.erase("origin");
  EXPECT_THAT(due(), IsEmpty()) << "the first holder lives";
  alive.erase("first");
  EXPECT_THAT(due(), ElementsAre("1"));
  EXPECT_FALSE(impatient);
  EXPECT_THAT(due(), IsEmpty()) << "once";
  EXPECT_EQ(copies.taken(), 1u);
}

TEST_F(a_replica_store, takes_another_life_for_a_loss) {
  keep("1");
  alive["origin"] = 10;
  alive["first"] = 10;
  EXPECT_THAT(due(), ElementsAre("1"));
}

TEST_F(a_replica_store, takes_over_alone_where_no_holder_lives) {
  list.holders = {first, third};
  keep("1");
  alive.clear();
  EXPECT_THAT(due(), ElementsAre("1"));
}

TEST_F(a_replica_store, stops_before_it_has_begun_when_the_release_comes) {
  keep("1");
  keep("2");
  alive.erase("origin");
  alive.erase("first");
  EXPECT_THAT(due(1), ElementsAre("1"));
  EXPECT_FALSE(copies.release(origin, "1")) << "it runs";
  EXPECT_TRUE(copies.release(origin, "2"));
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(a_replica_store, takes_over_so_many_at_a_time) {
  for (const auto* id : {"1", "2", "3"})
    keep(id);
  alive.erase("origin");
  alive.erase("first");
  EXPECT_THAT(due(2), ElementsAre("1", "2"));
  EXPECT_THAT(due(2), ElementsAre("3"));
}

TEST_F(a_replica_store, says_whose_copies_may_go_when_it_has_run_an_event) {
  keep("1");
  alive.erase("origin");
  alive.erase("first");
  due();
  EXPECT_EQ(keep("1"), keep_answer::taken_over);
  const auto others = copies.concluded(origin, "1");
  ASSERT_EQ(others.size(), 2u);
  EXPECT_EQ(others[0].holder, "first");
  EXPECT_EQ(others[1].holder, "third");
  EXPECT_EQ(others[1].id, "1");
  EXPECT_EQ(others[1].origin, origin);
  EXPECT_EQ(copies.size(), 0u);
  EXPECT_EQ(copies.taken(), 0u);
  EXPECT_THAT(copies.concluded(origin, "1"), IsEmpty());
}

TEST_F(a_replica_store, does_not_conclude_what_it_has_not_taken_over) {
  keep("1");
  EXPECT_THAT(copies.concluded(origin, "1"), IsEmpty());
  EXPECT_TRUE(copies.holds(origin, "1"));
}

TEST_F(a_replica_store, does_not_wait_for_another_holder_for_ever) {
  keep("1");
  alive.erase("origin");
  EXPECT_THAT(due(), IsEmpty());
  now += 9s;
  EXPECT_THAT(due(), IsEmpty());
  now += 1s;
  EXPECT_THAT(due(), ElementsAre("1"));
  EXPECT_TRUE(impatient);
}

TEST_F(a_replica_store, waits_as_long_as_another_holder_runs_the_event) {
  keep("1");
  alive.erase("origin");
  due();
  now += 9s;
  copies.is_running(origin, "1", now);
  now += 9s;
  EXPECT_THAT(due(), IsEmpty());
  now += 1s;
  EXPECT_THAT(due(), ElementsAre("1"));
}

TEST_F(a_replica_store, tells_the_others_what_it_runs) {
  keep("1");
  keep("2");
  EXPECT_THAT(copies.running(9), IsEmpty());
  alive.erase("origin");
  alive.erase("first");
  due(1);
  const auto told = copies.running(9);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].id, "1");
  EXPECT_EQ(told[1].holder, "third");
  EXPECT_EQ(copies.running(1).size(), 1u);
}

TEST_F(a_replica_store, begins_to_wait_anew_when_the_origin_was_not_gone) {
  keep("1");
  alive.erase("origin");
  due();
  now += 9s;
  alive["origin"] = 1;
  EXPECT_THAT(due(), IsEmpty());
  alive.erase("origin");
  now += 1s;
  EXPECT_THAT(due(), IsEmpty());
}

TEST_F(a_replica_store, follows_the_newest_list) {
  keep("1");
  EXPECT_TRUE(copies.relist(origin, "1", {.version = 3, .holders = {self}}));
  EXPECT_TRUE(
      copies.relist(origin, "1", {.version = 2, .holders = {third, self}}));
  EXPECT_FALSE(copies.relist(origin, "2", {.version = 2, .holders = {self}}));
  keep("1");
  alive.erase("origin");
  EXPECT_THAT(due(), ElementsAre("1"));
}

TEST_F(a_replica_store, lets_go_what_the_origin_does_not_count) {
  for (const auto* id : {"1", "2", "3"})
    keep(id);
  EXPECT_THAT(copies.audit(origin, {.up_to = "2", .open = {"2"}}),
              ElementsAre("1"));
  EXPECT_FALSE(copies.holds(origin, "1"));
  EXPECT_TRUE(copies.holds(origin, "2"));
  EXPECT_TRUE(copies.holds(origin, "3")) << "the page does not go so far";
  EXPECT_THAT(copies.audit(origin, {.after = "2"}), ElementsAre("3"));
  EXPECT_FALSE(copies.holds(origin, "3"));
  EXPECT_THAT(copies.audit(first, {}), IsEmpty());
  EXPECT_EQ(copies.size(), 1u);
}

TEST_F(a_replica_store, does_not_let_go_what_it_runs) {
  keep("1");
  alive.erase("origin");
  alive.erase("first");
  due();
  EXPECT_THAT(copies.audit(origin, {}), IsEmpty());
  EXPECT_TRUE(copies.holds(origin, "1"));
}

TEST(a_keep_answer, has_a_word) {
  EXPECT_EQ(to_string(keep_answer::kept), "kept");
  EXPECT_EQ(to_string(keep_answer::too_many_events), "too_many_events");
  EXPECT_EQ(to_string(keep_answer::too_many_bytes), "too_many_bytes");
  EXPECT_EQ(to_string(keep_answer::taken_over), "taken_over");
}

} // namespace

} // namespace mfo::cluster
