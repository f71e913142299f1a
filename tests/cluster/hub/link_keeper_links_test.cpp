// Links that are up, and what the membership makes of them.

#include "cluster/hub/link_keeper.hpp"

#include "cluster/messages/membership_packing.hpp"
#include "tests/cluster/hub/keeper_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two nodes that have a link, which b dialled.
struct linked_keepers : testing::Test {
  linked_keepers() {
    b.seeds = {a.card().where};
    all.run_for(200ms);
  }

  keeper_nodes all;
  keeper_node& a = all.add("a");
  keeper_node& b = all.add("b");
};

/// The last heartbeat that `from` sent to `to`.
heartbeat last_beat(const keeper_node& from, const keeper_node& to) {
  heartbeat last;
  for (const auto& each : from.said)
    if (each.what == peer_word::beat && each.to == to.node)
      last = unpack_heartbeat(each.bytes).value();
  return last;
}

TEST_F(linked_keepers, keep_their_link_by_heartbeats) {
  all.run_for(60s);
  EXPECT_EQ(a.ups.size(), 1u);
  EXPECT_EQ(a.sees("b"), "alive");
  EXPECT_EQ(b.sees("a"), "alive");
  EXPECT_THAT(a.log, IsEmpty());
  EXPECT_GE(a.said.size(), 100u);
}

TEST_F(linked_keepers, tell_each_other_of_third_nodes) {
  auto& c = all.add("c");
  c.seeds = {a.card().where};
  all.run_for(2s);
  EXPECT_THAT(a.linked(), ElementsAre("b", "c"));
  EXPECT_THAT(b.linked(), ElementsAre("a", "c"));
  EXPECT_THAT(c.linked(), ElementsAre("a", "b"));
}

TEST_F(linked_keepers, give_each_link_a_number_of_its_own) {
  all.break_links(a, b);
  all.run_for(2s);
  ASSERT_EQ(a.ups.size(), 2u);
  EXPECT_NE(a.ups[0].number, a.ups[1].number);
  EXPECT_EQ(a.ups[1].number, b.ups[1].number);
}

TEST_F(linked_keepers, tell_once_that_a_link_is_down) {
  const auto number = a.up["b"].number;
  all.break_links(a, b);
  ASSERT_EQ(a.downs.size(), 1u);
  EXPECT_EQ(a.downs[0].peer.name, "b");
  EXPECT_EQ(a.downs[0].number, number);
  EXPECT_EQ(b.downs.size(), 1u);
  EXPECT_THAT(a.log, Contains("the connection was reset"));
  EXPECT_FALSE(a.links.gate_of("b"));
  EXPECT_FALSE(a.links.peer_at(b.node, number));
  EXPECT_EQ(a.links.size(), 0u);
  EXPECT_EQ(a.sees("b"), "suspect");
}

TEST_F(linked_keepers, find_a_peer_dead_that_is_silent) {
  all.silent = true;
  all.run_for(1'500ms);
  EXPECT_EQ(a.sees("b"), "suspect");
  EXPECT_THAT(a.ended, IsEmpty());
  all.run_for(4s);
  EXPECT_EQ(a.sees("b"), "dead");
  ASSERT_EQ(a.ended.size(), 1u);
  EXPECT_EQ(a.ended[0], (node_life{"b", b.card().born.process}));
  EXPECT_THAT(a.linked(), IsEmpty());
  EXPECT_THAT(a.log, Contains(HasSubstr("nothing came by it for 5s")));
}

TEST_F(linked_keepers, link_again_with_a_peer_that_was_dead) {
  all.silent = true;
  all.run_for(6s);
  all.silent = false;
  all.run_for(15s);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(a.sees("b"), "alive");
  EXPECT_EQ(b.sees("a"), "alive");
}

TEST_F(linked_keepers, welcome_a_peer_that_was_started_anew) {
  all.stop(b);
  auto& again = all.add("b", {.started = 200});
  again.seeds = {a.card().where};
  all.run_for(2s);
  ASSERT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(a.up["b"].peer.incarnation, again.card().born.process);
  EXPECT_EQ(a.downs.size(), 1u);
  EXPECT_EQ(a.sees("b"), "alive");
}

TEST_F(linked_keepers, welcome_it_also_where_its_predecessor_seems_linked) {
  all.lose_power(b);
  auto& again = all.add("b", {.started = 200});
  again.seeds = {a.card().where};
  all.run_for(200ms);
  EXPECT_THAT(again.log, Contains(HasSubstr("name-taken")));
  all.run_for(3s);
  ASSERT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(a.up["b"].peer.incarnation, again.card().born.process);
  EXPECT_EQ(a.links.gate_of("b"), again.gate);
  ASSERT_EQ(a.downs.size(), 1u) << "the predecessor's";
  EXPECT_EQ(a.downs[0].number, a.ups[0].number);
  EXPECT_EQ(a.links.size(), 1u);
}

TEST_F(linked_keepers, end_a_link_on_which_garbage_beats) {
  all.whisper(b, a, peer_word::beat, "\xff\xff\xff garbage");
  EXPECT_THAT(a.log, Contains(HasSubstr("a heartbeat ")));
  EXPECT_EQ(a.downs.size(), 1u);
  all.settle();
  EXPECT_EQ(b.downs.size(), 1u);
  all.run_for(2s);
  EXPECT_THAT(a.linked(), ElementsAre("b")) << "it may have been a mistake";
}

TEST_F(linked_keepers, end_a_link_on_which_another_node_seems_to_beat) {
  auto& c = all.add("c");
  c.seeds = {a.card().where};
  all.run_for(2s);
  all.whisper(b, a, peer_word::beat, pack(last_beat(c, a)));
  EXPECT_THAT(a.log,
              Contains(HasSubstr("a heartbeat in the name of another node")));
  EXPECT_THAT(a.linked(), ElementsAre("c"));
}

TEST_F(linked_keepers, hear_nobody_in_the_name_of_another_while_it_ends) {
  auto& c = all.add("c");
  c.seeds = {a.card().where};
  all.run_for(2s);
  auto forged = last_beat(c, a);
  a.links.close("b", "for the test", all.now);
  forged.sequence += 1'000;
  all.whisper(b, a, peer_word::beat, pack(forged));
  all.run_for(1s);
  // Had it been believed, all that c says itself would be old.
  EXPECT_EQ(a.members.counters().stale_messages, 0u);
}

TEST_F(linked_keepers, hear_the_last_word_of_a_peer_whose_link_ends) {
  b.links.leave(all.now);
  const auto last = pack(last_beat(b, a));
  a.links.close("b", "for the test", all.now);
  all.whisper(b, a, peer_word::beat, last);
  EXPECT_EQ(a.sees("b"), "left");
}

TEST_F(linked_keepers, end_a_link_for_one_who_says_that_the_peer_is_faulty) {
  a.links.close("b", "it breaks the rules", all.now);
  EXPECT_EQ(a.downs.size(), 1u);
  EXPECT_EQ(a.links.size(), 0u);
  all.settle();
  EXPECT_EQ(b.downs.size(), 1u);
  a.links.close("b", "once more", all.now);
  a.links.close("nobody", "it is not there", all.now);
  EXPECT_EQ(a.downs.size(), 1u);
}

TEST_F(linked_keepers, end_a_link_that_the_peer_refuses_after_all) {
  all.whisper(b, a, peer_word::refuse,
              pack(refusal{.code = refusal_code::name_taken,
                           .text = "there is another a"}));
  EXPECT_THAT(a.log, Contains(HasSubstr("there is another a")));
  EXPECT_EQ(a.downs.size(), 1u);
}

TEST_F(linked_keepers, say_that_they_drain) {
  a.links.drain(all.now);
  all.settle();
  EXPECT_TRUE(b.shown->find("a")->load->draining);
  EXPECT_EQ(b.sees("a"), "alive");
  EXPECT_THAT(b.linked(), ElementsAre("a"));
}

TEST_F(linked_keepers, say_good_bye_and_close_their_links) {
  a.links.leave(all.now);
  all.settle();
  EXPECT_EQ(b.sees("a"), "left");
  EXPECT_THAT(b.ended, ElementsAre(node_life{"a", a.card().born.process}));
  EXPECT_FALSE(a.members.has_left());
  all.run_for(600ms);
  EXPECT_TRUE(a.members.has_left());
  EXPECT_EQ(all.between(a, b), 0u);
  EXPECT_THAT(a.linked(), IsEmpty());
  EXPECT_THAT(b.linked(), IsEmpty());
  EXPECT_THAT(a.log, Contains("this node leaves"));
}

TEST_F(linked_keepers, do_not_dial_who_has_left) {
  b.links.leave(all.now);
  all.run_for(600ms);
  EXPECT_EQ(a.sees("b"), "left");
  all.run_for(20s);
  EXPECT_EQ(a.dials, 0u) << "though a dials all greater names that it knows";
}

TEST_F(linked_keepers, show_every_change_once) {
  std::shared_ptr<const view> before = a.shown;
  all.break_links(a, b);
  EXPECT_NE(a.shown, before);
  EXPECT_FALSE(a.shown->find("b")->linked);
  all.run_for(2s);
  EXPECT_TRUE(a.shown->find("b")->is_reachable());
}

} // namespace

} // namespace mfo::cluster::test
