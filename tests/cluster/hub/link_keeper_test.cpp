// How two nodes agree on a link, and why they do not.

#include "cluster/hub/link_keeper.hpp"

#include "cluster/messages/membership_packing.hpp"
#include "tests/cluster/hub/link_keepers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(link_keepers, agree_on_a_link_and_its_number) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  ASSERT_THAT(a.linked(), ElementsAre("b"));
  ASSERT_THAT(b.linked(), ElementsAre("a"));
  EXPECT_EQ(a.up["b"].number, b.up["a"].number);
  EXPECT_GT(a.up["b"].number, 0u);
  EXPECT_EQ(a.up["b"].version, 1u);
  EXPECT_EQ(b.up["a"].version, 1u);
  EXPECT_EQ(a.up["b"].peer, (node_life{"b", b.card().born.process}));
  EXPECT_THAT(a.log, IsEmpty());
  EXPECT_THAT(b.log, IsEmpty());
}

TEST_F(link_keepers, know_who_speaks_on_which_link) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  const auto number = a.up["b"].number;
  EXPECT_EQ(*a.links.peer_at(b.node, number), "b");
  EXPECT_FALSE(a.links.peer_at(b.node, number + 1)) << "of another link";
  EXPECT_FALSE(a.links.peer_at(a.node, number));
  EXPECT_EQ(a.links.gate_of("b"), b.gate);
  EXPECT_EQ(a.links.number_of("b"), number);
  EXPECT_FALSE(a.links.gate_of("c"));
  EXPECT_EQ(a.links.number_of("c"), 0u);
  EXPECT_EQ(a.links.size(), 1u);
}

TEST_F(link_keepers, refuse_another_cluster_and_both_say_why) {
  auto& b = dialler_of(a, "b", {.cluster = "bank"});
  all.run_for(100ms);
  EXPECT_THAT(a.linked(), IsEmpty());
  EXPECT_THAT(b.linked(), IsEmpty());
  EXPECT_THAT(a.log, Contains(AllOf(HasSubstr("refused here, other-cluster"),
                                    HasSubstr("\"bank\""))));
  EXPECT_THAT(b.log, Contains(AllOf(HasSubstr("refused by the peer, other-"),
                                    HasSubstr("\"shop\""))));
}

TEST_F(link_keepers, do_not_dial_again_soon_who_belongs_elsewhere) {
  auto& b = dialler_of(a, "b", {.cluster = "bank"});
  all.run_for(20s);
  EXPECT_EQ(b.dials, 1u);
  all.run_for(12s);
  EXPECT_EQ(b.dials, 2u);
}

TEST_F(link_keepers, leave_a_refused_link_open_until_the_refusal_is_read) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  auto theirs = hello_of(b);
  theirs.cluster = "bank";
  all.whisper(b, a, peer_word::hello, pack(theirs));
  all.run_for(refusal_time - 100ms);
  EXPECT_EQ(all.between(a, b), 1u);
  all.run_for(200ms);
  EXPECT_EQ(all.between(a, b), 0u);
}

TEST_F(link_keepers, refuse_a_name_that_the_certificate_does_not_have) {
  auto& b = dialler_of(a, "b");
  b.certificate = "c";
  all.run_for(100ms);
  const auto text =
      HasSubstr("the node is called b, and its certificate is of c");
  EXPECT_THAT(a.linked(), IsEmpty());
  EXPECT_THAT(a.log, Contains(AllOf(HasSubstr("refused here"), text)));
  EXPECT_THAT(b.log, Contains(AllOf(HasSubstr("refused by the peer"), text)));
}

TEST_F(link_keepers, refuse_it_of_whom_they_dialled_too) {
  a.certificate = "c";
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  const auto text =
      HasSubstr("the node is called a, and its certificate is of c");
  EXPECT_THAT(b.linked(), IsEmpty());
  EXPECT_THAT(b.log, Contains(AllOf(HasSubstr("refused here"), text)));
  EXPECT_THAT(a.log, Contains(AllOf(HasSubstr("refused by the peer"), text)));
  EXPECT_THAT(a.linked(), IsEmpty()) << "it had the link up for a moment";
  EXPECT_EQ(a.ups.size(), 1u);
  EXPECT_EQ(a.downs.size(), 1u);
}

TEST_F(link_keepers, do_not_mind_how_a_certificate_spells_a_name) {
  auto& b = dialler_of(a, "b");
  b.certificate = "B";
  all.run_for(100ms);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
}

TEST_F(link_keepers, believe_a_name_where_there_are_no_certificates) {
  auto& b = dialler_of(a, "b");
  a.certificate = b.certificate = "";
  all.run_for(100ms);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
}

TEST_F(link_keepers, refuse_a_name_that_a_living_node_has) {
  dialler_of(a, "b");
  all.run_for(100ms);
  auto& twin = dialler_of(a, "b", {.at = "elsewhere", .started = 200});
  all.run_for(100ms);
  EXPECT_EQ(a.ups.size(), 1u);
  EXPECT_THAT(twin.linked(), IsEmpty());
  EXPECT_THAT(a.log, Contains(HasSubstr("refused here, name-taken")));
  EXPECT_THAT(twin.log, Contains(HasSubstr("refused by the peer, name-taken")));
}

TEST_F(link_keepers, refuse_their_own_name) {
  auto& twin = dialler_of(a, "a", {.at = "elsewhere"});
  all.run_for(100ms);
  EXPECT_THAT(a.log, Contains(HasSubstr("refused here, name-is-mine")));
  EXPECT_THAT(twin.log, Contains(HasSubstr("refused by the peer, name-is-")));
}

TEST_F(link_keepers, dial_themselves_once_under_another_name) {
  const address other_name{"a.example", 7420};
  all.aliases[other_name] = &a;
  a.seeds = {a.card().where, other_name};
  all.run_for(60s);
  EXPECT_EQ(a.dials, 1u);
  EXPECT_THAT(a.log, ElementsAre("it is this node itself"));
}

TEST_F(link_keepers, take_an_older_clock_once_it_has_been_set_right) {
  auto& b = dialler_of(a, "b", {.started = 300});
  all.run_for(100ms);
  all.stop(b);
  all.run_for(6s); // dead
  auto& again = dialler_of(a, "b", {.started = 200});
  all.run_for(2s);
  EXPECT_THAT(again.log, Contains(HasSubstr("refused by the peer, older-")));
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(again.members.own_hello(0).card.born.started, 301u);
}

TEST_F(link_keepers, end_up_with_one_link_when_both_dial_at_once) {
  auto& b = dialler_of(a, "b");
  a.seeds = {b.card().where};
  all.run_for(300ms);
  EXPECT_EQ(all.between(a, b), 1u);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_THAT(b.linked(), ElementsAre("a"));
  EXPECT_EQ(a.up["b"].number, b.up["a"].number);
}

TEST_F(link_keepers, find_each_other_again_when_dials_have_crossed) {
  all.acceptors_are_late = true;
  auto& b = dialler_of(a, "b");
  a.seeds = {b.card().where};
  b.uniform = 0.9; // they do not wait equally long
  all.run_for(100ms);
  EXPECT_EQ(all.between(a, b), 0u) << "each took its own for the first one";
  all.run_for(4s);
  EXPECT_EQ(all.between(a, b), 1u);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_THAT(b.linked(), ElementsAre("a"));
}

TEST_F(link_keepers, close_a_second_link_of_a_peer_and_keep_the_first) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  a.links.heard_of({.what = link_event::kind::linked,
                    .link = 99,
                    .way = direction::dialled,
                    .token = 99,
                    .peer = "b",
                    .node = b.node,
                    .gate = b.gate},
                   all.now);
  EXPECT_THAT(a.closed, ElementsAre(99u));
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  a.links.heard_of(
      {.what = link_event::kind::lost, .link = 99, .text = "closed here"},
      all.now);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
}

TEST_F(link_keepers, turn_away_whom_they_have_no_space_for_and_say_so) {
  membership_settings few;
  few.max_members = 2;
  auto& full = all.add("full", {.settings = few});
  dialler_of(full, "b");
  all.run_for(100ms);
  auto& c = dialler_of(full, "c");
  all.run_for(100ms);
  EXPECT_THAT(full.linked(), ElementsAre("b"));
  EXPECT_THAT(c.ups, IsEmpty());
  const auto text = HasSubstr("full turns c away: the member table is full");
  EXPECT_THAT(full.log, Contains(AllOf(HasSubstr("refused here"), text)));
  EXPECT_THAT(c.log, Contains(AllOf(HasSubstr("refused by the peer"), text)));
}

TEST_F(link_keepers, turn_everybody_away_while_they_leave_and_say_so) {
  a.links.leave(all.now);
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  EXPECT_THAT(a.ups, IsEmpty());
  EXPECT_THAT(b.ups, IsEmpty());
  EXPECT_THAT(b.log, Contains(AllOf(HasSubstr("refused by the peer, turned"),
                                    HasSubstr("this node leaves"))));
}

} // namespace

} // namespace mfo::cluster::test
