#include "cluster/membership/membership.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::card_of;
using test::record_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using kind = orders::notice_kind;
using row_list = std::vector<table_row>;
using state = member_state;

template <class Order>
std::vector<Order> only(const order_list& list) {
  std::vector<Order> found;
  for (const auto& each : list)
    if (const auto* one = std::get_if<Order>(&each))
      found.push_back(*one);
  return found;
}

link_key link_with(const node_card& card, bool dialled_here,
                   std::uint64_t dial = 1) {
  return {.peer = card.name,
          .process = card.born.process,
          .dialled_here = dialled_here,
          .dial = dial};
}

/// node-b, with node-a and node-c at hand.
struct a_membership : testing::Test {
  using clock = membership::clock;

  /// The last tick of a while.
  order_list ticks(clock::duration length) {
    order_list last;
    for (const auto end = now + length; now < end;) {
      now += tick_interval(settings);
      last = node.tick(now);
    }
    return last;
  }

  void link(const node_card& card) {
    node.link_opened(link_with(card, false), card, now);
  }

  /// As `card` would send it.
  heartbeat from(const node_card& card, row_list others = {},
                 std::optional<member_opinion> of_you = {}) {
    others.insert(others.begin(),
                  {.record = record_of(card), .sequence = ++sequence});
    return {.sender = card.name,
            .born = card.born,
            .sequence = sequence,
            .load = std::make_shared<const load_report>(),
            .table = std::make_shared<const row_list>(std::move(others)),
            .of_you = of_you};
  }

  const membership_settings settings{};
  const node_card a = card_of("node-a", 10, 1);
  const node_card b = card_of("node-b", 10, 2);
  const node_card c = card_of("node-c", 10, 3);
  clock::time_point now{1h};
  std::uint64_t sequence = 0;
  membership node{"prod", b, settings, [] { return 0.5; }, now};
};

TEST_F(a_membership, begins_with_its_seeds) {
  const auto first = node.tick(now);
  EXPECT_EQ(only<orders::resolve_seeds>(first).size(), 1u);
  const auto second = node.seeds_resolved({a.where, b.where, a.where}, now);
  const auto dials = only<orders::dial>(second);
  ASSERT_EQ(dials.size(), 1u) << "each once, and not itself";
  EXPECT_EQ(dials[0].where, a.where);
  EXPECT_FALSE(dials[0].expected);
}

TEST_F(a_membership, resolves_its_seeds_again_while_it_is_alone) {
  node.tick(now);
  EXPECT_THAT(only<orders::resolve_seeds>(ticks(1'900ms)), IsEmpty());
  EXPECT_EQ(only<orders::resolve_seeds>(ticks(100ms)).size(), 1u);
  link(a);
  for (int i = 0; i < 100; ++i) {
    node.heard(from(a), now);
    EXPECT_THAT(only<orders::resolve_seeds>(ticks(100ms)), IsEmpty());
  }
}

TEST_F(a_membership, resolves_more_slowly_while_one_seed_leads_nowhere) {
  node.tick(now);
  node.seeds_resolved({c.where}, now);
  link(a);
  int resolved = 0;
  for (int i = 0; i < 600; ++i) {
    node.heard(from(a), now);
    resolved +=
        static_cast<int>(only<orders::resolve_seeds>(ticks(100ms)).size());
  }
  EXPECT_EQ(resolved, 2) << "in a minute";
}

TEST_F(a_membership, dials_the_greater_names_that_it_hears_of) {
  link(a);
  node.heard(from(a, {{.record = record_of(c)},
                      {.record = record_of(card_of("node-0"))}}),
             now);
  const auto dials = only<orders::dial>(ticks(100ms));
  ASSERT_EQ(dials.size(), 1u);
  EXPECT_EQ(dials[0].where, c.where);
  EXPECT_EQ(dials[0].expected, "node-c");
}

TEST_F(a_membership, dials_nobody_who_left) {
  link(a);
  node.heard(from(a, {{.record = record_of(c, state::left)}}), now);
  EXPECT_THAT(only<orders::dial>(ticks(100ms)), IsEmpty());
}

TEST_F(a_membership, dials_no_address_that_it_has_a_link_with) {
  link(a);
  auto moved = card_of("node-d", 10, 4);
  moved.where = c.where;
  link(moved);
  node.heard(from(a, {{.record = record_of(c, state::dead)}}), now);
  EXPECT_THAT(only<orders::dial>(ticks(100ms)), IsEmpty())
      << "node-d lives there now";
}

TEST_F(a_membership, does_not_dial_itself_twice) {
  const address alias{.host = "alias", .port = 7420};
  node.tick(now);
  const auto dials = only<orders::dial>(node.seeds_resolved({alias}, now));
  ASSERT_EQ(dials.size(), 1u);
  node.refused_by_peer(dials[0].number,
                       {.code = refusal_code::oneself, .text = ""}, now);
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(only<orders::dial>(ticks(1s)), IsEmpty());
}

TEST_F(a_membership, sends_its_table_as_soon_as_a_link_is_up) {
  const auto sent = only<orders::send_heartbeat>(
      node.link_opened(link_with(a, false), a, now));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, link_with(a, false));
  EXPECT_EQ(sent[0].message.sender, "node-b");
  EXPECT_EQ(sent[0].message.of_you->born, a.born);
  EXPECT_EQ(sent[0].message.table->size(), 2u);
  EXPECT_TRUE(check_heartbeat(sent[0].message));
}

TEST_F(a_membership, sends_a_heartbeat_to_each_peer_in_every_interval) {
  link(a);
  link(c);
  node.tick(now);
  std::uint64_t last = 0;
  for (int i = 0; i < 8; ++i) {
    const auto sent = only<orders::send_heartbeat>(ticks(500ms));
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0].message.table, sent[1].message.table) << "shared";
    EXPECT_GT(sent[0].message.sequence, last);
    last = sent[0].message.sequence;
  }
}

TEST_F(a_membership, refutes_what_is_said_of_it) {
  link(a);
  const auto said = only<orders::notice>(node.heard(
      from(a, {},
           member_opinion{
               .born = b.born, .state = state::dead, .refutation = 4}),
      now));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, kind::refuted);
  EXPECT_EQ(said[0].text, "node-a had this node as dead");
  const auto sent = only<orders::send_heartbeat>(ticks(100ms));
  ASSERT_EQ(sent.size(), 1u) << "soon, not at the next interval";
  EXPECT_EQ(sent[0].message.table->front().record->refutation, 5u);
  EXPECT_EQ(node.counters().refutations, 1u);
}

TEST_F(a_membership, refutes_a_record_in_a_table_too) {
  link(a);
  node.heard(from(a, {{.record = record_of(b, state::suspect, 0)}}), now);
  EXPECT_EQ(node.counters().refutations, 1u);
}

TEST_F(a_membership, refutes_the_same_accusation_once) {
  link(a);
  for (int i = 0; i < 3; ++i)
    node.heard(from(a, {{.record = record_of(b, state::suspect, 0)}}), now);
  EXPECT_EQ(node.counters().refutations, 1u);
}

TEST_F(a_membership, rises_above_a_predecessor_that_is_gone) {
  link(a);
  const auto before = card_of("node-b", 99, 7);
  node.heard(from(a, {{.record = record_of(before, state::dead)}}), now);
  EXPECT_EQ(node.own_hello(0).card.born,
            (incarnation{.started = 100, .process = 2}));
}

TEST_F(a_membership, rises_above_the_incarnation_that_it_is_refused_for) {
  node.refused_by_peer(
      std::nullopt,
      {.code = refusal_code::older_incarnation,
       .text = "",
       .raise_above = incarnation{.started = 50, .process = 7}},
      now);
  EXPECT_EQ(node.own_hello(0).card.born.started, 51u);
}

TEST_F(a_membership, does_not_rise_because_a_peer_has_to) {
  node.refused_peer(1,
                    {.code = refusal_code::older_incarnation,
                     .text = "",
                     .raise_above = incarnation{.started = 50, .process = 7}},
                    now);
  EXPECT_EQ(node.own_hello(0).card.born, b.born);
}

TEST_F(a_membership, says_once_that_a_live_process_has_its_name) {
  link(a);
  const auto twin = card_of("node-b", 99, 7);
  const auto said = only<orders::notice>(
      node.heard(from(a, {{.record = record_of(twin)}}), now));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, kind::name_conflict);
  EXPECT_THAT(only<orders::notice>(
                  node.heard(from(a, {{.record = record_of(twin)}}), now)),
              IsEmpty());
  EXPECT_EQ(node.own_hello(0).card.born, b.born) << "it does not fight";
}

TEST_F(a_membership, takes_no_message_of_an_older_incarnation) {
  const auto later = card_of("node-a", 11, 9);
  link(later);
  node.heard(from(a, {{.record = record_of(c)}}), now);
  EXPECT_EQ(node.counters().stale_messages, 1u);
  EXPECT_FALSE(node.snapshot()->find("node-c"));
}

TEST_F(a_membership, takes_no_message_of_a_stranger) {
  node.heard(from(a, {{.record = record_of(c)}}), now);
  EXPECT_EQ(node.counters().stale_messages, 1u);
  EXPECT_EQ(node.snapshot()->members().size(), 1u);
}

TEST_F(a_membership, takes_no_message_out_of_bounds_and_says_so_at_times) {
  link(a);
  auto message = from(a, row_list(64, {.record = record_of(c)}));
  const auto said = only<orders::notice>(node.heard(message, now));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, kind::bad_message);
  EXPECT_THAT(said[0].text, HasSubstr("a heartbeat of node-a"));
  for (int i = 0; i < 99; ++i)
    EXPECT_THAT(node.heard(message, now), IsEmpty());
  EXPECT_EQ(node.counters().bad_messages, 100u);
  now += 10s;
  EXPECT_THAT(only<orders::notice>(node.heard(message, now)).at(0).text,
              HasSubstr("(101 such so far)"));
}

TEST_F(a_membership, refuses_members_beyond_its_bound_and_says_so) {
  auto few = settings;
  few.max_members = 2;
  membership small{"prod", b, few, [] { return 0.5; }, now};
  small.link_opened(link_with(a, false), a, now);
  const auto orders = small.link_opened(link_with(c, false), c, now);
  EXPECT_THAT(only<orders::close_link>(orders).at(0).reason,
              HasSubstr("table is full"));
  EXPECT_EQ(only<orders::notice>(orders).at(0).kind, kind::table_full);
  EXPECT_EQ(small.counters().refused_members, 1u);
}

TEST_F(a_membership, announces_that_it_drains_at_once) {
  link(a);
  node.report_load({.queue_depth = 3});
  const auto sent = only<orders::send_heartbeat>(node.drain(now));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].message.load->draining);
  EXPECT_EQ(sent[0].message.load->queue_depth, 3u);
  node.report_load({.queue_depth = 2});
  EXPECT_TRUE(node.snapshot()->oneself().load->draining) << "for good";
}

TEST_F(a_membership, leaves_by_a_word_and_closes_its_links_a_little_later) {
  link(a);
  const auto first = node.leave(now);
  const auto sent = only<orders::send_heartbeat>(first);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].message.table->front().record->state, state::left);
  EXPECT_EQ(only<orders::report_change>(first).at(0).to, state::left);
  EXPECT_THAT(ticks(400ms), IsEmpty());
  const auto last = ticks(100ms);
  ASSERT_EQ(last.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<orders::send_heartbeat>(last[0]));
  EXPECT_TRUE(std::holds_alternative<orders::close_link>(last[1]));
  EXPECT_TRUE(node.has_left());
  EXPECT_THAT(ticks(10s), IsEmpty());
  EXPECT_THAT(node.leave(now), IsEmpty());
}

TEST_F(a_membership, takes_no_link_while_it_leaves) {
  node.leave(now);
  const auto orders = node.link_opened(link_with(a, false), a, now);
  EXPECT_EQ(only<orders::close_link>(orders).size(), 1u);
}

TEST_F(a_membership, judges_by_what_it_knows) {
  const auto judge = [&](const node_card& card) {
    return node.judge({.cluster = "prod", .card = card, .dial = 1}, now);
  };
  EXPECT_TRUE(judge(a));
  link(a);
  EXPECT_EQ(judge(card_of("node-a", 11, 9)).error().code,
            refusal_code::name_taken);
  node.link_closed(link_with(a, false), "reset", now);
  EXPECT_TRUE(judge(card_of("node-a", 11, 9)));
  EXPECT_EQ(judge(card_of("node-a", 9, 9)).error().code,
            refusal_code::older_incarnation);
}

TEST_F(a_membership, shows_itself_and_the_others_by_name) {
  link(c);
  link(a);
  auto message = from(a);
  message.load =
      std::make_shared<const load_report>(load_report{.queue_depth = 9});
  node.heard(message, now);
  const auto seen = node.snapshot();
  EXPECT_THAT(seen->alive_names(), ElementsAre("node-a", "node-b", "node-c"));
  EXPECT_EQ(seen->oneself().card->name, "node-b");
  EXPECT_EQ(seen->find("node-a")->load->queue_depth, 9u);
  EXPECT_EQ(seen->find("node-a")->last_heard, now);
  EXPECT_EQ(node.snapshot(), seen) << "until something happens";
}

TEST_F(a_membership, keeps_the_version_of_its_view_while_only_loads_change) {
  link(a);
  const auto before = node.snapshot();
  node.heard(from(a), now);
  EXPECT_NE(node.snapshot(), before);
  EXPECT_EQ(node.snapshot()->version(), before->version());
  node.link_closed(link_with(a, false), "reset", now);
  EXPECT_GT(node.snapshot()->version(), before->version());
}

TEST_F(a_membership, says_that_it_was_stopped_and_accuses_nobody) {
  link(a);
  node.tick(now);
  now += 20s;
  const auto orders = node.tick(now);
  EXPECT_EQ(only<orders::notice>(orders).at(0).kind, kind::was_stopped);
  EXPECT_THAT(only<orders::report_change>(orders), IsEmpty());
}

TEST_F(a_membership, gives_up_a_dial_that_is_never_answered) {
  node.tick(now);
  node.seeds_resolved({a.where}, now);
  int lost = 0;
  for (int i = 0; i < 101; ++i)
    for (const auto& said : only<orders::notice>(ticks(100ms)))
      lost += said.kind == kind::dial_lost ? 1 : 0;
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(node.counters().failed_dials, 1u);
}

} // namespace

} // namespace mfo::cluster
