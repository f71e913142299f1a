#include "cluster/copies/copy_desk.hpp"

#include "tests/cluster/copies/replicas.hpp"
#include "tests/cluster/copies/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::replicas;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

TEST_F(replicas, make_an_event_acknowledged_when_all_are_held) {
  ASSERT_TRUE(begin("1", 2));
  EXPECT_THAT(a().acknowledged, IsEmpty());
  all.settle();
  EXPECT_THAT(a().acknowledged, ElementsAre("1"));
  const auto name = a().desk.name_of("1").value();
  EXPECT_TRUE(all.at("b").desk.holds(name));
  EXPECT_TRUE(all.at("c").desk.holds(name));
  EXPECT_GT(all.at("b").desk.replica_bytes(), 100u);
  EXPECT_EQ(a().desk.counts().held, 1u);
}

TEST_F(replicas, are_let_go_when_the_event_has_ended) {
  hold("1", 2);
  a().finish("1");
  EXPECT_EQ(a().desk.open(), 0u);
  all.pass(100ms);
  expect_nothing_left();
  EXPECT_EQ(all.at("b").desk.counts().released, 1u);
}

TEST_F(replicas, are_let_go_at_once_when_their_node_leaves) {
  hold("1", 2);
  hold("2");
  a().finish("1");
  a().finish("2");
  a().desk.flush_all(all.now);
  all.settle();
  expect_nothing_left();
}

TEST_F(replicas, are_let_go_by_who_leaves_as_well_when_their_node_leaves) {
  hold("1", 2);
  hold("2", 2);
  all.draining = {"b", "c"};
  all.tell_views();
  all.settle();
  a().finish("1");
  a().desk.flush_all(all.now);
  all.settle();
  EXPECT_EQ(all.at("b").desk.replicas(), 1u) << "the other goes on";
  a().finish("2");
  a().desk.flush_all(all.now);
  all.settle();
  expect_nothing_left();
}

TEST_F(replicas, go_in_one_message_as_do_the_answers) {
  for (int i = 0; i < 12; ++i)
    ASSERT_TRUE(begin(std::to_string(i)));
  all.settle();
  EXPECT_THAT(a().acknowledged, SizeIs(12));
  EXPECT_LE(all.messages, 4u) << "one to each, and one from each";
}

TEST_F(replicas, need_enough_peers) {
  EXPECT_EQ(begin("1", 3).error(), begin_refusal::too_few_peers);
  EXPECT_EQ(begin("1", 100).error(), begin_refusal::too_few_peers);
  all.draining = {"b"};
  all.tell_views();
  EXPECT_EQ(begin("1", 2).error(), begin_refusal::too_few_peers);
  all.unlink("a", "c");
  EXPECT_EQ(begin("1").error(), begin_refusal::too_few_peers);
  EXPECT_EQ(a().desk.open(), 0u);
}

TEST_F(replicas, are_of_one_event_with_an_id_at_a_time) {
  hold("1");
  EXPECT_EQ(begin("1").error(), begin_refusal::known_id);
  a().finish("1");
  a().acknowledged.clear();
  hold("1");
  a().finish("1");
  all.pass(100ms);
  expect_nothing_left();
}

TEST_F(replicas, are_of_bounded_events) {
  EXPECT_EQ(a().begin(all.event("large", largest_copied)).error(),
            begin_refusal::too_large);
  const auto odd = all.event("odd");
  std::const_pointer_cast<core::event>(odd)->own_type.resize(1025);
  EXPECT_EQ(a().begin(odd).error(), begin_refusal::too_large);
  for (int i = 0; i < 9; ++i)
    ASSERT_TRUE(a().begin(all.event(std::to_string(i), 100'000)));
  EXPECT_EQ(a().begin(all.event("9", 100'000)).error(),
            begin_refusal::too_many_bytes);
  for (int i = 10; i < 51; ++i)
    ASSERT_TRUE(begin(std::to_string(i)));
  EXPECT_EQ(begin("51").error(), begin_refusal::too_many_events);
}

TEST_F(replicas, wait_where_more_are_on_their_way_than_may_be) {
  all.unlink("a", "c"); // so that all go to b
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(begin(std::to_string(i)));
  a().desk.flush("b", all.now);
  a().desk.flush("b", all.now);
  while (all.at("b").desk.replicas() == 0 && all.deliver_one())
    ;
  EXPECT_EQ(all.at("b").desk.replicas(), 16u) << "the window";
  all.settle();
  EXPECT_THAT(a().acknowledged, SizeIs(40));
  EXPECT_THAT(all.at("b").faults, IsEmpty());
}

TEST_F(replicas, go_in_messages_of_bounded_size) {
  for (int i = 0; i < 16; ++i)
    ASSERT_TRUE(a().begin(all.event(std::to_string(i), 3'000)));
  ASSERT_TRUE(a().begin(all.event("large", 50'000)));
  all.settle();
  EXPECT_THAT(a().acknowledged, SizeIs(17));
  EXPECT_LT(all.largest, 52'000u) << "one large event alone";
  EXPECT_GE(all.messages, 6u);
}

TEST_F(replicas, are_asked_of_another_when_one_refuses) {
  ASSERT_TRUE(begin("1"));
  auto& refuser = holder_of("1");
  refuser.knows_the_endpoint = false;
  all.settle();
  EXPECT_THAT(a().acknowledged, ElementsAre("1"));
  EXPECT_NE(holder_of("1").life, refuser.life);
  EXPECT_EQ(refuser.desk.replicas(), 0u);
  EXPECT_EQ(refuser.desk.counts().refused.at(
                static_cast<std::size_t>(keep_refusal::unknown_endpoint)),
            1u);
  EXPECT_EQ(a().desk.counts().refused_by_peers, 1u);
}

TEST_F(replicas, are_given_up_when_all_refuse) {
  for (const auto* name : {"b", "c"})
    all.at(name).knows_the_endpoint = false;
  ASSERT_TRUE(begin("1"));
  all.pass(200ms);
  EXPECT_THAT(a().given_up,
              ElementsAre(Pair("1", give_up_cause::too_few_peers)));
  expect_nothing_left();
}

TEST_F(replicas, are_refused_when_a_holder_is_full_or_drains) {
  all.unlink("a", "c");
  for (int i = 0; i < 41; ++i)
    ASSERT_TRUE(begin(std::to_string(i)));
  all.settle();
  EXPECT_THAT(a().acknowledged, SizeIs(40));
  const auto& counts = all.at("b").desk.counts();
  const auto refused = [&](keep_refusal why) {
    return counts.refused.at(static_cast<std::size_t>(why));
  };
  EXPECT_EQ(refused(keep_refusal::too_many_events), 1u);
  all.at("b").desk.set_view(
      test::view_of("b", {{.name = "a"}, {.name = "b", .draining = true}}),
      all.now);
  ASSERT_TRUE(begin("more"));
  all.settle();
  EXPECT_EQ(refused(keep_refusal::draining), 1u);
}

TEST_F(replicas, are_given_up_when_nobody_answers_in_time) {
  ASSERT_TRUE(begin("1"));
  auto& silent = holder_of("1");
  a().desk.flush(silent.life.name, all.now);
  all.now += 1'999ms;
  a().desk.sweep(all.now);
  EXPECT_THAT(a().given_up, IsEmpty());
  all.now += 1ms;
  a().desk.sweep(all.now);
  EXPECT_THAT(a().given_up, ElementsAre(Pair("1", give_up_cause::unconfirmed)));
  all.settle();
  EXPECT_THAT(a().acknowledged, IsEmpty());
  all.pass(100ms);
  expect_nothing_left();
}

TEST_F(replicas, are_asked_of_another_when_the_link_is_lost) {
  ASSERT_TRUE(begin("1"));
  const auto lost = holder_of("1").life.name;
  a().desk.flush(lost, all.now);
  all.unlink("a", lost);
  all.settle();
  EXPECT_THAT(a().acknowledged, ElementsAre("1"));
  EXPECT_NE(holder_of("1").life.name, lost);
}

TEST_F(replicas, are_sent_again_where_nobody_else_can_be_asked) {
  ASSERT_TRUE(begin("1", 2));
  a().desk.flush("b", all.now);
  all.unlink("a", "b");
  all.settle();
  EXPECT_THAT(a().acknowledged, IsEmpty());
  EXPECT_THAT(a().given_up, IsEmpty());
  all.link("a", "b");
  all.settle();
  EXPECT_THAT(a().acknowledged, ElementsAre("1"));
}

TEST_F(replicas, move_to_another_holder_when_one_is_lost) {
  hold("1");
  const auto lost = holder_of("1").life.name;
  kill(lost);
  EXPECT_NE(holder_of("1").life.name, lost);
  EXPECT_EQ(holder_of("1").desk.replicas(), 1u);
  EXPECT_THAT(a().acknowledged, ElementsAre("1")) << "once";
}

TEST_F(replicas, move_away_from_a_holder_that_drains) {
  hold("1");
  auto& leaving = holder_of("1");
  all.draining = {leaving.life.name};
  all.pass(100ms);
  EXPECT_EQ(holder_of("1").life, other_than(leaving).life);
  EXPECT_EQ(holder_of("1").desk.replicas(), 1u);
  all.pass(1s);
  EXPECT_EQ(leaving.desk.replicas(), 0u) << "it can go";
  EXPECT_EQ(leaving.desk.counts().audited, 1u);
}

TEST_F(replicas, stay_with_a_holder_that_drains_where_there_is_no_other) {
  all.unlink("a", "c");
  hold("1");
  all.draining = {"b"};
  all.pass(5s);
  EXPECT_EQ(all.at("b").desk.replicas(), 1u);
  EXPECT_EQ(a().desk.open(), 1u);
  all.link("a", "c");
  all.pass(2s);
  EXPECT_EQ(all.at("c").desk.replicas(), 1u);
  EXPECT_EQ(all.at("b").desk.replicas(), 0u);
}

TEST_F(replicas, are_let_go_by_an_audit_when_the_release_was_lost) {
  hold("1");
  const auto holder = holder_of("1").life.name;
  a().finish("1");
  a().desk.flush(holder, all.now); // the release, which is lost
  all.unlink("a", holder);
  EXPECT_EQ(all.at(holder).desk.replicas(), 1u);
  all.link("a", holder);
  all.pass(100ms);
  expect_nothing_left();
}

TEST_F(replicas, that_wait_to_be_sent_are_not_once_the_event_has_ended) {
  ASSERT_TRUE(begin("1"));
  a().finish("1");
  all.settle();
  for (auto* node : all.running())
    EXPECT_EQ(node->desk.counts().kept, 0u);
}

TEST_F(replicas, need_few_words_when_nothing_happens) {
  all.messages = 0;
  all.pass(60s);
  EXPECT_LE(all.messages, 6u * 7u) << "an audit each way all ten seconds";
}

TEST_F(replicas, end_a_link_to_one_that_talks_nonsense) {
  a().desk.come("b", "nonsense", all.now);
  ASSERT_THAT(a().faults, SizeIs(1));
  EXPECT_THAT(a().faults.front(), testing::StartsWith("b: a copies message "));
  a().desk.come("nobody", "nonsense", all.now);
  EXPECT_THAT(a().faults, SizeIs(1));
}

TEST_F(replicas, end_a_link_to_one_that_does_not_keep_to_the_rules) {
  const auto say = [&](const copies_sent& what) {
    a().faults.clear();
    a().desk.come("b", pack(what, all.now), all.now);
    return a().faults.empty() ? std::string{} : a().faults.front();
  };
  EXPECT_EQ(say({}), "");
  EXPECT_EQ(say({.confirmed = 1}),
            "b: it confirms copies that were not sent to it");
  EXPECT_EQ(say({.refused = {{.number = 1}}}),
            "b: it refuses copies in another order than they came in");
  EXPECT_EQ(say({.first = 2}), "b: it counts its copies in another way");
  copies_sent much;
  for (std::uint64_t ticket = 1; ticket <= 17; ++ticket)
    much.copies.push_back({.ticket = ticket});
  EXPECT_EQ(say(much), "b: it sends more copies than its window");
  EXPECT_EQ(a().desk.replicas(), 0u);
}

TEST(words_of_copies, are_for_logs) {
  EXPECT_EQ(to_string(begin_refusal::too_few_peers), "too_few_peers");
  EXPECT_EQ(to_string(begin_refusal::too_large), "too_large");
  EXPECT_EQ(to_string(give_up_cause::unconfirmed), "unconfirmed");
}

} // namespace

} // namespace mfo::cluster
