#include "cluster/membership/seed_list.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

address seed_at(std::uint16_t port) {
  return {.host = "seeds", .port = port};
}

TEST(a_seed_list, keeps_what_is_known_of_seeds_that_stay) {
  seed_list seeds;
  seeds.assign({seed_at(1), seed_at(2), seed_at(3)});
  seeds.found(seed_at(1), "node-a");
  seeds.found_oneself(seed_at(2));
  seeds.assign({seed_at(2), seed_at(4), seed_at(1)});
  ASSERT_EQ(seeds.all().size(), 3u);
  EXPECT_TRUE(seeds.all()[0].oneself);
  EXPECT_EQ(seeds.all()[1].where, seed_at(4));
  EXPECT_FALSE(seeds.all()[1].member);
  EXPECT_EQ(seeds.all()[2].member, "node-a");
}

TEST(a_seed_list, stays_when_nothing_is_resolved) {
  seed_list seeds;
  seeds.assign({seed_at(1)});
  EXPECT_EQ(seeds.assign({}), 0u);
  EXPECT_EQ(seeds.all().size(), 1u);
}

TEST(a_seed_list, holds_each_address_once) {
  seed_list seeds;
  EXPECT_EQ(seeds.assign({seed_at(1), seed_at(1)}), 0u);
  EXPECT_EQ(seeds.all().size(), 1u);
}

TEST(a_seed_list, is_bounded_and_says_how_many_it_left_out) {
  std::vector<address> many;
  for (std::uint16_t port = 1; port <= 70; ++port)
    many.push_back(seed_at(port));
  seed_list seeds;
  EXPECT_EQ(seeds.assign(many), 6u);
  EXPECT_EQ(seeds.all().size(), seed_list::most);
}

TEST(a_seed_list, takes_no_notice_of_other_addresses) {
  seed_list seeds;
  seeds.assign({seed_at(1)});
  seeds.found(seed_at(2), "node-a");
  seeds.found_oneself(seed_at(2));
  EXPECT_FALSE(seeds.all()[0].member);
  EXPECT_FALSE(seeds.all()[0].oneself);
}

} // namespace

} // namespace mfo::cluster
