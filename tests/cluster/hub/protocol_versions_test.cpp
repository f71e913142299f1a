// Nodes of different versions: a cluster is upgraded node by node. The rules
// are in docs/adr/0011-packed-messages.md.

#include "cluster/hub/link_keeper.hpp"

#include "cluster/messages/membership_packing.hpp"
#include "tests/cluster/hub/keeper_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr protocol_range version_1{.lowest = 1, .highest = 1};
constexpr protocol_range versions_1_and_2{.lowest = 1, .highest = 2};
constexpr protocol_range version_2{.lowest = 2, .highest = 2};
constexpr protocol_range versions_2_and_3{.lowest = 2, .highest = 3};

struct nodes_of_several_versions : testing::Test {
  keeper_node& add(const std::string& name, protocol_range speaks) {
    auto& made = all.add(name, {.speaks = speaks});
    made.seeds = seeds;
    seeds.push_back(made.card().where);
    return made;
  }

  keeper_nodes all;
  std::vector<address> seeds;
};

TEST_F(nodes_of_several_versions, speak_the_highest_that_both_know) {
  auto& old = add("old", version_1);
  auto& both = add("both", versions_1_and_2);
  auto& later = add("later", versions_2_and_3);
  all.run_for(3s);
  ASSERT_THAT(both.linked(), ElementsAre("later", "old"));
  EXPECT_EQ(both.up["old"].version, 1u);
  EXPECT_EQ(old.up["both"].version, 1u);
  EXPECT_EQ(both.up["later"].version, 2u);
  EXPECT_EQ(later.up["both"].version, 2u);
}

TEST_F(nodes_of_several_versions, say_on_both_sides_which_is_to_be_upgraded) {
  auto& old = add("old", version_1);
  auto& later = add("later", version_2);
  all.run_for(1s);
  EXPECT_THAT(old.linked(), IsEmpty());
  EXPECT_THAT(later.linked(), IsEmpty());
  const auto what_to_do =
      AllOf(HasSubstr("no-common-version"), HasSubstr("speaks protocol 2 to 2"),
            HasSubstr("1 to 1"),
            HasSubstr("; old needs a release that speaks protocol 2, too"));
  EXPECT_THAT(old.log, Contains(what_to_do)) << "which was dialled";
  EXPECT_THAT(later.log, Contains(what_to_do)) << "which dialled";
}

TEST_F(nodes_of_several_versions, say_the_same_whoever_dials) {
  auto& later = add("later", version_2);
  auto& old = add("old", version_1);
  all.run_for(1s);
  const auto what_to_do =
      HasSubstr("; old needs a release that speaks protocol 2, too");
  EXPECT_THAT(old.log, Contains(what_to_do));
  EXPECT_THAT(later.log, Contains(what_to_do));
}

TEST_F(nodes_of_several_versions, try_again_seldom_what_has_no_common_version) {
  add("later", version_2);
  auto& old = add("old", version_1);
  all.run_for(25s);
  EXPECT_EQ(old.dials, 1u);
}

TEST_F(nodes_of_several_versions, are_members_also_without_a_link) {
  auto& old = add("old", version_1);
  auto& both = add("both", versions_1_and_2);
  auto& later = add("later", version_2);
  all.run_for(3s);
  EXPECT_THAT(both.linked(), ElementsAre("later", "old"));
  // By way of the one that speaks both. Nobody gives them work for the other.
  ASSERT_EQ(old.sees("later"), "alive");
  ASSERT_EQ(later.sees("old"), "alive");
  EXPECT_FALSE(old.shown->find("later")->is_reachable());
  EXPECT_FALSE(later.shown->find("old")->is_reachable());
}

/// One node after the other is stopped and started with what comes next, as in
/// a rolling upgrade; nobody is alone at any time.
TEST_F(nodes_of_several_versions, are_upgraded_one_after_the_other) {
  std::vector<keeper_node*> nodes{&add("a", version_1), &add("b", version_1),
                                  &add("c", version_1)};
  all.run_for(2s);
  std::uint64_t started = 100;
  for (const auto next : {versions_1_and_2, version_2})
    for (auto*& each : nodes) {
      const auto name = each->card().name;
      all.stop(*each);
      each = &all.add(name, {.started = ++started, .speaks = next});
      each->seeds = seeds;
      all.run_for(8s);
      for (const auto* node : nodes)
        EXPECT_EQ(node->linked().size(), 2u) << node->card().name;
    }
  for (auto* node : nodes)
    for (const auto& [name, link] : node->up)
      EXPECT_EQ(link.version, 2u) << node->card().name << " and " << name;
}

TEST_F(nodes_of_several_versions, do_not_mind_what_a_later_hello_adds) {
  auto& old = add("old", version_1);
  auto& later = all.add("later", {.speaks = versions_1_and_2});
  old.links.heard_of({.what = link_event::kind::linked,
                      .link = 7,
                      .peer = "later",
                      .node = later.node},
                     all.now);
  const hello said{.cluster = "shop", .card = later.card(), .dial = 1};
  all.whisper(later, old, peer_word::hello, pack(said) + "news of protocol 2");
  ASSERT_THAT(old.linked(), ElementsAre("later"));
  EXPECT_EQ(old.up["later"].version, 1u);
}

TEST_F(nodes_of_several_versions, end_a_link_where_a_heartbeat_says_more) {
  auto& a = add("a", version_1);
  auto& b = add("b", versions_1_and_2);
  all.run_for(200ms);
  ASSERT_EQ(a.up["b"].version, 1u);
  std::string beat;
  for (const auto& each : b.said)
    if (each.what == peer_word::beat)
      beat = each.bytes;
  all.whisper(b, a, peer_word::beat, beat + '\x01');
  EXPECT_THAT(a.log, Contains("a heartbeat goes on behind its end"));
  EXPECT_THAT(a.linked(), IsEmpty());
}

TEST_F(nodes_of_several_versions, keep_a_role_that_they_do_not_know) {
  auto& old = add("old", version_1);
  auto& later = all.add("later", {.speaks = versions_1_and_2});
  auto card = later.card();
  card.roles =
      role_set::of_bits(static_cast<std::uint8_t>(card.roles.bits() | 0x40U));
  old.links.heard_of({.what = link_event::kind::linked,
                      .link = 7,
                      .peer = "later",
                      .node = later.node},
                     all.now);
  all.whisper(later, old, peer_word::hello,
              pack(hello{.cluster = "shop", .card = card, .dial = 1}));
  ASSERT_THAT(old.linked(), ElementsAre("later"));
  EXPECT_EQ(old.shown->find("later")->card->roles, card.roles);
}

} // namespace

} // namespace mfo::cluster::test
