#include "cluster/membership/node_card.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using test::card_of;
using testing::HasSubstr;

/// What is wrong with it.
std::string fault_of(const node_card& card) {
  const auto good = check_card(card);
  return good ? "nothing" : good.error();
}

TEST(a_card, of_a_node_that_can_do_everything_is_good) {
  EXPECT_EQ(fault_of(card_of("node-a")), "nothing");
}

TEST(a_card, needs_the_name_of_a_node) {
  EXPECT_THAT(fault_of(card_of("node a")), HasSubstr("has a name that is not"));
}

TEST(a_card, needs_an_address) {
  auto card = card_of("node-a");
  card.where.port = 0;
  EXPECT_EQ(fault_of(card), "cannot be dialled at \"node-a:0\"");
}

TEST(a_card, needs_a_role) {
  auto card = card_of("node-a");
  card.roles = {};
  EXPECT_EQ(fault_of(card), "has no role");
}

TEST(a_card, has_16_labels_at_most) {
  auto card = card_of("node-a");
  for (int i = 0; i < 16; ++i)
    card.labels["key-" + std::to_string(i)] = "value";
  EXPECT_EQ(fault_of(card), "nothing");
  card.labels["one"] = "more";
  EXPECT_EQ(fault_of(card), "has 17 labels, 16 are the most");
}

TEST(a_card, has_labels_of_64_bytes_at_most) {
  auto card = card_of("node-a");
  card.labels = {{std::string(64, 'k'), std::string(64, 'v')}};
  EXPECT_EQ(fault_of(card), "nothing");
  card.labels = {{"key", std::string(65, 'v')}};
  EXPECT_THAT(fault_of(card), HasSubstr("of more than 64 bytes"));
  card.labels = {{std::string(65, 'k'), ""}};
  EXPECT_THAT(fault_of(card), HasSubstr("of more than 64 bytes"));
  card.labels = {{"", "value"}};
  EXPECT_THAT(fault_of(card), HasSubstr("a label without a key"));
}

TEST(a_card, speaks_a_range_of_protocols) {
  auto card = card_of("node-a");
  card.speaks = {.lowest = 3, .highest = 2};
  EXPECT_EQ(fault_of(card), "speaks protocol 3 to 2, which is no range");
}

TEST(a_card, has_a_short_software_version) {
  auto card = card_of("node-a");
  card.software.assign(65, '1');
  EXPECT_THAT(fault_of(card), HasSubstr("65 bytes, 64 are the most"));
}

TEST(a_card, is_described_without_harm_whoever_wrote_it) {
  auto card = card_of("node-a");
  EXPECT_EQ(describe(card), "node-a at node-a:7420");
  card.name = "evil\x1b[2J" + std::string(1'000, 'x');
  EXPECT_THAT(describe(card), HasSubstr("evil?[2J"));
  EXPECT_LT(describe(card).size(), 200u);
}

} // namespace

} // namespace mfo::cluster
