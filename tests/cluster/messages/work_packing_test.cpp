#include "cluster/messages/work_packing.hpp"

#include "tests/cluster/messages/cuts.hpp"
#include "tests/cluster/messages/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::expect_no_part_of_it_to_do;
using test::sample_event;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::steady_clock::time_point now{100s};

work_sent everything() {
  work_sent what;
  what.received = 40;
  what.heard = 1000;
  what.grant = credit_grant{.link = 0xffff'0000'1111'2222U,
                            .total = {.events = 2048, .bytes = 1 << 24}};
  what.handed_back = {"a", "b"};
  core::outcome failed;
  failed.error = core::errc::circuit_open;
  what.ends = {{.number = 17, .id = "c", .how = {}},
               {.number = 18, .id = "d", .how = failed}};
  what.events = {{.number = 41, .event = sample_event(now)},
                 {.number = 42, .event = sample_event(now)}};
  return what;
}

TEST(a_work_message, arrives_as_it_was_packed) {
  const auto sent = everything();
  const auto bytes = pack(sent, now);
  const auto come = unpack_work(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(come->received, 40u);
  EXPECT_EQ(come->heard, 1000u);
  EXPECT_EQ(come->grant, sent.grant);
  EXPECT_THAT(come->handed_back, ElementsAre("a", "b"));
  ASSERT_EQ(come->ends.size(), 2u);
  EXPECT_EQ(come->ends[0].number, 17u);
  EXPECT_TRUE(come->ends[0].how.delivered());
  EXPECT_EQ(come->ends[1].id, "d");
  EXPECT_EQ(come->ends[1].how.error, core::errc::circuit_open);
  ASSERT_EQ(come->events.size(), 2u);
  EXPECT_EQ(come->events[1].number, 42u);
  EXPECT_EQ(come->events[1].what.envelope, sent.events[1].event->envelope);
}

TEST(a_work_message, is_small_when_there_is_little_to_say) {
  EXPECT_EQ(pack({.received = 1, .heard = 2}, now).size(), 6u);
  const auto bytes = pack({.received = 1, .heard = 2}, now);
  const auto come = unpack_work(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_FALSE(come->grant);
  EXPECT_THAT(come->events, IsEmpty());
}

TEST(a_work_message, is_whole_or_none) {
  expect_no_part_of_it_to_do(pack(everything(), now), unpack_work);
}

TEST(a_work_message, counts_events_for_about_what_they_add_to_it) {
  auto one = everything();
  one.events.pop_back();
  const auto added =
      pack(everything(), now).size() - pack(std::move(one), now).size();
  const auto counted = packed_size(*sample_event(now));
  EXPECT_GE(counted, added);
  EXPECT_LE(counted, added + 64);
  const auto bytes = pack(everything(), now);
  const auto come = unpack_work(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(packed_size(come->events[0].what), counted);
}

} // namespace

} // namespace mfo::cluster
