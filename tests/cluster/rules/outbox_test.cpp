#include "cluster/rules/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct an_outbox : testing::Test {
  auto hand(const std::string& id, const std::string& peer = "b",
            std::uint64_t link = 1, unsigned moves = 0,
            std::size_t bytes = 10) {
    return events.hand({.id = id, .content = nullptr, .bytes = bytes}, peer,
                       link, moves,
                       {.received = now + 1s, .concluded = now + 10s});
  }

  static std::vector<std::string>
  ids(const std::vector<outbox::returned>& back) {
    std::vector<std::string> all;
    for (const auto& one : back)
      all.push_back(one.event.id);
    return all;
  }

  outbox events{{.max_events = 4, .max_bytes = 100, .max_moves = 2}};
  outbox::clock::time_point now{100h};
};

TEST_F(an_outbox, numbers_the_events_of_each_link) {
  EXPECT_EQ(hand("1").value(), 1u);
  EXPECT_EQ(hand("2").value(), 2u);
  EXPECT_EQ(hand("3", "c").value(), 1u);
  EXPECT_EQ(hand("4", "b", 2).value(), 1u);
  EXPECT_EQ(events.size(), 4u);
  EXPECT_EQ(events.bytes(), 40u);
}

TEST_F(an_outbox, gives_the_event_that_a_peer_concludes) {
  hand("1");
  const auto event = events.conclude("1");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, "1");
  EXPECT_FALSE(events.conclude("1")) << "once";
  EXPECT_FALSE(events.conclude("2"));
  EXPECT_EQ(events.size(), 0u);
  EXPECT_EQ(events.bytes(), 0u);
}

TEST_F(an_outbox, gives_everything_back_in_order_when_the_link_is_lost) {
  for (const auto* id : {"3", "1", "2"})
    hand(id);
  hand("4", "b", 2);
  events.conclude("1");
  const auto back = events.lost("b", 1);
  EXPECT_THAT(ids(back), ElementsAre("3", "2"));
  for (const auto& one : back) {
    EXPECT_EQ(one.peer, "b");
    EXPECT_EQ(one.cause, return_cause::peer_lost);
    EXPECT_EQ(one.moves, 1u);
    EXPECT_FALSE(one.too_often);
  }
  EXPECT_EQ(events.size(), 1u) << "the other link is another matter";
  EXPECT_THAT(events.lost("b", 1), IsEmpty());
}

TEST_F(an_outbox, says_when_an_event_has_come_back_too_often) {
  hand("1", "b", 1, 1);
  EXPECT_FALSE(events.lost("b", 1).at(0).too_often);
  hand("1", "c", 1, 2);
  const auto back = events.lost("c", 1);
  EXPECT_EQ(back.at(0).moves, 3u);
  EXPECT_TRUE(back.at(0).too_often);
}

TEST_F(an_outbox, gives_back_what_is_not_received_in_time) {
  hand("1");
  hand("2");
  hand("3");
  events.received("b", 1, 2);
  events.received("b", 1, 1);
  events.received("c", 1, 3);
  EXPECT_THAT(events.sweep(now), IsEmpty());
  const auto back = events.sweep(now + 1s);
  EXPECT_THAT(ids(back), ElementsAre("3"));
  EXPECT_EQ(back[0].cause, return_cause::unreceived);
}

TEST_F(an_outbox, gives_back_what_is_not_concluded_in_time) {
  hand("1");
  hand("2");
  events.received("b", 1, 2);
  EXPECT_THAT(events.sweep(now + 9s), IsEmpty());
  const auto back = events.sweep(now + 10s);
  EXPECT_THAT(ids(back), ElementsAre("1", "2"));
  EXPECT_EQ(back[0].cause, return_cause::silent);
  EXPECT_EQ(events.size(), 0u);
  EXPECT_THAT(events.lost("b", 1), IsEmpty());
}

TEST_F(an_outbox, does_not_believe_in_numbers_that_it_has_not_given) {
  events.received("b", 1, 100);
  hand("1");
  events.received("b", 1, 100);
  hand("2");
  EXPECT_THAT(ids(events.sweep(now + 1s)), ElementsAre("2"));
}

TEST_F(an_outbox, gives_back_what_the_peer_does_not_want) {
  hand("1");
  EXPECT_FALSE(events.hand_back("c", "1"));
  const auto back = events.hand_back("b", "1");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->cause, return_cause::handed_back);
  EXPECT_EQ(back->moves, 1u);
  EXPECT_FALSE(events.hand_back("b", "1"));
  EXPECT_THAT(events.lost("b", 1), IsEmpty());
}

TEST_F(an_outbox, hears_a_late_word_of_one_peer_while_another_runs_it) {
  hand("1");
  const auto back = events.sweep(now + 10s);
  hand("1", "c", 1, back.at(0).moves);
  EXPECT_TRUE(events.conclude("1"));
  EXPECT_THAT(events.lost("c", 1), IsEmpty());
}

TEST_F(an_outbox, refuses_what_is_more_than_its_bounds) {
  EXPECT_EQ(hand("x", "b", 1, 0, 101).error(), hand_refusal::too_many_bytes);
  EXPECT_TRUE(hand("1", "b", 1, 0, 100));
  EXPECT_EQ(hand("1").error(), hand_refusal::known_id);
  EXPECT_EQ(hand("2").error(), hand_refusal::too_many_bytes);
  events.conclude("1");
  for (const auto* id : {"1", "2", "3", "4"})
    EXPECT_TRUE(hand(id));
  EXPECT_EQ(hand("5").error(), hand_refusal::too_many_events);
}

TEST(an_outbox_word, is_there_for_each_cause) {
  EXPECT_EQ(to_string(return_cause::peer_lost), "peer_lost");
  EXPECT_EQ(to_string(return_cause::unreceived), "unreceived");
  EXPECT_EQ(to_string(return_cause::silent), "silent");
  EXPECT_EQ(to_string(return_cause::handed_back), "handed_back");
  EXPECT_EQ(to_string(hand_refusal::known_id), "known_id");
  EXPECT_EQ(to_string(hand_refusal::too_many_events), "too_many_events");
  EXPECT_EQ(to_string(hand_refusal::too_many_bytes), "too_many_bytes");
}

} // namespace

} // namespace mfo::cluster
