#include "cluster/transport/peer_names.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster::wire {

namespace {

TEST(peer_names, are_exact_where_they_have_no_star) {
  const peer_names names{{"node-1", "node-2"}};
  EXPECT_TRUE(names.allows("node-1"));
  EXPECT_FALSE(names.allows("node-11"));
  EXPECT_FALSE(names.allows("a.node-1"));
  EXPECT_FALSE(names.allows(""));
}

TEST(peer_names, hold_for_all_below_a_suffix_but_not_for_itself) {
  const peer_names names{{"*.cluster.test"}};
  EXPECT_TRUE(names.allows("a.cluster.test"));
  EXPECT_TRUE(names.allows("b.a.cluster.test"));
  EXPECT_FALSE(names.allows("cluster.test"));
  EXPECT_FALSE(names.allows(".cluster.test"));
  EXPECT_FALSE(names.allows("a.cluster.test.example"));
  EXPECT_FALSE(names.allows("evilcluster.test"));
}

TEST(peer_names, are_all_names_with_a_star_alone) {
  const peer_names names{{"*"}};
  EXPECT_TRUE(names.allows("anybody"));
  EXPECT_FALSE(names.allows(""));
}

TEST(peer_names, do_not_mind_capitals) {
  EXPECT_TRUE(peer_names{{"Node-1"}}.allows("nODE-1"));
}

TEST(peer_names, are_none_where_none_is_given) {
  EXPECT_FALSE(peer_names{{}}.allows("node-1"));
}

TEST(peer_names, tell_which_of_a_certificate_is_the_first) {
  const peer_names names{{"b", "c"}};
  EXPECT_EQ(names.first_allowed({"a", "b", "c"}), "b");
  EXPECT_EQ(names.first_allowed({"a"}), std::nullopt);
}

} // namespace

} // namespace mfo::cluster::wire
