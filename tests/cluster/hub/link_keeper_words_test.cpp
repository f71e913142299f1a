// Words that come at the wrong time, in the wrong form, or not at all.

#include "cluster/hub/link_keeper.hpp"

#include "cluster/hub/link_number.hpp"
#include "cluster/messages/membership_packing.hpp"
#include "tests/cluster/hub/link_keepers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(link_keepers, take_a_hello_that_comes_before_its_link_is_known) {
  all.acceptors_are_late = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_THAT(b.linked(), ElementsAre("a"));
}

TEST_F(link_keepers, forget_a_hello_whose_link_never_comes) {
  auto& b = all.add("b");
  all.whisper(b, a, peer_word::hello, pack(hello_of(b)));
  all.run_for(greeting_deadline + 100ms);
  a.links.heard_of({.what = link_event::kind::linked,
                    .link = 7,
                    .peer = "b",
                    .node = b.node},
                   all.now);
  EXPECT_THAT(a.linked(), IsEmpty());
}

TEST_F(link_keepers, remember_no_more_hellos_than_may_be) {
  for (std::uint8_t i = 0; i < 65; ++i) {
    const auto node = far_node(static_cast<std::uint8_t>(100 + i));
    auto card = a.card();
    card.name = "n" + std::to_string(i);
    card.born.process = i + 100u;
    a.links.said(gate_at(all.system(), node), peer_word::hello,
                 pack(hello{.cluster = "shop", .card = card, .dial = 1}),
                 all.now);
  }
  for (std::uint8_t i = 0; i < 65; ++i)
    a.links.heard_of({.what = link_event::kind::linked,
                      .link = i + 1u,
                      .node = far_node(static_cast<std::uint8_t>(100 + i))},
                     all.now);
  EXPECT_EQ(a.links.size(), 64u);
}

TEST_F(link_keepers, refuse_garbage_in_place_of_a_hello_and_say_so) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  all.whisper(b, a, peer_word::hello, "\xff\xff garbage");
  EXPECT_THAT(a.log, Contains(HasSubstr("refused here, bad-card: a hello ")));
  ASSERT_FALSE(a.said.empty());
  EXPECT_EQ(a.said.back().what, peer_word::refuse);
  EXPECT_EQ(a.said.back().to, b.node);
  const auto told = unpack_refusal(a.said.back().bytes);
  ASSERT_TRUE(told) << told.error();
  EXPECT_THAT(told->text, HasSubstr("a hello "));
}

TEST_F(link_keepers, refuse_a_hello_without_a_number_of_its_dial) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  auto theirs = hello_of(b);
  theirs.dial = 0;
  all.whisper(b, a, peer_word::hello, pack(theirs));
  EXPECT_THAT(a.log, Contains(HasSubstr("has no number of its dial")));
  EXPECT_THAT(a.linked(), IsEmpty());
}

TEST_F(link_keepers, refuse_a_second_link_with_the_number_of_the_first) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  auto& again = all.add("b at another connection");
  a.links.heard_of({.what = link_event::kind::linked,
                    .link = 99,
                    .peer = "b",
                    .node = again.node},
                   all.now);
  auto same = hello_of(b);
  const auto number = a.up["b"].number;
  ASSERT_EQ(number, link_number("b", b.card().born.process, "a", same.dial));
  all.whisper(again, a, peer_word::hello, pack(same));
  EXPECT_THAT(a.log, ElementsAre(AllOf(HasSubstr("refused here, turned-away"),
                                       HasSubstr("has the same number"))));
  EXPECT_EQ(a.ups.size(), 1u);
  EXPECT_THAT(a.downs, IsEmpty());
  EXPECT_EQ(*a.links.peer_at(b.node, number), "b");
}

TEST_F(link_keepers, end_a_link_whose_refusal_cannot_be_read) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  all.whisper(a, b, peer_word::refuse, "\xff");
  EXPECT_THAT(b.log, Contains(HasSubstr("a refusal ends within a number")));
  all.settle();
  EXPECT_EQ(all.between(a, b), 0u);
}

TEST_F(link_keepers, say_the_words_of_a_refusal_that_they_do_not_know) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  auto bytes = pack(
      refusal{.code = refusal_code::bad_card, .text = "the moon is not right"});
  bytes.front() = 99;
  all.whisper(a, b, peer_word::refuse, bytes + "more of a later version");
  EXPECT_THAT(b.log, Contains(HasSubstr("the moon is not right")));
}

TEST_F(link_keepers, end_a_link_on_which_the_wrong_side_says_hello) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  all.whisper(a, b, peer_word::hello, pack(hello_of(a)));
  EXPECT_THAT(b.log, Contains(HasSubstr("a hello where none is expected")));
  all.whisper(b, a, peer_word::welcome, pack(hello_of(b)));
  EXPECT_THAT(a.log, Contains(HasSubstr("a hello where none is expected")));
  all.settle();
  EXPECT_EQ(all.between(a, b), 0u);
  EXPECT_THAT(a.ups, IsEmpty());
  EXPECT_THAT(b.ups, IsEmpty());
}

TEST_F(link_keepers, end_a_link_on_which_a_second_hello_comes) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  all.whisper(b, a, peer_word::hello, pack(hello_of(b)));
  EXPECT_THAT(a.log, Contains(HasSubstr("a hello where none is expected")));
  all.settle();
  EXPECT_THAT(a.linked(), IsEmpty());
  EXPECT_THAT(b.linked(), IsEmpty());
}

TEST_F(link_keepers, end_a_link_on_which_a_heartbeat_comes_before_a_hello) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  all.whisper(b, a, peer_word::beat, "whatever it is");
  EXPECT_THAT(a.log, Contains(HasSubstr("a heartbeat before a hello")));
  all.settle();
  EXPECT_EQ(all.between(a, b), 0u);
}

TEST_F(link_keepers, do_not_hear_words_of_nobody) {
  auto& b = all.add("b");
  for (const auto what :
       {peer_word::welcome, peer_word::refuse, peer_word::beat})
    all.whisper(b, a, what, "whatever it is");
  EXPECT_THAT(a.log, IsEmpty());
  EXPECT_THAT(a.said, IsEmpty());
  EXPECT_EQ(a.links.size(), 0u);
}

TEST_F(link_keepers, give_up_who_does_not_say_in_time_who_it_is) {
  all.silent = true;
  auto& b = dialler_of(a, "b");
  all.run_for(greeting_deadline);
  EXPECT_EQ(all.between(a, b), 1u);
  all.run_for(200ms);
  const auto text = HasSubstr("the other side did not say in time who it is");
  EXPECT_EQ(all.between(a, b), 0u);
  EXPECT_TRUE(testing::Matches(Contains(text))(a.log) ||
              testing::Matches(Contains(text))(b.log));
  EXPECT_EQ(b.members.counters().failed_dials, 1u);
  all.silent = false;
  all.run_for(2s);
  EXPECT_THAT(b.linked(), ElementsAre("a")) << "it is dialled again";
}

TEST_F(link_keepers, dial_again_when_a_link_is_lost_while_they_shake_hands) {
  for (int steps = 1; steps < 6; ++steps) {
    auto& b = dialler_of(a, "b" + std::to_string(steps));
    b.links.tick(all.now);
    for (int i = 0; i < steps; ++i)
      all.step();
    all.break_links(a, b);
    all.run_for(2s);
    EXPECT_THAT(b.linked(), Contains("a")) << steps;
    EXPECT_EQ(a.linked().size(), static_cast<std::size_t>(steps));
  }
}

TEST_F(link_keepers, keep_a_hello_that_overtakes_the_end_of_the_last_link) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  a.links.close("b", "for the test", all.now);
  // b has heard of the end, dials again and says hello, before a hears of
  // either.
  auto next = hello_of(b);
  next.dial = 2;
  all.whisper(b, a, peer_word::hello, pack(next));
  a.links.heard_of({.what = link_event::kind::linked,
                    .link = 99,
                    .peer = "b",
                    .node = b.node},
                   all.now);
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(a.ups.size(), 2u);
}

TEST_F(link_keepers, do_not_hear_the_heartbeat_of_whom_they_refused) {
  auto& b = dialler_of(a, "b");
  all.run_for(100ms);
  // Another b, which a dials and refuses, speaks before it hears of that.
  auto& twin = all.add("b", {.at = "elsewhere", .started = 200});
  a.seeds = {twin.card().where};
  a.links.seeds_resolved(a.seeds, all.now);
  all.run_for(100ms);
  EXPECT_THAT(a.log, Contains(HasSubstr("refused here, name-taken")));
  EXPECT_THAT(a.linked(), ElementsAre("b"));
  EXPECT_EQ(a.shown->find("b")->card->born, b.card().born);
  EXPECT_THAT(a.downs, IsEmpty());
}

} // namespace

} // namespace mfo::cluster::test
