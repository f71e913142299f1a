#include "cluster/membership/member_table.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::card_of;
using test::record_of;
using testing::ElementsAre;
using testing::IsEmpty;
using answer = member_table::answer;
using state = member_state;

/// The table of node-b, which may hold three others.
struct a_member_table : testing::Test {
  using clock = member_table::clock;

  answer learn(const std::shared_ptr<const member_record>& record,
               std::uint64_t sequence = 0,
               std::chrono::milliseconds ended_ago = 0ms) {
    return table.learn(
        {.record = record, .sequence = sequence, .ended_ago = ended_ago},
        "node-x", now, out);
  }

  answer link_up(const node_card& card, bool dialled_here,
                 std::uint64_t dial = 1) {
    return table.link_up(std::make_shared<const node_card>(card),
                         {.key = {.peer = card.name,
                                  .process = card.born.process,
                                  .dialled_here = dialled_here,
                                  .dial = dial},
                          .dialled = std::nullopt,
                          .since = now},
                         "node-b", now, out);
  }

  answer hear(const node_card& card, std::uint64_t sequence) {
    return table.heard({.sender = card.name,
                        .born = card.born,
                        .sequence = sequence,
                        .load = std::make_shared<const load_report>(),
                        .table = {}},
                       now, out);
  }

  void detect_at(clock::duration later) {
    now += later;
    table.detect(now, out);
  }

  state shown(std::string_view name) const {
    return table.find(name)->shown;
  }

  /// "alive -> suspect: why" of what was reported since the last call.
  std::vector<std::string> news() {
    std::vector<std::string> lines;
    for (const auto& each : std::exchange(out, {}))
      if (const auto* change = std::get_if<orders::report_change>(&each))
        lines.push_back(text_of(change->from) + " -> " + text_of(change->to) +
                        ": " + change->reason);
      else if (const auto* closed = std::get_if<orders::close_link>(&each))
        lines.push_back("close: " + closed->reason);
    return lines;
  }

  static std::string text_of(std::optional<state> what) {
    return what ? std::string{to_string(*what)} : "none";
  }

  membership_settings settings{.max_members = 4};
  member_table table{settings};
  clock::time_point now{1h};
  order_list out;
  const node_card a = card_of("node-a", 10, 1);
  const node_card c = card_of("node-c", 10, 3);
};

TEST_F(a_member_table, learns_of_a_member_and_says_from_whom) {
  EXPECT_EQ(learn(record_of(a)), answer::taken);
  EXPECT_EQ(shown("node-a"), state::alive);
  EXPECT_THAT(news(), ElementsAre("none -> alive: node-x told of it"));
  learn(record_of(a));
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(a_member_table, takes_the_greater_record) {
  learn(record_of(a));
  news();
  learn(record_of(a, state::suspect, 0));
  EXPECT_THAT(news(), ElementsAre("alive -> suspect: node-x says so"));
  learn(record_of(a));
  EXPECT_EQ(shown("node-a"), state::suspect);
  learn(record_of(a, state::alive, 1));
  EXPECT_THAT(news(), ElementsAre("suspect -> alive: node-x says so"));
}

TEST_F(a_member_table, suspects_at_once_whose_link_closes) {
  link_up(c, true);
  news();
  table.link_down(table.find("node-c")->link->key, "reset", now, out);
  EXPECT_THAT(news(), ElementsAre("alive -> suspect: its link closed: reset"));
}

TEST_F(a_member_table, suspects_who_is_silent_and_then_takes_it_for_dead) {
  link_up(c, true);
  news();
  detect_at(999ms);
  EXPECT_THAT(news(), IsEmpty());
  detect_at(1ms);
  EXPECT_THAT(news(),
              ElementsAre("alive -> suspect: nothing heard of it for 1s"));
  detect_at(3'999ms);
  EXPECT_THAT(news(), IsEmpty());
  detect_at(1ms);
  EXPECT_THAT(news(), ElementsAre("suspect -> dead: nothing heard of it for 5s",
                                  "close: nothing came by it for 5s"));
}

TEST_F(a_member_table, shows_a_suspect_that_is_heard_again_as_alive) {
  link_up(c, true);
  detect_at(1s);
  news();
  hear(c, 1);
  EXPECT_THAT(news(), ElementsAre("suspect -> alive: it was heard again"));
  EXPECT_EQ(table.find("node-c")->record->state, state::suspect)
      << "until it refutes";
}

TEST_F(a_member_table, believes_its_own_ears_more_than_an_accusation) {
  link_up(c, true);
  hear(c, 1);
  news();
  learn(record_of(c, state::dead, 0));
  EXPECT_THAT(news(), IsEmpty());
  EXPECT_EQ(table.find("node-c")->record->state, state::dead);
  detect_at(1s);
  EXPECT_THAT(news(), ElementsAre("alive -> dead: others say so, and it was "
                                  "not heard here"));
}

TEST_F(a_member_table, takes_a_growing_number_for_a_sign_of_life) {
  learn(record_of(a), 1);
  for (std::uint64_t i = 2; i < 20; ++i) {
    detect_at(900ms);
    learn(record_of(a), i);
  }
  EXPECT_EQ(shown("node-a"), state::alive);
  detect_at(900ms);
  learn(record_of(a), 19);
  detect_at(100ms);
  EXPECT_EQ(shown("node-a"), state::suspect) << "that one was known";
}

TEST_F(a_member_table, takes_left_for_the_last_word) {
  link_up(c, true);
  hear(c, 1);
  news();
  learn(record_of(c, state::left, 0));
  EXPECT_THAT(news(), ElementsAre("alive -> left: it left, node-x says"));
  table.link_down(table.find("node-c")->link->key, "closed", now, out);
  detect_at(10s);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(a_member_table, replaces_a_process_by_a_later_one) {
  link_up(c, true);
  hear(c, 77);
  news();
  learn(record_of(card_of("node-c", 11, 4)), 1);
  EXPECT_THAT(news(),
              ElementsAre("close: a process that started later has its name",
                          "alive -> alive: it is a new process, "
                          "11-0000000000000004; node-x says so"));
  EXPECT_EQ(table.find("node-c")->sequence, 1u);
  EXPECT_EQ(hear(c, 78), answer::stale);
  EXPECT_EQ(link_up(c, true, 2), answer::stale);
}

TEST_F(a_member_table, keeps_the_link_that_the_smaller_name_dialled) {
  // node-b dials node-c, and is dialled by node-a.
  EXPECT_EQ(link_up(c, false), answer::taken);
  news();
  EXPECT_EQ(link_up(c, true), answer::taken);
  EXPECT_THAT(news(), ElementsAre("close: a second link is the one to keep"));
  EXPECT_EQ(link_up(a, false), answer::taken);
  EXPECT_EQ(link_up(a, true), answer::second_link);
}

TEST_F(a_member_table, keeps_the_later_of_two_links_dialled_by_one_side) {
  link_up(c, true, 5);
  EXPECT_EQ(link_up(c, true, 4), answer::second_link);
  EXPECT_EQ(link_up(c, true, 6), answer::taken);
  EXPECT_EQ(table.find("node-c")->link->key.dial, 6u);
}

TEST_F(a_member_table, suspects_nobody_for_a_link_that_was_given_up) {
  link_up(c, true, 5);
  const auto old = table.find("node-c")->link->key;
  link_up(c, true, 6);
  news();
  EXPECT_FALSE(table.link_down(old, "closed", now, out));
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(a_member_table, gives_up_a_silent_link_even_if_the_member_lives) {
  link_up(c, true);
  for (std::uint64_t i = 1; i <= 6; ++i) {
    detect_at(900ms);
    learn(record_of(c), i);
  }
  EXPECT_EQ(shown("node-c"), state::alive);
  EXPECT_FALSE(table.find("node-c")->link);
}

TEST_F(a_member_table, is_full_of_members_that_live) {
  for (const auto* name : {"node-c", "node-d", "node-e"})
    EXPECT_EQ(learn(record_of(card_of(name))), answer::taken);
  EXPECT_EQ(learn(record_of(card_of("node-f"))), answer::full);
  EXPECT_EQ(link_up(card_of("node-f"), true), answer::full);
  EXPECT_FALSE(table.find("node-f"));
}

TEST_F(a_member_table, forgets_the_longest_dead_for_one_that_lives) {
  learn(record_of(card_of("node-c"), state::dead), 0, 2s);
  learn(record_of(card_of("node-d"), state::left), 0, 3s);
  learn(record_of(card_of("node-e")));
  EXPECT_EQ(learn(record_of(card_of("node-g"), state::dead)), answer::full);
  EXPECT_EQ(learn(record_of(card_of("node-f"))), answer::taken);
  EXPECT_FALSE(table.find("node-d"));
  EXPECT_TRUE(table.find("node-c"));
}

TEST_F(a_member_table, refuses_a_card_out_of_bounds) {
  auto bad = c;
  bad.roles = {};
  EXPECT_EQ(learn(record_of(bad)), answer::bad);
  EXPECT_FALSE(table.find("node-c"));
  learn(record_of(c));
  bad.born.started = 11;
  EXPECT_EQ(learn(record_of(bad)), answer::bad);
  EXPECT_EQ(*table.find("node-c")->record->card, c);
}

TEST_F(a_member_table, forgets_the_dead_after_their_time) {
  learn(record_of(a, state::dead));
  news();
  detect_at(settings.forget_after - 1ms);
  EXPECT_THAT(news(), IsEmpty());
  detect_at(1ms);
  EXPECT_THAT(news(), ElementsAre("dead -> none: it is dead for 10m"));
}

TEST_F(a_member_table, counts_the_time_of_the_dead_from_where_it_began) {
  learn(record_of(a, state::dead), 0, settings.forget_after - 1s);
  detect_at(1s);
  EXPECT_FALSE(table.find("node-a"));
  learn(record_of(a, state::dead), 0, settings.forget_after);
  EXPECT_FALSE(table.find("node-a")) << "too long ago";
}

TEST_F(a_member_table, tells_of_the_dead_for_half_of_their_time) {
  const table_row own{.record = record_of(card_of("node-b"))};
  learn(record_of(a, state::dead), 0, 1s);
  ASSERT_EQ(table.rows(own, now).size(), 2u);
  EXPECT_EQ(table.rows(own, now)[1].ended_ago, 1s);
  now += settings.forget_after / 2;
  EXPECT_EQ(table.rows(own, now).size(), 1u);
}

TEST_F(a_member_table, of_more_than_64_goes_out_in_turns) {
  member_table large{membership_settings{}};
  std::set<std::string> names;
  for (int i = 100; i < 300; ++i) {
    const auto name = "node-" + std::to_string(i);
    if (large.learn({.record = record_of(card_of(name))}, "x", now, out) ==
        answer::taken)
      names.insert(name);
  }
  const table_row own{.record = record_of(card_of("node-b"))};
  std::set<std::string> told;
  for (int i = 0; i < 4; ++i) {
    const auto rows = large.rows(own, now);
    ASSERT_EQ(rows.size(), most_rows);
    EXPECT_EQ(rows.front().record->card->name, "node-b");
    for (std::size_t j = 1; j < rows.size(); ++j)
      told.insert(rows[j].record->card->name);
  }
  EXPECT_EQ(told, names);
}

TEST_F(a_member_table, blames_nobody_for_the_time_that_it_was_stopped) {
  link_up(c, true);
  now += 60s;
  table.allow_for(60s, now);
  table.detect(now, out);
  EXPECT_EQ(shown("node-c"), state::alive);
  detect_at(1s);
  EXPECT_EQ(shown("node-c"), state::suspect);
}

TEST_F(a_member_table, has_a_version_that_grows_with_what_is_shown) {
  auto last = table.version();
  const auto grew = [&] {
    return std::exchange(last, table.version()) < table.version();
  };
  learn(record_of(c));
  EXPECT_TRUE(grew());
  link_up(c, true);
  EXPECT_TRUE(grew());
  hear(c, 1);
  EXPECT_FALSE(grew()) << "a heartbeat changes nothing";
  detect_at(1s);
  EXPECT_TRUE(grew());
  learn(record_of(card_of("node-c", 11, 4)));
  EXPECT_TRUE(grew());
}

} // namespace

} // namespace mfo::cluster
