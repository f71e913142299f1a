#include "cluster/membership/member_record.hpp"

#include "tests/cluster/membership/cards.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace mfo::test;
using test::card_of;
using test::record_of;
using state = member_state;

constexpr state every_state[] = {state::alive, state::suspect, state::dead,
                                 state::left};

member_record at(std::uint64_t started, state what, std::uint32_t refutation) {
  return *record_of(card_of("node-a", started), what, refutation);
}

TEST(a_record, is_superseded_by_a_worse_state) {
  EXPECT_TRUE(supersedes(at(1, state::suspect, 3), at(1, state::alive, 3)));
  EXPECT_TRUE(supersedes(at(1, state::dead, 3), at(1, state::suspect, 3)));
  EXPECT_FALSE(supersedes(at(1, state::alive, 3), at(1, state::suspect, 3)));
}

TEST(a_record, is_superseded_by_a_refutation_even_if_it_says_dead) {
  EXPECT_TRUE(supersedes(at(1, state::alive, 4), at(1, state::suspect, 3)));
  EXPECT_TRUE(supersedes(at(1, state::alive, 4), at(1, state::dead, 3)));
  EXPECT_FALSE(supersedes(at(1, state::dead, 3), at(1, state::alive, 4)));
}

TEST(a_record, that_says_left_is_the_last_word_on_its_incarnation) {
  for (const auto other : every_state)
    EXPECT_FALSE(supersedes(at(1, other, 9), at(1, state::left, 0)) &&
                 other != state::left);
  EXPECT_TRUE(supersedes(at(1, state::left, 0), at(1, state::dead, 9)));
}

TEST(a_record, is_superseded_by_a_later_incarnation_in_any_state) {
  for (const auto before : every_state)
    for (const auto after : every_state)
      EXPECT_TRUE(supersedes(at(2, after, 0), at(1, before, 9)));
}

TEST(a_record, does_not_supersede_itself) {
  EXPECT_FALSE(supersedes(at(1, state::dead, 3), at(1, state::dead, 3)));
}

TEST(a_record, is_put_in_an_order_even_if_cards_differ_by_mistake) {
  auto card = card_of("node-a");
  const auto one = *record_of(card);
  card.where.port = 7421;
  const auto other = *record_of(card);
  EXPECT_NE(supersedes(one, other), supersedes(other, one));
}

TEST(a_record, can_be_told_without_its_card) {
  const auto opinion = opinion_of(at(7, state::dead, 3));
  EXPECT_EQ(opinion.born.started, 7u);
  EXPECT_EQ(opinion.state, state::dead);
  EXPECT_EQ(opinion.refutation, 3u);
}

/// Of one name, with few values, so that many are equal in parts.
member_record random_record(std::mt19937& random) {
  auto card =
      card_of("node-a", between(random, 1u, 3u), between(random, 1u, 2u));
  card.where.port = between<std::uint16_t>(random, 7420, 7421);
  if (between(random, 0, 3) == 0)
    card.labels["team"] = "crm";
  return *record_of(card, every_state[between(random, 0, 3)],
                    between(random, 0u, 3u));
}

bool equal(const member_record& a, const member_record& b) {
  return *a.card == *b.card && a.state == b.state &&
         a.refutation == b.refutation;
}

TEST(merging_records, is_total_commutative_associative_and_idempotent) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto a = random_record(random);
    const auto b = random_record(random);
    const auto c = random_record(random);
    const auto ab = merged(a, b);
    ASSERT_TRUE(equal(ab, a) || equal(ab, b));
    ASSERT_TRUE(equal(ab, merged(b, a)));
    ASSERT_TRUE(equal(merged(ab, c), merged(a, merged(b, c))));
    ASSERT_TRUE(equal(merged(ab, b), ab));
    ASSERT_TRUE(equal(merged(a, a), a));
    ASSERT_EQ(supersedes(a, b) || supersedes(b, a), !equal(a, b));
  }
}

TEST(merging_records, ends_the_same_in_whatever_order_they_come) {
  const auto seed = first_seed();
  SCOPED_TRACE(seed_trace(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 500; ++i) {
    std::vector<member_record> records;
    for (int j = between(random, 1, 12); j > 0; --j)
      records.push_back(random_record(random));
    const auto all_of_them = [&records] {
      auto result = records.front();
      for (const auto& each : records)
        result = merged(result, each);
      return result;
    };
    const auto before = all_of_them();
    std::shuffle(records.begin(), records.end(), random);
    ASSERT_TRUE(equal(before, all_of_them()));
  }
}

TEST(a_member_state, has_a_name_for_the_log) {
  EXPECT_EQ(to_string(state::alive), "alive");
  EXPECT_EQ(to_string(state::suspect), "suspect");
  EXPECT_EQ(to_string(state::dead), "dead");
  EXPECT_EQ(to_string(state::left), "left");
}

} // namespace

} // namespace mfo::cluster
