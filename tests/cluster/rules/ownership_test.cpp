#include "cluster/rules/ownership.hpp"

#include "tests/core/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;
using claims = ownership::verdict;
using core::delivery_end;

node_life member(const std::string& name, std::uint64_t incarnation = 1) {
  return {.name = name, .incarnation = incarnation};
}

struct an_ownership_window : testing::Test {
  an_ownership_window() {
    window.set_view({member("a")});
  }

  claims claim(const std::string& id, std::uint64_t number) {
    return window.claim(id, {.node = member("x"), .number = number}, now + 10s,
                        now);
  }

  bool settle(const std::string& id, std::uint64_t number, delivery_end end) {
    return window.settle(id, {.node = member("x"), .number = number}, end, now);
  }

  ownership window{member("a"), {.max_ids = 3, .age = 1h}};
  ownership::clock::time_point now{100h};
};

TEST_F(an_ownership_window, lets_one_delivery_of_an_id_go_on) {
  EXPECT_EQ(claim("1", 1), claims::fresh);
  EXPECT_EQ(claim("1", 2), claims::in_progress);
  EXPECT_EQ(claim("1", 1), claims::fresh) << "its own claim is no obstacle";
  EXPECT_EQ(claim("2", 3), claims::fresh);
}

TEST_F(an_ownership_window, knows_what_was_taken_care_of) {
  claim("1", 1);
  EXPECT_TRUE(settle("1", 1, delivery_end::taken));
  EXPECT_EQ(claim("1", 2), claims::taken);
  settle("1", 1, delivery_end::failed);
  EXPECT_EQ(claim("1", 2), claims::taken);
}

TEST_F(an_ownership_window, takes_what_failed_again) {
  claim("1", 1);
  settle("1", 2, delivery_end::failed);
  EXPECT_EQ(claim("1", 2), claims::in_progress) << "it was not its claim";
  settle("1", 1, delivery_end::failed);
  EXPECT_EQ(claim("1", 2), claims::fresh);
}

TEST_F(an_ownership_window, hears_of_a_success_whoever_had_claimed) {
  settle("1", 9, delivery_end::taken);
  EXPECT_EQ(claim("1", 1), claims::taken);
  claim("2", 1);
  settle("2", 9, delivery_end::taken);
  EXPECT_EQ(claim("2", 1), claims::taken);
}

TEST_F(an_ownership_window, ends_a_claim_by_its_deadline) {
  claim("1", 1);
  now += 10s;
  EXPECT_EQ(claim("1", 2), claims::fresh);
}

TEST_F(an_ownership_window, ends_the_claims_of_a_node_that_is_gone) {
  claim("1", 1);
  claim("2", 1);
  settle("2", 1, delivery_end::taken);
  window.claimant_gone(member("x", 2));
  EXPECT_EQ(claim("1", 2), claims::in_progress) << "that was another life";
  window.claimant_gone(member("x"));
  EXPECT_EQ(claim("1", 2), claims::fresh);
  EXPECT_EQ(claim("2", 2), claims::taken);
}

TEST_F(an_ownership_window, forgets_the_oldest_and_the_old) {
  for (const auto* id : {"1", "2", "3", "4"})
    settle(id, 1, delivery_end::taken);
  EXPECT_EQ(window.size(), 3u);
  EXPECT_EQ(claim("2", 2), claims::taken);
  EXPECT_EQ(claim("1", 2), claims::fresh);
  now += 1h;
  EXPECT_EQ(claim("4", 2), claims::fresh);
  EXPECT_EQ(window.size(), 1u);
}

TEST(an_ownership_window_of_no_ids, lets_everything_go_on) {
  ownership none{member("a"), {.max_ids = 0}};
  none.set_view({member("a")});
  const ownership::clock::time_point now{1h};
  for (std::uint64_t i = 0; i < 2; ++i)
    EXPECT_EQ(
        none.claim("1", {.node = member("x"), .number = i}, now + 1s, now),
        claims::fresh);
  EXPECT_EQ(none.size(), 0u);
}

TEST_F(an_ownership_window, is_asked_only_for_what_it_owns) {
  window.set_view({member("a"), member("b")});
  std::size_t mine = 0;
  for (int i = 0; i < 100; ++i) {
    const auto id = std::to_string(i);
    const bool is_owner = window.owner(id) == member("a");
    mine += is_owner ? 1 : 0;
    const auto verdict = claim(id, 1);
    EXPECT_EQ(verdict, is_owner ? claims::fresh : claims::not_owner);
    EXPECT_EQ(settle(id, 1, delivery_end::taken), is_owner);
  }
  EXPECT_GT(mine, 25u);
  EXPECT_LT(mine, 75u);
}

TEST_F(an_ownership_window, owns_nothing_without_a_view) {
  const ownership none{member("a"), {}};
  EXPECT_FALSE(none.owner("1"));
  EXPECT_FALSE(none.is_current("1", member("a")));
}

TEST_F(an_ownership_window, does_not_believe_an_owner_of_another_life) {
  EXPECT_TRUE(window.is_current("1", member("a")));
  EXPECT_FALSE(window.is_current("1", member("a", 2)));
  EXPECT_FALSE(window.is_current("1", member("b")));
  window.set_view({member("a", 2)});
  EXPECT_FALSE(window.is_current("1", member("a")));
}

TEST(a_record, of_what_is_done_beats_one_that_runs) {
  ownership window{member("a"), {}};
  window.set_view({member("a")});
  const ownership::clock::time_point now{100h};
  const ownership::claimant early{.node = member("x"), .number = 1};
  const ownership::claimant late{.node = member("y"), .number = 2};
  window.merge({{.id = "1", .by = early, .left = 5s, .age = 1s}}, now);
  EXPECT_EQ(window.claim("1", late, now + 9s, now), claims::in_progress);
  EXPECT_EQ(window.claim("1", late, now + 9s, now + 5s), claims::fresh)
      << "the claim ends when it would have ended";
  window.merge({{.id = "1", .by = early, .left = 50s, .age = 1s}}, now);
  EXPECT_EQ(window.claim("1", late, now + 9s, now + 5s), claims::fresh)
      << "what is known stays";
  window.merge({{.id = "1", .what = ownership::state::done, .age = 1s}}, now);
  EXPECT_EQ(window.claim("1", late, now + 9s, now), claims::taken);
  window.merge({{.id = "1", .by = early, .left = 50s, .age = 1s}}, now);
  EXPECT_EQ(window.claim("1", early, now + 9s, now), claims::taken);
}

TEST_F(an_ownership_window, has_others_wait_for_what_a_node_holds) {
  const ownership::claimant elsewhere{.node = member("y"), .number = 2};
  claim("1", 1);
  settle("1", 1, delivery_end::held);
  EXPECT_EQ(claim("1", 3), claims::taken) << "by the node that holds it";
  EXPECT_EQ(window.claim("1", elsewhere, now + 10s, now), claims::in_progress);
  EXPECT_EQ(window.claim("1", elsewhere, now + 99s, now + 30min),
            claims::in_progress)
      << "however long that takes";
  settle("1", 1, delivery_end::taken);
  EXPECT_EQ(window.claim("1", elsewhere, now + 10s, now), claims::taken);
}

TEST_F(an_ownership_window, forgets_what_a_node_held_that_is_gone) {
  claim("1", 1);
  settle("1", 1, delivery_end::held);
  claim("2", 2);
  settle("2", 2, delivery_end::held);
  settle("2", 2, delivery_end::taken);
  settle("2", 2, delivery_end::held); // comes late, and changes nothing
  window.claimant_gone(member("x"));
  EXPECT_EQ(claim("1", 3), claims::fresh);
  EXPECT_EQ(claim("2", 4), claims::taken);
}

TEST(a_record, of_what_is_held_is_more_than_of_one_that_runs) {
  ownership window{member("a"), {}};
  window.set_view({member("a")});
  const ownership::clock::time_point now{100h};
  const ownership::claimant holder{.node = member("x"), .number = 1};
  const ownership::claimant other{.node = member("y"), .number = 2};
  using state = ownership::state;
  window.merge({{.id = "1", .by = other, .left = 5s}}, now);
  window.merge({{.id = "1", .what = state::held, .by = holder}}, now);
  EXPECT_EQ(window.claim("1", holder, now + 9s, now), claims::taken);
  window.merge({{.id = "1", .by = other, .left = 5s}}, now);
  EXPECT_EQ(window.claim("1", other, now + 9s, now), claims::in_progress);
  window.merge({{.id = "1", .what = state::done}}, now);
  EXPECT_EQ(window.claim("1", other, now + 9s, now), claims::taken);
}

TEST(a_hand_over, does_not_make_an_id_younger) {
  ownership window{member("a"), {.max_ids = 10, .age = 1h}};
  window.set_view({member("a")});
  const ownership::clock::time_point now{100h};
  window.merge({{.id = "1", .what = ownership::state::done, .age = 59min}},
               now);
  window.merge({{.id = "2", .what = ownership::state::done, .age = 60min}},
               now);
  EXPECT_EQ(window.size(), 1u);
  const ownership::claimant who{.node = member("x"), .number = 1};
  EXPECT_EQ(window.claim("1", who, now + 9s, now + 1min), claims::fresh);
}

/// Windows of several nodes that see the same members.
class windows {
public:
  explicit windows(const std::vector<std::string>& names) {
    for (const auto& name : names)
      add(name);
    update(names);
  }

  void add(const std::string& name) {
    nodes_.emplace(name, ownership{member(name), {}});
  }

  void update(const std::vector<std::string>& names) {
    std::vector<node_life> members;
    for (const auto& name : names)
      members.push_back(member(name));
    for (auto& [name, window] : nodes_)
      window.set_view(members);
  }

  void hand_over(std::size_t most) {
    for (auto& [name, window] : nodes_) {
      while (!window.is_settled()) {
        const auto batches = window.next_hand_over(most, now_);
        std::size_t records = 0;
        for (const auto& batch : batches) {
          records += batch.records.size();
          nodes_.at(batch.to.name).merge(batch.records, now_);
        }
        EXPECT_LE(records, most);
      }
    }
  }

  /// What the owners of the id say; there is one.
  claims claim(const std::string& id) {
    auto verdict = claims::not_owner;
    std::size_t owners = 0;
    for (auto& [name, window] : nodes_) {
      const auto said = window.claim(
          id, {.node = member("x"), .number = ++claims_}, now_ + 1h, now_);
      if (said == claims::not_owner)
        continue;
      verdict = said;
      ++owners;
    }
    EXPECT_EQ(owners, 1u) << id;
    return verdict;
  }

  void settle(const std::string& id) {
    for (auto& [name, window] : nodes_)
      window.settle(id, {}, delivery_end::taken, now_);
  }

  std::size_t size() const {
    std::size_t sum = 0;
    for (const auto& [name, window] : nodes_)
      sum += window.size();
    return sum;
  }

private:
  std::map<std::string, ownership> nodes_;
  ownership::clock::time_point now_{100h};
  std::uint64_t claims_ = 0;
};

TEST(each_id, has_one_owner_in_a_view_which_knows_it_when_the_view_changes) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  const std::vector<std::string> all{"a", "b", "c", "d", "e"};
  windows cluster{all};
  for (int i = 0; i < 200; ++i) {
    const auto id = std::to_string(i);
    EXPECT_EQ(cluster.claim(id), claims::fresh);
    if (i % 2 == 0)
      cluster.settle(id);
  }
  for (int round = 0; round < 10; ++round) {
    std::vector<std::string> some;
    for (const auto& name : all)
      if (test::between(random, 0, 2) > 0)
        some.push_back(name);
    if (some.empty())
      some.push_back("a");
    cluster.update(some);
    cluster.hand_over(test::between(random, std::size_t{1}, std::size_t{50}));
    EXPECT_EQ(cluster.size(), 200u);
    for (int i = 0; i < 200; ++i)
      EXPECT_EQ(cluster.claim(std::to_string(i)),
                i % 2 == 0 ? claims::taken : claims::in_progress);
  }
}

TEST_F(an_ownership_window, hands_nothing_over_while_the_view_is_the_same) {
  claim("1", 1);
  EXPECT_TRUE(window.is_settled());
  EXPECT_THAT(window.next_hand_over(10, now), IsEmpty());
  window.set_view({member("a")});
  EXPECT_FALSE(window.is_settled());
  EXPECT_THAT(window.next_hand_over(10, now), IsEmpty());
  EXPECT_TRUE(window.is_settled());
  window.set_view({member("b")});
  EXPECT_THAT(window.next_hand_over(10, now), SizeIs(1));
  EXPECT_EQ(window.size(), 0u);
}

} // namespace

} // namespace mfo::cluster
