#include "cluster/rules/rendezvous.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back("node-" + std::to_string(i));
  return names;
}

TEST(a_stable_hash, is_fnv_1a) {
  EXPECT_EQ(stable_hash(""), 0xCBF29CE484222325U);
  EXPECT_EQ(stable_hash("a"), 0xAF63DC4C8601EC8CU);
  EXPECT_EQ(stable_hash("foobar"), 0x85944171F73967E8U);
}

TEST(a_rendezvous_weight, is_the_same_in_all_versions) {
  EXPECT_EQ(rendezvous_weight("", ""), 0x0C674DA690F5FBB8U);
  EXPECT_EQ(rendezvous_weight("k", "a"), 0xC0EDB5D596A8F36BU);
  const std::string id = "0190a5d0-0000-7000-8000-000000000000";
  EXPECT_EQ(rendezvous_weight(id, "node-1"), 0x3A46BEC98E21B624U);
  EXPECT_EQ(rendezvous_weight(id, "node-2"), 0x70B544F92CC60E77U);
}

TEST(an_owner, is_the_same_in_all_versions) {
  const std::vector<std::string> names{"node-1", "node-2", "node-3", "node-4",
                                       "node-5"};
  EXPECT_EQ(owner_of("alpha", names), "node-5");
  EXPECT_EQ(owner_of("beta", names), "node-4");
  EXPECT_EQ(owner_of("gamma", names), "node-1");
  EXPECT_THAT(owners_of("delta", names, 5),
              ElementsAre("node-1", "node-2", "node-5", "node-4", "node-3"));
}

TEST(an_owner, does_not_depend_on_the_order_of_the_names) {
  auto names = numbered_names(7);
  std::vector<std::string> owners;
  for (int i = 0; i < 100; ++i)
    owners.push_back(owner_of("key-" + std::to_string(i), names));
  std::reverse(names.begin(), names.end());
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(owner_of("key-" + std::to_string(i), names),
              owners[static_cast<std::size_t>(i)]);
}

TEST(an_owner, is_nobody_where_there_is_no_name) {
  EXPECT_EQ(owner_of("key", {}), "");
  EXPECT_THAT(owners_of("key", {}, 3), IsEmpty());
}

TEST(owners, begin_with_the_owner_and_are_all_where_there_are_not_more) {
  const auto names = numbered_names(5);
  for (int i = 0; i < 100; ++i) {
    const auto key = "key-" + std::to_string(i);
    const auto three = owners_of(key, names, 3);
    ASSERT_EQ(three.size(), 3u);
    EXPECT_EQ(three.front(), owner_of(key, names));
    const auto all = owners_of(key, names, 9);
    EXPECT_EQ(all.size(), 5u);
    EXPECT_TRUE(std::equal(three.begin(), three.end(), all.begin()));
  }
}

TEST(owners, follow_each_other_when_they_leave) {
  const auto names = numbered_names(6);
  for (int i = 0; i < 50; ++i) {
    const auto key = "key-" + std::to_string(i);
    auto left = names;
    for (const auto& next : owners_of(key, names, names.size())) {
      EXPECT_EQ(owner_of(key, left), next);
      left.erase(std::find(left.begin(), left.end(), next));
    }
  }
}

TEST(a_node_that_leaves, moves_only_its_own_keys) {
  const auto before = numbered_names(8);
  for (const auto& gone : before) {
    auto after = before;
    after.erase(std::find(after.begin(), after.end(), gone));
    for (int i = 0; i < 1'000; ++i) {
      const auto key = "key-" + std::to_string(i);
      const auto owner = owner_of(key, before);
      if (owner != gone) {
        EXPECT_EQ(owner_of(key, after), owner) << key;
      }
    }
  }
}

TEST(each_node, has_its_share_to_within_a_tenth) {
  constexpr std::size_t keys = 50'000;
  for (const std::size_t count : {2u, 5u, 32u}) {
    const auto names = numbered_names(count);
    std::map<std::string, std::size_t> shares;
    for (std::size_t i = 0; i < keys; ++i)
      ++shares[owner_of("event-" + std::to_string(i), names)];
    const auto mean = static_cast<double>(keys) / static_cast<double>(count);
    for (const auto& name : names) {
      const auto share = static_cast<double>(shares[name]);
      EXPECT_NEAR(share, mean, mean / 10) << name << " of " << count;
    }
  }
}

} // namespace

} // namespace mfo::cluster
