#include "cluster/messages/copy_packing.hpp"

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

constexpr std::chrono::steady_clock::time_point packed_at{100s};

const node_life life_a{.name = "a", .incarnation = 0xffff'0000'1111'2222U};
const node_life life_b{.name = "node-b.example", .incarnation = 2};

copies_sent all_of_copies() {
  copies_sent what;
  what.confirmed = 300;
  what.refused = {{.number = 298, .why = keep_refusal::draining},
                  {.number = 300, .why = keep_refusal::not_held}};
  what.released = {7, 5, 1'000'000};
  what.audit = ticket_page{.after = 10, .up_to = 999, .open = {11, 500, 999}};
  what.ended = {{.origin = life_b, .ticket = 4}};
  what.running = {{.origin = life_a, .ticket = 9}};
  what.first = 41;
  what.copies = {
      {.ticket = 1'001,
       .list = {.version = 1, .holders = {life_a, life_b}},
       .event = sample_event(packed_at)},
      {.ticket = 3, .list = {.version = 70'000, .holders = {life_b}}},
      {.ticket = 1'002,
       .list = {.version = 1, .holders = {life_b}},
       .event = sample_event(packed_at)}};
  return what;
}

TEST(a_copies_message, arrives_as_it_was_packed) {
  const auto sent = all_of_copies();
  const auto bytes = pack(sent, packed_at);
  const auto come = unpack_copies(bytes);
  ASSERT_TRUE(come) << come.error();
  EXPECT_EQ(come->confirmed, 300u);
  ASSERT_EQ(come->refused.size(), 2u);
  EXPECT_EQ(come->refused[0].number, 298u);
  EXPECT_EQ(come->refused[0].why, keep_refusal::draining);
  EXPECT_EQ(come->refused[1].why, keep_refusal::not_held);
  EXPECT_THAT(come->released, ElementsAre(7u, 5u, 1'000'000u));
  ASSERT_TRUE(come->audit);
  EXPECT_EQ(come->audit->after, 10u);
  EXPECT_EQ(come->audit->up_to, 999u);
  EXPECT_THAT(come->audit->open, ElementsAre(11u, 500u, 999u));
  EXPECT_EQ(come->ended, sent.ended);
  EXPECT_EQ(come->running, sent.running);
  EXPECT_EQ(come->first, 41u);
  ASSERT_EQ(come->copies.size(), 3u);
  EXPECT_EQ(come->copies[0].ticket, 1'001u);
  EXPECT_EQ(come->copies[0].list.version, 1u);
  EXPECT_THAT(come->copies[0].list.holders, ElementsAre(life_a, life_b));
  EXPECT_EQ(come->copies[0].endpoint, "orders");
  EXPECT_EQ(come->copies[1].list.version, 70'000u);
  EXPECT_THAT(come->copies[1].event, IsEmpty());
}

TEST(a_copies_message, holds_events_that_are_read_later) {
  const auto bytes = pack(all_of_copies(), packed_at);
  const auto come = unpack_copies(bytes);
  ASSERT_TRUE(come) << come.error();
  const std::string kept{come->copies[2].event};
  const auto event = unpack_copied_event(kept);
  ASSERT_TRUE(event) << event.error();
  EXPECT_EQ(event->envelope, sample_event(packed_at)->envelope);
  EXPECT_EQ(event->time_left, 8s);
  EXPECT_FALSE(unpack_copied_event(kept + '\0'));
}

TEST(a_copies_message, is_small_when_there_is_little_to_say) {
  EXPECT_LE(pack(copies_sent{.confirmed = 1}, packed_at).size(), 8u);
  auto one = all_of_copies();
  one.copies.pop_back();
  const auto added = pack(all_of_copies(), packed_at).size() -
                     pack(std::move(one), packed_at).size();
  const auto counted =
      packed_size(*sample_event(packed_at)) +
      packed_size(holder_list{.version = 1, .holders = {life_b}});
  EXPECT_GE(counted, added);
  EXPECT_LE(counted, added + 64);
}

TEST(a_copies_message, is_whole_or_none) {
  expect_no_part_of_it_to_do(pack(all_of_copies(), packed_at), unpack_copies);
}

TEST(a_copies_message, has_pages_in_order_alone) {
  copies_sent what;
  what.audit = ticket_page{.after = 5, .open = {6, 6}};
  EXPECT_EQ(unpack_copies(pack(what, packed_at)).error(),
            "lists what is open out of order");
  what.audit->open = {6, 5}; // around the end of all numbers
  EXPECT_EQ(unpack_copies(pack(what, packed_at)).error(),
            "has a number that is too large");
}

TEST(a_copies_message, names_nodes_alone) {
  copies_sent what;
  what.ended = {{.origin = {.name = "no node"}, .ticket = 1}};
  EXPECT_EQ(unpack_copies(pack(what, packed_at)).error(),
            "names what is no node");
}

TEST(a_copies_message, has_holders_within_bounds) {
  copies_sent what;
  what.copies.resize(1);
  what.copies[0].list.holders.assign(most_holders, life_a);
  EXPECT_TRUE(unpack_copies(pack(what, packed_at)));
  what.copies[0].list.holders.push_back(life_a);
  EXPECT_FALSE(unpack_copies(pack(what, packed_at)));
}

TEST(a_copied_event, is_readable_or_known_not_to_be) {
  const auto expect_bound = [](std::string core::event::*text,
                               std::size_t longest) {
    for (const auto size : {longest, longest + 1}) {
      const auto event = sample_event(packed_at);
      ((*event).*text).assign(size, 'x');
      EXPECT_EQ(is_readable(*event), size <= longest);
      copies_sent message;
      message.copies = {{.ticket = 1, .event = event}};
      const auto read = unpack_copies(pack(message, packed_at));
      EXPECT_EQ(read.has_value(), size <= longest);
    }
  };
  expect_bound(&core::event::id, 128);
  expect_bound(&core::event::tracestate, 512);
  expect_bound(&core::event::own_type, 1024);
  expect_bound(&core::event::own_source, 1024);
}

TEST(a_keep_refusal, has_a_word) {
  EXPECT_EQ(to_string(keep_refusal::too_many_events), "too_many_events");
  EXPECT_EQ(to_string(keep_refusal::too_many_bytes), "too_many_bytes");
  EXPECT_EQ(to_string(keep_refusal::draining), "draining");
  EXPECT_EQ(to_string(keep_refusal::unknown_endpoint), "unknown_endpoint");
  EXPECT_EQ(to_string(keep_refusal::origin_gone), "origin_gone");
  EXPECT_EQ(to_string(keep_refusal::not_held), "not_held");
}

} // namespace

} // namespace mfo::cluster
