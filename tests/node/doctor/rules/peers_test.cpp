#include "node/doctor/rules/peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node::doctor {
namespace {

using testing::HasSubstr;

cluster::node_card card(const std::string& name, cluster::protocol_range speaks,
                        const std::string& software = "0.1.0") {
  cluster::node_card made;
  made.name = name;
  made.where = {name, 7420};
  made.roles = cluster::role_set{cluster::role::intake};
  made.speaks = speaks;
  made.software = software;
  return made;
}

const auto own = card("node-a", {1, 2});

/// What a peer of that card answers to this node's visit.
finding visited(const cluster::node_card& peer,
                const std::string& cluster = "shop") {
  const auto verdict = cluster::judge_hello({.cluster = cluster, .card = peer},
                                            visit_card("shop", own, 7), {});
  EXPECT_FALSE(verdict) << "a visitor became a member";
  return judge_peer({.address = "10.0.0.2:7420",
                     .name = peer.name,
                     .answer = verdict.error()},
                    own);
}

TEST(a_visit, is_well_formed_and_never_agreed_to) {
  const auto card_of_visit = visit_card("shop", own, 7).card;
  EXPECT_TRUE(cluster::check_card(card_of_visit));
}

TEST(a_peer, of_the_same_release_is_good) {
  const auto found = visited(card("node-b", {1, 2}));
  EXPECT_EQ(found.how, verdict::ok);
  EXPECT_THAT(found.text, HasSubstr("release 0.1.0"));
}

TEST(a_peer, of_a_release_that_has_a_protocol_in_common_is_to_be_looked_at) {
  const auto found = visited(card("node-b", {2, 3}, "0.2.0"));
  EXPECT_EQ(found.how, verdict::warning);
  EXPECT_THAT(found.text, HasSubstr("protocol 2 to 3; this one is 0.1.0"));
}

TEST(a_peer, of_a_release_that_has_none_in_common_fails) {
  const auto found = visited(card("node-b", {3, 4}, "0.3.0"));
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.remedy, HasSubstr("upgrade"));
}

TEST(a_peer, of_another_cluster_fails) {
  const auto found = visited(card("node-b", {1, 2}), "market");
  EXPECT_EQ(found.how, verdict::failed);
  EXPECT_THAT(found.remedy, HasSubstr("cluster.name"));
}

TEST(a_peer, that_is_this_very_node_is_left_out) {
  EXPECT_EQ(visited(card("node-a", {1, 2})).how, verdict::left_out);
}

TEST(a_peer, that_is_not_linked_or_says_nothing_fails) {
  EXPECT_THAT(
      judge_peer({.address = "10.0.0.2:7420", .failure = "cannot connect"}, own)
          .text,
      HasSubstr("10.0.0.2:7420: cannot connect"));
  EXPECT_EQ(judge_peer({.address = "10.0.0.2:7420", .name = "node-b"}, own).how,
            verdict::failed);
}

} // namespace
} // namespace mfo::node::doctor
