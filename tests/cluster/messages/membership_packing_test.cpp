#include "cluster/messages/membership_packing.hpp"

#include "cluster/messages/packer.hpp"
#include "tests/cluster/membership/cards.hpp"
#include "tests/cluster/messages/cuts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::card_of;
using test::expect_no_part_of_it_to_do;
using test::record_of;
using ::testing::HasSubstr;

node_card whole_card() {
  auto card = card_of("node-b", 1'764'300'000'000, 0xfeed'beef'0123'4567U);
  card.where = {.host = "node-b.example", .port = 9400};
  card.roles = {role::intake, role::connector};
  card.labels = {{"region", "eu"}, {"team", "crm"}};
  card.speaks = {.lowest = 2, .highest = 3};
  card.software = "1.2.3";
  return card;
}

heartbeat whole_heartbeat() {
  heartbeat beat;
  beat.sender = "node-a";
  beat.born = {.started = 7, .process = 8};
  beat.sequence = 300;
  beat.load = std::make_shared<const load_report>(
      load_report{.queue_depth = 1,
                  .in_flight = 200,
                  .max_in_flight = 1024,
                  .draining = true,
                  .open_circuits = {"billing", "default"}});
  beat.table =
      std::make_shared<const std::vector<table_row>>(std::vector<table_row>{
          {.record = record_of(card_of("node-a", 7, 8)), .sequence = 300},
          {.record = record_of(whole_card(), member_state::dead, 5),
           .sequence = 9,
           .ended_ago = 1500ms}});
  beat.of_you = member_opinion{.born = whole_card().born,
                               .state = member_state::suspect,
                               .refutation = 4};
  return beat;
}

TEST(a_hello, arrives_as_it_was_packed) {
  const hello said{.cluster = "orders", .card = whole_card(), .dial = 77};
  const auto heard = unpack_hello(pack(said));
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->cluster, "orders");
  EXPECT_EQ(heard->card, said.card);
  EXPECT_EQ(heard->dial, 77u);
}

TEST(a_hello, may_have_more_behind_it_in_a_later_version) {
  const hello said{.cluster = "orders", .card = whole_card()};
  const auto heard = unpack_hello(pack(said) + "news of version 9");
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->card, said.card);
}

TEST(a_hello, that_is_cut_off_is_none) {
  const auto whole = pack(hello{.cluster = "orders", .card = whole_card()});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(unpack_hello(std::string_view{whole}.substr(0, size)));
}

TEST(a_hello, keeps_what_breaks_a_rule_for_its_judge_to_name) {
  hello said{.cluster = "orders", .card = whole_card()};
  said.card.name = "not a name";
  said.card.roles = {};
  const auto heard = unpack_hello(pack(said));
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->card.name, "not a name");
  EXPECT_FALSE(check_card(heard->card));
}

TEST(a_hello, has_no_label_twice) {
  packer out;
  out.text("orders").text("node-b").number(1).fixed(1).text("host").number(1);
  out.number(1).number(2);
  out.text("region").text("eu").text("region").text("us");
  out.number(1).number(1).text("1.0").fixed(0);
  const auto heard = unpack_hello(out.take());
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error(), "has a label twice");
}

TEST(a_refusal, arrives_with_its_reason) {
  const refusal said{.code = refusal_code::older_incarnation,
                     .text = "node-b is incarnation 1",
                     .raise_above = incarnation{.started = 9, .process = 10}};
  const auto heard = unpack_refusal(pack(said));
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->code, said.code);
  EXPECT_EQ(heard->text, said.text);
  EXPECT_EQ(heard->raise_above, said.raise_above);
}

TEST(a_refusal, of_a_later_version_is_read_by_its_text) {
  const auto heard = unpack_refusal(
      packer{}.number(99).text("the moon is not right").flag(false).take());
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->text, "the moon is not right");
}

TEST(a_heartbeat, arrives_as_it_was_packed) {
  const auto said = whole_heartbeat();
  const auto heard = unpack_heartbeat(pack(said));
  ASSERT_TRUE(heard) << heard.error();
  EXPECT_EQ(heard->sender, said.sender);
  EXPECT_EQ(heard->born, said.born);
  EXPECT_EQ(heard->sequence, said.sequence);
  EXPECT_EQ(*heard->load, *said.load);
  ASSERT_EQ(heard->table->size(), said.table->size());
  for (std::size_t i = 0; i < said.table->size(); ++i) {
    const auto& row = said.table->at(i);
    EXPECT_TRUE(compare(*heard->table->at(i).record, *row.record) == 0);
    EXPECT_EQ(*heard->table->at(i).record->card, *row.record->card);
    EXPECT_EQ(heard->table->at(i).sequence, row.sequence);
    EXPECT_EQ(heard->table->at(i).ended_ago, row.ended_ago);
  }
  ASSERT_TRUE(heard->of_you);
  EXPECT_EQ(heard->of_you->born, said.of_you->born);
  EXPECT_EQ(heard->of_you->state, said.of_you->state);
  EXPECT_EQ(heard->of_you->refutation, said.of_you->refutation);
}

TEST(a_heartbeat, is_whole_or_none) {
  expect_no_part_of_it_to_do(pack(whole_heartbeat()), unpack_heartbeat);
}

TEST(a_heartbeat, has_no_member_that_breaks_a_rule) {
  auto said = whole_heartbeat();
  auto card = whole_card();
  card.name = "no name\n";
  said.table = std::make_shared<const std::vector<table_row>>(
      std::vector<table_row>{{.record = record_of(card)}});
  const auto heard = unpack_heartbeat(pack(said));
  ASSERT_FALSE(heard);
  EXPECT_THAT(heard.error(), HasSubstr("has a member that "));
}

TEST(a_heartbeat, has_no_more_rows_than_may_be) {
  auto said = whole_heartbeat();
  said.table = std::make_shared<const std::vector<table_row>>(
      most_rows + 1, table_row{.record = record_of(whole_card())});
  EXPECT_FALSE(unpack_heartbeat(pack(said)));
}

} // namespace

} // namespace mfo::cluster
