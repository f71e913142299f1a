#include "cluster/rules/inbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct an_inbox : testing::Test {
  using box = inbox<std::string>;
  using verdict = box::verdict;

  verdict take(const std::string& id) {
    return events.take(a, id, now);
  }

  bool conclude(const std::string& id, const std::string& outcome) {
    return events.conclude(a, id, outcome, now);
  }

  std::vector<std::pair<std::string, std::string>>
  unsent(const node_life& origin, std::size_t most = 100) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& one : events.take_unsent(origin, most)) {
      all.emplace_back(one.id, one.outcome);
      last = one.number;
    }
    return all;
  }

  const node_life a{.name = "a", .incarnation = 1};
  const node_life a_again{.name = "a", .incarnation = 2};
  box events{
      {.max_running = 3, .max_known = 4, .known_for = 1min, .max_waiting = 2}};
  box::clock::time_point now{100h};
  std::uint64_t last = 0;
};

TEST_F(an_inbox, tells_the_origin_how_an_event_ended) {
  EXPECT_EQ(take("1"), verdict::run);
  EXPECT_EQ(events.running(), 1u);
  EXPECT_THAT(unsent(a), IsEmpty());
  EXPECT_TRUE(conclude("1", "ok"));
  EXPECT_EQ(events.running(), 0u);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok")));
  EXPECT_THAT(unsent(a), IsEmpty()) << "it is under way";
  EXPECT_EQ(events.waiting(), 1u) << "until it is acknowledged";
  events.acknowledged(a, last);
  EXPECT_EQ(events.waiting(), 0u);
}

TEST_F(an_inbox, does_not_run_what_runs_already) {
  take("1");
  EXPECT_EQ(take("1"), verdict::joined);
  EXPECT_EQ(events.running(), 1u);
  conclude("1", "ok");
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok"))) << "once for both";
}

TEST_F(an_inbox, answers_with_the_outcome_what_comes_again) {
  take("1");
  conclude("1", "ok");
  unsent(a);
  EXPECT_EQ(take("1"), verdict::known);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok")));
}

TEST_F(an_inbox, forgets_what_its_origin_has_heard) {
  take("1");
  conclude("1", "ok");
  unsent(a);
  events.acknowledged(a, last);
  EXPECT_EQ(events.known(), 0u);
  EXPECT_EQ(take("1"), verdict::run) << "the origin knew, and wants it again";
}

TEST_F(an_inbox, answers_again_even_if_the_first_word_is_under_way) {
  take("1");
  conclude("1", "ok");
  unsent(a);
  const auto first = last;
  EXPECT_EQ(take("1"), verdict::known);
  events.acknowledged(a, first);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok")))
      << "the first may have come while the event was not the peer's";
}

TEST_F(an_inbox, says_again_on_a_new_link_what_was_not_acknowledged) {
  take("1");
  take("2");
  conclude("2", "bad");
  unsent(a);
  events.acknowledged(a, last);
  conclude("1", "ok");
  unsent(a);
  events.link_opened(a);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok")));
}

TEST_F(an_inbox, sends_in_batches) {
  for (const auto* id : {"1", "2"}) {
    take(id);
    conclude(id, "ok");
  }
  EXPECT_THAT(unsent(a, 1), ElementsAre(Pair("1", "ok")));
  EXPECT_THAT(unsent(a, 1), ElementsAre(Pair("2", "ok")));
  EXPECT_THAT(unsent(a, 1), IsEmpty());
}

TEST_F(an_inbox, tells_lives_of_an_origin_apart) {
  take("1");
  EXPECT_EQ(events.take(a_again, "1", now), verdict::run);
  conclude("1", "first");
  events.conclude(a_again, "1", "second", now);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "first")));
  EXPECT_THAT(unsent(a_again), ElementsAre(Pair("1", "second")));
}

TEST_F(an_inbox, counts_what_an_origin_that_is_gone_does_not_hear) {
  take("1");
  take("2");
  conclude("1", "ok");
  events.origin_gone(a);
  EXPECT_EQ(events.waiting(), 0u);
  EXPECT_EQ(events.dropped(), 1u);
  EXPECT_EQ(events.running(), 1u) << "it goes on";
  EXPECT_FALSE(conclude("2", "ok"));
  EXPECT_EQ(events.dropped(), 2u);
  EXPECT_THAT(unsent(a), IsEmpty());
}

TEST_F(an_inbox, hears_an_origin_that_was_only_thought_to_be_gone) {
  take("1");
  take("2");
  events.origin_gone(a);
  conclude("1", "ok");
  EXPECT_EQ(take("1"), verdict::known);
  EXPECT_EQ(take("2"), verdict::joined);
  conclude("2", "ok");
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok"), Pair("2", "ok")));
}

TEST_F(an_inbox, forgets_what_it_hands_back) {
  take("1");
  EXPECT_TRUE(events.hand_back(a, "1"));
  EXPECT_FALSE(events.hand_back(a, "1"));
  EXPECT_EQ(events.running(), 0u);
  EXPECT_EQ(take("1"), verdict::run);
  conclude("1", "ok");
  EXPECT_FALSE(events.hand_back(a, "1")) << "it has ended";
}

TEST_F(an_inbox, does_not_conclude_what_does_not_run) {
  EXPECT_FALSE(conclude("1", "ok"));
  take("1");
  conclude("1", "ok");
  EXPECT_FALSE(conclude("1", "bad"));
  EXPECT_THAT(unsent(a), ElementsAre(Pair("1", "ok")));
}

TEST_F(an_inbox, refuses_more_than_may_run) {
  for (const auto* id : {"1", "2", "3"})
    EXPECT_EQ(take(id), verdict::run);
  EXPECT_EQ(take("4"), verdict::full);
  EXPECT_EQ(take("3"), verdict::joined);
  conclude("1", "ok");
  EXPECT_EQ(take("4"), verdict::run);
}

TEST_F(an_inbox, remembers_so_many_outcomes) {
  for (const auto* id : {"1", "2", "3", "4", "5"}) {
    take(id);
    conclude(id, "ok");
  }
  EXPECT_EQ(events.known(), 4u);
  EXPECT_EQ(take("1"), verdict::run) << "the oldest is forgotten";
  EXPECT_EQ(take("2"), verdict::known);
}

TEST_F(an_inbox, remembers_outcomes_for_so_long) {
  take("1");
  conclude("1", "ok");
  now += 59s;
  EXPECT_EQ(take("1"), verdict::known);
  now += 1s;
  EXPECT_EQ(take("1"), verdict::run);
}

TEST_F(an_inbox, drops_the_oldest_word_when_too_many_wait) {
  for (const auto* id : {"1", "2", "3"}) {
    take(id);
    conclude(id, "ok");
  }
  EXPECT_EQ(events.waiting(), 2u);
  EXPECT_EQ(events.dropped(), 1u);
  EXPECT_THAT(unsent(a), ElementsAre(Pair("2", "ok"), Pair("3", "ok")));
}

} // namespace

} // namespace mfo::cluster
