#include "cluster/rules/ordering.hpp"

#include "cluster/rules/outbox.hpp"
#include "cluster/rules/rendezvous.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct queues_of_keys : testing::Test {
  using queues = key_queues<std::string>;
  using verdict = queues::verdict;

  verdict add(const std::string& key, std::string item) {
    return events.add(key, std::move(item));
  }

  /// What goes, one after the other, until nothing of the key waits.
  std::vector<std::string> run_out(const std::string& key) {
    std::vector<std::string> ran;
    for (auto next = events.next(key); next; next = events.finished(key))
      ran.push_back(*next);
    return ran;
  }

  queues events{{.max_per_key = 3, .max_waiting = 4}};
};

TEST_F(queues_of_keys, let_one_of_a_key_go_at_a_time) {
  EXPECT_EQ(add("k", "1"), verdict::go);
  EXPECT_EQ(add("k", "2"), verdict::queued);
  EXPECT_EQ(add("k", "3"), verdict::queued);
  EXPECT_EQ(add("other", "4"), verdict::go) << "keys do not wait for others";
  EXPECT_FALSE(events.next("k")) << "one is on its way";
  EXPECT_EQ(events.finished("k"), "2");
  EXPECT_EQ(add("k", "5"), verdict::queued);
  EXPECT_EQ(events.finished("k"), "3");
  EXPECT_EQ(events.finished("k"), "5");
  EXPECT_FALSE(events.finished("k"));
  EXPECT_EQ(events.keys(), 1u);
  EXPECT_EQ(add("k", "6"), verdict::go);
}

TEST_F(queues_of_keys, are_bounded_each_and_together) {
  add("a", "0");
  add("b", "0");
  for (const auto* item : {"1", "2", "3"})
    EXPECT_EQ(add("a", item), verdict::queued);
  EXPECT_EQ(add("a", "4"), verdict::too_many_of_key);
  EXPECT_EQ(add("b", "1"), verdict::queued);
  EXPECT_EQ(add("b", "2"), verdict::too_many);
  EXPECT_EQ(events.waiting(), 4u);
  EXPECT_EQ(add("c", "0"), verdict::go) << "it does not wait";
}

TEST_F(queues_of_keys, put_what_came_back_before_what_waits) {
  add("k", "1");
  add("k", "4");
  EXPECT_FALSE(events.next("k"));
  events.put_first("k", {"2", "3"});
  EXPECT_EQ(events.finished("k"), "2");
  EXPECT_EQ(events.finished("k"), "3");
  EXPECT_EQ(events.finished("k"), "4");
}

TEST_F(queues_of_keys, wait_with_what_came_back_until_it_is_asked_for) {
  events.put_first("k", {});
  EXPECT_EQ(events.keys(), 0u);
  events.put_first("k", {"1", "2"});
  EXPECT_EQ(add("k", "3"), verdict::queued) << "it does not overtake";
  EXPECT_THAT(run_out("k"), ElementsAre("1", "2", "3"));
  EXPECT_EQ(events.keys(), 0u);
  EXPECT_EQ(events.waiting(), 0u);
}

struct routes_of_keys : testing::Test {
  std::vector<std::string> names{"a", "b", "c"};
  key_routes routes;
};

TEST_F(routes_of_keys, lead_to_the_owner) {
  for (int i = 0; i < 20; ++i) {
    const auto key = std::to_string(i);
    EXPECT_EQ(routes.open(key, names), owner_of(key, names));
  }
  EXPECT_EQ(routes.keys(), 20u);
}

TEST_F(routes_of_keys, stay_while_the_runner_has_events_of_the_key) {
  const std::string key = "k";
  const std::vector<std::string> few{"a"};
  EXPECT_EQ(routes.open(key, few), "a");
  std::string newcomer = "n0";
  for (int i = 1; owner_of(key, std::vector{std::string{"a"}, newcomer}) == "a";
       ++i)
    newcomer = "n" + std::to_string(i);
  const std::vector<std::string> more{"a", newcomer};
  EXPECT_EQ(routes.open(key, more), "a");
  routes.close(key);
  EXPECT_EQ(routes.open(key, more), "a");
  routes.close(key);
  routes.close(key);
  EXPECT_EQ(routes.keys(), 0u);
  EXPECT_EQ(routes.open(key, more), newcomer);
}

TEST_F(routes_of_keys, leave_a_runner_that_is_lost) {
  const auto runner = routes.open("k", names);
  names.erase(std::find(names.begin(), names.end(), runner));
  EXPECT_EQ(routes.open("k", names), owner_of("k", names));
  routes.close("k");
  routes.close("k");
  routes.close("k");
  EXPECT_EQ(routes.keys(), 0u);
}

TEST_F(routes_of_keys, lead_nowhere_without_a_name) {
  EXPECT_EQ(routes.open("k", {}), "");
  EXPECT_EQ(routes.keys(), 0u);
}

TEST(a_place_for_a_key, is_with_its_owner_whatever_the_load) {
  const candidate self{.name = "a", .roles = {role::runner}};
  std::vector<candidate> peers{{.name = "b", .roles = {role::runner}},
                               {.name = "c", .roles = {role::runner}},
                               {.name = "d", .roles = {role::intake}}};
  for (auto& peer : peers)
    peer.has_credit = false;
  const placement_request request{.needed = role::runner};
  const std::vector<std::string> runners{"a", "b", "c"};
  key_routes routes;
  for (int i = 0; i < 20; ++i) {
    const auto key = std::to_string(i);
    const auto chosen = place_in_order(key, request, self, peers, routes);
    const auto owner = owner_of(key, runners);
    const placement here{.where = placement::place::here,
                         .reason = placement_reason::local};
    const placement there{.where = placement::place::peer,
                          .peer = owner,
                          .reason = placement_reason::ordering_key};
    EXPECT_EQ(chosen, owner == "a" ? here : there);
  }
  EXPECT_EQ(routes.keys(), 20u);
}

TEST(a_place_for_a_key, is_nowhere_when_nobody_may_run_it) {
  const candidate self{.name = "a", .roles = {role::runner}, .draining = true};
  key_routes routes;
  const placement nowhere{.where = placement::place::nowhere,
                          .reason = placement_reason::unavailable};
  EXPECT_EQ(place_in_order("k", {.needed = role::runner}, self, {}, routes),
            nowhere);
  EXPECT_EQ(routes.keys(), 0u);
}

TEST(events_of_one_key, keep_their_sequence_when_their_runner_is_lost) {
  outbox at_peers{{}};
  key_queues<parcel> here;
  key_routes routes;
  std::vector<std::string> names{"a", "b", "c"};
  std::vector<std::string> ran;
  const auto runner = routes.open("k", names);
  for (const auto* id : {"1", "2", "3", "4"})
    EXPECT_TRUE(at_peers.hand({.id = id, .content = nullptr, .bytes = 1},
                              runner, 1, 0,
                              {.received = outbox::clock::time_point::max(),
                               .concluded = outbox::clock::time_point::max()}));
  ran.push_back(at_peers.conclude("1")->id);
  std::vector<parcel> back;
  for (auto& one : at_peers.lost(runner, 1))
    back.push_back(std::move(one.event));
  here.put_first("k", std::move(back));
  EXPECT_EQ(here.add("k", {.id = "5", .content = nullptr, .bytes = 1}),
            key_queues<parcel>::verdict::queued);
  for (auto next = here.next("k"); next; next = here.finished("k"))
    ran.push_back(next->id);
  EXPECT_THAT(ran, ElementsAre("1", "2", "3", "4", "5"));
}

} // namespace

} // namespace mfo::cluster
