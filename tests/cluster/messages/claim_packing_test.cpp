#include "cluster/messages/claim_packing.hpp"

#include "cluster/messages/packer.hpp"
#include "tests/cluster/messages/cuts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::expect_no_part_of_it_to_do;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ownership::record held_record() {
  return {.id = "held elsewhere",
          .what = ownership::state::held,
          .by = {.node = {.name = "node-y", .incarnation = 7}, .number = 13},
          .age = 4s};
}

ownership::record running_record() {
  return {.id = "running",
          .by = {.node = {.name = "node-x", .incarnation = 0xfedc'0000'0001U},
                 .number = 12},
          .left = 8s,
          .age = 2s};
}

claims_message all_about_claims() {
  claims_message what;
  what.heard = 300;
  what.asked = {{.number = 7, .id = "asked", .left = 10s},
                {.number = 8, .id = "asked too", .left = 20s}};
  what.answered = {{.number = 3, .verdict = claim_verdict::fresh},
                   {.number = 4, .verdict = claim_verdict::in_progress},
                   {.number = 5, .verdict = claim_verdict::taken}};
  what.told = {
      settled_claim{.number = 1, .id = "failed"},
      settled_claim{
          .number = 2, .id = "taken", .end = core::delivery_end::taken},
      running_record(),
      ownership::record{
          .id = "done", .what = ownership::state::done, .age = 3h},
      settled_claim{.number = 3, .id = "held", .end = core::delivery_end::held},
      held_record()};
  what.fired = {{.trigger = "report", .tick = 12h}};
  return what;
}

TEST(a_claims_message, arrives_as_it_was_packed) {
  const auto read = unpack_claims(pack(all_about_claims()));
  ASSERT_TRUE(read) << read.error();
  ASSERT_TRUE(*read);
  const auto& come = **read;
  EXPECT_EQ(come.heard, 300u);
  ASSERT_THAT(come.asked, SizeIs(2));
  EXPECT_EQ(come.asked[1].number, 8u);
  EXPECT_EQ(come.asked[1].id, "asked too");
  EXPECT_EQ(come.asked[1].left, 20s);
  ASSERT_THAT(come.answered, SizeIs(3));
  EXPECT_EQ(come.answered[0].number, 3u);
  EXPECT_EQ(come.answered[0].verdict, claim_verdict::fresh);
  EXPECT_EQ(come.answered[1].verdict, claim_verdict::in_progress);
  EXPECT_EQ(come.answered[2].verdict, claim_verdict::taken);
  EXPECT_EQ(come.fired, all_about_claims().fired);
}

TEST(a_claims_message, tells_how_deliveries_ended_and_what_was_known) {
  const auto read = unpack_claims(pack(all_about_claims()));
  ASSERT_TRUE(read) << read.error();
  const auto& told = (*read)->told;
  ASSERT_THAT(told, SizeIs(6));
  const auto& failed = std::get<settled_claim>(told[0]);
  EXPECT_EQ(failed.number, 1u);
  EXPECT_EQ(failed.id, "failed");
  EXPECT_EQ(failed.end, core::delivery_end::failed);
  EXPECT_EQ(std::get<settled_claim>(told[1]).end, core::delivery_end::taken);
  const auto& running = std::get<ownership::record>(told[2]);
  EXPECT_EQ(running.id, "running");
  EXPECT_EQ(running.what, ownership::state::running);
  EXPECT_EQ(running.by, running_record().by);
  EXPECT_EQ(running.left, 8s);
  EXPECT_EQ(running.age, 2s);
  const auto& done = std::get<ownership::record>(told[3]);
  EXPECT_EQ(done.id, "done");
  EXPECT_EQ(done.what, ownership::state::done);
  EXPECT_EQ(done.age, 3h);
  EXPECT_EQ(std::get<settled_claim>(told[4]).end, core::delivery_end::held);
  const auto& held = std::get<ownership::record>(told[5]);
  EXPECT_EQ(held.what, ownership::state::held);
  EXPECT_EQ(held.by, held_record().by);
}

TEST(a_claims_message, is_small_when_there_is_little_to_say) {
  const auto bytes = pack(claims_message{.heard = 2});
  EXPECT_THAT(bytes, SizeIs(6));
  const auto read = unpack_claims(bytes);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ((*read)->heard, 2u);
  EXPECT_THAT((*read)->asked, IsEmpty());
}

TEST(a_claims_message, is_whole_or_none) {
  expect_no_part_of_it_to_do(pack(all_about_claims()), unpack_claims);
}

TEST(a_claims_message, of_a_later_kind_is_passed_over) {
  const auto read = unpack_claims(packer{}.number(2).text("whatever").take());
  ASSERT_TRUE(read) << read.error();
  EXPECT_FALSE(*read);
}

TEST(a_claims_message, cuts_spans_to_what_can_be_told) {
  claims_message what;
  what.asked = {
      {.number = 1, .id = "late", .left = -5s},
      {.number = 2, .id = "never", .left = std::chrono::milliseconds::max()}};
  const auto read = unpack_claims(pack(what));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ((*read)->asked[0].left, 0s);
  EXPECT_EQ((*read)->asked[1].left, 24h * 400);
}

TEST(a_claims_message, with_a_text_that_is_too_long_is_refused) {
  claims_message what;
  what.asked = {{.number = 1, .id = std::string(longest_claim_id, 'x')}};
  EXPECT_TRUE(unpack_claims(pack(what)));
  what.asked.front().id += 'x';
  EXPECT_FALSE(unpack_claims(pack(what)));
  what.asked.clear();
  what.fired = {{.trigger = std::string(longest_tick_trigger + 1, 'x')}};
  EXPECT_FALSE(unpack_claims(pack(what)));
}

TEST(a_claims_message, with_a_name_that_no_node_has_is_refused) {
  claims_message what;
  auto record = running_record();
  record.by.node.name = "../x";
  what.told = {record};
  const auto read = unpack_claims(pack(what));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), "has a name that no node has");
}

TEST(a_claims_message, with_more_than_may_be_asked_at_once_is_refused) {
  claims_message what;
  what.asked.resize(most_claims_asked);
  EXPECT_TRUE(unpack_claims(pack(what)));
  what.asked.resize(most_claims_asked + 1);
  EXPECT_FALSE(unpack_claims(pack(what)));
}

} // namespace

} // namespace mfo::cluster
