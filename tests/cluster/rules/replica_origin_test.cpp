#include "cluster/rules/replica_origin.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using progress = replica_origin::progress;
using copy_order = replica_origin::copy_order;

struct replicated_events : testing::Test {
  replicated_events() {
    for (const auto* name : {"a", "b", "c", "d"})
      peers.push_back({.name = name, .incarnation = 7});
  }

  copy_order begin(const std::string& id, std::size_t copies) {
    auto order = events.begin(id, copies, peers, now + 2s);
    EXPECT_TRUE(order);
    return order.value_or(copy_order{});
  }

  /// Begun, and confirmed by all.
  copy_order hold(const std::string& id, std::size_t copies) {
    auto order = begin(id, copies);
    for (const auto& holder : order.list.holders)
      events.confirmed(id, holder, order.list.version);
    EXPECT_TRUE(events.is_held(id));
    return order;
  }

  static std::vector<std::string> names(const holder_list& list) {
    std::vector<std::string> all;
    for (const auto& holder : list.holders)
      all.push_back(holder.name);
    return all;
  }

  std::vector<node_life> without(const node_life& gone) const {
    auto left = peers;
    left.erase(std::find(left.begin(), left.end(), gone));
    return left;
  }

  replica_origin events{{.max_open = 5, .max_releases = 3}};
  std::vector<node_life> peers;
  replica_origin::clock::time_point now{100h};
};

TEST_F(replicated_events, go_to_the_owners_of_their_ids) {
  const std::vector<std::string> all{"a", "b", "c", "d"};
  for (const auto* id : {"1", "2", "3"}) {
    const auto order = begin(id, 2);
    EXPECT_EQ(order.send_event, owners_of(id, all, 2));
    EXPECT_EQ(names(order.list), order.send_event);
    EXPECT_THAT(order.send_list, IsEmpty());
    EXPECT_EQ(order.list.version, 1u);
  }
}

TEST_F(replicated_events, are_held_when_all_copies_are) {
  const auto order = begin("1", 2);
  EXPECT_EQ(events.confirmed("1", order.list.holders[1], 1), progress::waiting);
  EXPECT_EQ(events.confirmed("1", order.list.holders[1], 1), progress::waiting);
  EXPECT_FALSE(events.is_held("1"));
  EXPECT_EQ(events.confirmed("1", order.list.holders[0], 1), progress::held);
  EXPECT_TRUE(events.is_held("1"));
  EXPECT_EQ(events.confirmed("1", order.list.holders[0], 1), progress::nothing);
}

TEST_F(replicated_events, are_not_held_by_who_was_not_asked) {
  const auto order = begin("1", 1);
  auto restarted = order.list.holders[0];
  ++restarted.incarnation;
  EXPECT_EQ(events.confirmed("1", restarted, 1), progress::nothing);
  EXPECT_EQ(events.confirmed("1", order.list.holders[0], 2), progress::nothing);
  EXPECT_EQ(events.confirmed("2", order.list.holders[0], 1), progress::nothing);
  EXPECT_FALSE(events.is_held("1"));
}

TEST_F(replicated_events, need_enough_peers) {
  EXPECT_EQ(events.begin("1", 5, peers, now).error(),
            copy_refusal::too_few_peers);
  EXPECT_EQ(events.begin("1", 1, {}, now).error(), copy_refusal::too_few_peers);
  EXPECT_EQ(events.open(), 0u);
}

TEST_F(replicated_events, are_bounded) {
  for (const auto* id : {"1", "2", "3", "4", "5"})
    begin(id, 1);
  EXPECT_EQ(events.begin("5", 1, peers, now).error(), copy_refusal::known_id);
  EXPECT_EQ(events.begin("6", 1, peers, now).error(),
            copy_refusal::too_many_events);
}

TEST_F(replicated_events, go_to_another_holder_when_one_refuses) {
  const auto first = begin("1", 2);
  const auto refuser = first.list.holders[0];
  const auto stays = first.list.holders[1];
  events.confirmed("1", stays, 1);
  const auto second = events.refused("1", refuser, peers);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->list.version, 2u);
  EXPECT_EQ(second->list.holders[0], stays) << "who stays keeps its place";
  EXPECT_THAT(second->send_list, ElementsAre(stays.name));
  EXPECT_THAT(second->send_event, ElementsAre(second->list.holders[1].name));
  EXPECT_NE(second->list.holders[1].name, refuser.name);
  EXPECT_EQ(events.confirmed("1", second->list.holders[1], 2),
            progress::waiting)
      << "the other has not confirmed the new list";
  EXPECT_EQ(events.confirmed("1", stays, 2), progress::held);
}

TEST_F(replicated_events, do_not_count_a_word_about_an_older_list) {
  const auto first = begin("1", 2);
  const auto second = events.refused("1", first.list.holders[0], peers);
  ASSERT_TRUE(second);
  events.confirmed("1", second->list.holders[1], 2);
  EXPECT_EQ(events.confirmed("1", first.list.holders[1], 1), progress::nothing);
  EXPECT_FALSE(events.is_held("1"));
}

TEST_F(replicated_events, are_given_up_when_nobody_else_can_hold_them) {
  peers.resize(2);
  const auto first = begin("1", 2);
  events.refused("1", first.list.holders[0], peers);
  EXPECT_THAT(events.sweep(now), ElementsAre("1"));
  EXPECT_EQ(events.open(), 0u);
  EXPECT_THAT(events.take_releases(first.list.holders[1], 9), ElementsAre("1"));
}

TEST_F(replicated_events, are_given_up_when_they_are_not_held_in_time) {
  const auto order = begin("1", 2);
  hold("2", 2);
  events.confirmed("1", order.list.holders[0], 1);
  EXPECT_THAT(events.sweep(now + 1'999ms), IsEmpty());
  EXPECT_THAT(events.sweep(now + 2s), ElementsAre("1"));
  EXPECT_TRUE(events.is_held("2"));
  EXPECT_EQ(events.confirmed("1", order.list.holders[1], 1), progress::nothing);
}

TEST_F(replicated_events, are_released_in_batches_when_they_are_done) {
  std::vector<node_life> holders;
  for (const auto* id : {"1", "2", "3"})
    holders = hold(id, 4).list.holders;
  for (const auto* id : {"1", "2", "3"})
    EXPECT_TRUE(events.done(id));
  EXPECT_FALSE(events.done("1"));
  for (const auto& holder : holders) {
    EXPECT_THAT(events.take_releases(holder, 2), ElementsAre("1", "2"));
    EXPECT_THAT(events.take_releases(holder, 2), ElementsAre("3"));
    EXPECT_THAT(events.take_releases(holder, 2), IsEmpty());
  }
  EXPECT_EQ(events.releases(), 0u);
}

TEST_F(replicated_events, leave_releases_that_are_too_many_to_the_audit) {
  for (const auto* id : {"1", "2", "3", "4"}) {
    hold(id, 4);
    events.done(id);
  }
  EXPECT_THAT(events.take_releases(peers[0], 9), ElementsAre("1", "2", "3"));
}

TEST_F(replicated_events, get_another_holder_when_one_is_lost) {
  const auto first = hold("1", 2);
  const auto gone = first.list.holders[0];
  const auto orders = events.holder_lost(gone, without(gone));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].id, "1");
  EXPECT_EQ(orders[0].list.holders[0], first.list.holders[1]);
  EXPECT_EQ(orders[0].list.holders.size(), 2u);
  EXPECT_TRUE(events.is_held("1")) << "what was promised stays promised";
  EXPECT_TRUE(events.has_holder("1")) << "the second";
  EXPECT_THAT(events.sweep(now + 1h), IsEmpty());
  EXPECT_THAT(events.holder_lost(gone, without(gone)), IsEmpty());
}

TEST_F(replicated_events, get_a_holder_when_one_comes_back) {
  peers.resize(1);
  const auto first = hold("1", 1);
  const auto gone = first.list.holders[0];
  EXPECT_TRUE(events.has_holder("1"));
  EXPECT_THAT(events.holder_lost(gone, {}), IsEmpty());
  EXPECT_FALSE(events.has_holder("1"));
  auto restarted = gone;
  ++restarted.incarnation;
  const auto orders = events.holder_came(restarted);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_FALSE(events.has_holder("1")) << "it has not confirmed it yet";
  EXPECT_THAT(orders[0].send_event, ElementsAre(restarted.name));
  EXPECT_THAT(events.holder_came(restarted), IsEmpty());
}

TEST_F(replicated_events, do_not_ask_who_has_refused_again) {
  peers.resize(2);
  const auto first = begin("1", 2);
  const auto refuser = first.list.holders[0];
  events.refused("1", refuser, peers);
  EXPECT_THAT(events.holder_came(refuser), IsEmpty());
}

TEST_F(replicated_events, keep_a_copy_out_of_reach_until_others_have_it) {
  const auto first = hold("1", 1);
  const auto away = first.list.holders[0];
  const auto orders = events.holder_lost(away, without(away));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_THAT(events.audit(away, "", 9).open, ElementsAre("1"))
      << "the new holder may never get it";
  events.confirmed("1", orders[0].list.holders[0], 2);
  EXPECT_THAT(events.audit(away, "", 9).open, IsEmpty());
}

TEST_F(replicated_events, are_sent_again_on_a_new_link_unless_confirmed) {
  const auto first = begin("1", 2);
  const auto& holder = first.list.holders[0];
  auto orders = events.link_opened(holder);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_THAT(orders[0].send_event, ElementsAre(holder.name));
  EXPECT_THAT(orders[0].send_list, IsEmpty());
  events.confirmed("1", holder, 1);
  EXPECT_THAT(events.link_opened(holder), IsEmpty());
  const auto second = events.refused("1", first.list.holders[1], peers);
  ASSERT_TRUE(second);
  orders = events.link_opened(holder);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_THAT(orders[0].send_event, IsEmpty());
  EXPECT_THAT(orders[0].send_list, ElementsAre(holder.name));
}

TEST_F(replicated_events, are_audited_page_by_page) {
  for (const auto* id : {"3", "1", "2"})
    hold(id, 4);
  const auto first = events.audit(peers[0], "", 2);
  EXPECT_EQ(first.after, "");
  EXPECT_EQ(first.up_to, "2");
  EXPECT_THAT(first.open, ElementsAre("1", "2"));
  const auto second = events.audit(peers[0], first.up_to, 2);
  EXPECT_EQ(second.after, "2");
  EXPECT_EQ(second.up_to, "");
  EXPECT_THAT(second.open, ElementsAre("3"));
  const node_life stranger{.name = "a", .incarnation = 8};
  EXPECT_THAT(events.audit(stranger, "", 2).open, IsEmpty());
}

TEST(a_copy_refusal, has_a_word) {
  EXPECT_EQ(to_string(copy_refusal::too_few_peers), "too_few_peers");
  EXPECT_EQ(to_string(copy_refusal::too_many_events), "too_many_events");
  EXPECT_EQ(to_string(copy_refusal::known_id), "known_id");
}

} // namespace

} // namespace mfo::cluster
