#include "cluster/claims/claim_desk.hpp"

#include "cluster/messages/packer.hpp"
#include "cluster/rules/rendezvous.hpp"
#include "tests/cluster/claims/claim_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using core::delivery_end;
using test::claim_node;
using test::claim_world;
using test::id_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using maybe = std::optional<claim_verdict>;
constexpr auto fresh = claim_verdict::fresh;
constexpr auto in_progress = claim_verdict::in_progress;
constexpr auto taken = claim_verdict::taken;

/// Some nodes that see each other, linked.
struct some_claims : testing::Test {
  void start(const std::vector<std::string>& who) {
    names = who;
    for (const auto& name : names)
      world.start(name);
    world.link_all();
    world.show_all();
    world.run_for(1s);
  }

  maybe claim(const std::string& node, const std::string& id) {
    return world.at(node).desk.claim(id, ++number, world.now() + 10s,
                                     world.now());
  }

  /// What becomes of a claim, soon.
  maybe decided(const std::string& node, const std::string& id) {
    const auto at_once = claim(node, id);
    if (at_once)
      return at_once;
    world.run_for(50ms);
    const auto& verdicts = world.at(node).verdicts;
    const auto found = verdicts.find(number);
    return found == verdicts.end() ? maybe{} : found->second;
  }

  void settle(const std::string& node, const std::string& id,
              delivery_end end) {
    world.at(node).desk.settle(id, number, end, world.now());
    world.run_for(50ms);
  }

  claim_counts counts(const std::string& node) {
    return world.at(node).desk.counts();
  }

  claim_world world;
  std::vector<std::string> names;
  std::uint64_t number = 0; ///< of the last claim
};

TEST_F(some_claims, of_a_node_alone_are_decided_at_once) {
  start({"a"});
  EXPECT_EQ(claim("a", "1"), fresh);
  EXPECT_EQ(claim("a", "1"), in_progress);
  world.at("a").desk.settle("1", 1, delivery_end::taken, world.now());
  EXPECT_EQ(claim("a", "1"), taken);
  EXPECT_EQ(counts("a").duplicates, 2u);
  EXPECT_EQ(world.at("a").desk.owned(), 1u);
}

TEST_F(some_claims, are_decided_by_the_owner_of_the_id) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(claim("a", id), maybe{});
  EXPECT_EQ(world.at("a").desk.pending(), 1u);
  world.run_for(50ms);
  EXPECT_EQ(world.at("a").verdicts[number], fresh);
  EXPECT_EQ(world.at("a").desk.pending(), 0u);
  EXPECT_EQ(world.at("b").desk.owned(), 1u);
  EXPECT_EQ(claim("b", id), in_progress);
  EXPECT_EQ(decided("c", id), in_progress);
  EXPECT_EQ(counts("c").duplicates, 1u);
}

TEST_F(some_claims, end_as_the_owner_is_told) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  settle("a", id, delivery_end::failed);
  EXPECT_EQ(decided("c", id), fresh) << "it may come again";
  settle("c", id, delivery_end::taken);
  EXPECT_EQ(decided("a", id), taken);
  EXPECT_EQ(decided("b", id), taken);
  EXPECT_EQ(world.at("a").desk.told(), 0u) << "the owner has heard of it";
}

TEST_F(some_claims, of_one_moment_go_in_one_message) {
  start({"a", "b"});
  world.messages = 0;
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(claim("a", id_of("b", names, i)), maybe{});
  world.run_for(50ms);
  EXPECT_EQ(world.messages, 2u) << "one there, one back";
  EXPECT_EQ(world.at("a").verdicts.size(), 100u);
  EXPECT_EQ(counts("a").asked, 100u);
}

TEST_F(some_claims, that_are_too_many_for_one_message_go_in_several) {
  start({"a", "b"});
  for (int i = 0; i < 1200; ++i)
    claim("a", id_of("b", names) + std::to_string(i));
  world.run_for(50ms);
  EXPECT_EQ(world.at("a").desk.pending(), 0u);
  EXPECT_THAT(world.at("b").faults, IsEmpty());
}

TEST_F(some_claims, are_fresh_when_the_owner_is_silent) {
  start({"a", "b"});
  world.unlink("a", "b");
  EXPECT_EQ(claim("a", id_of("b", names)), maybe{});
  world.run_for(400ms);
  EXPECT_THAT(world.at("a").verdicts, IsEmpty());
  world.run_for(300ms);
  EXPECT_EQ(world.at("a").verdicts[number], fresh);
  EXPECT_EQ(counts("a").unasked, 1u);
}

TEST_F(some_claims, wait_for_a_new_link_a_while) {
  start({"a", "b"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("b", id), fresh);
  EXPECT_EQ(claim("a", id), maybe{});
  world.unlink("a", "b"); // and the question with it
  world.run_for(100ms);
  world.link("a", "b");
  world.run_for(10ms);
  EXPECT_EQ(world.at("a").verdicts[number], in_progress);
  EXPECT_EQ(counts("a").unasked, 0u);
}

TEST_F(some_claims, go_to_the_next_owner_when_theirs_has_died) {
  start({"a", "b", "c"});
  const std::vector<std::string> left{"a", "c"};
  std::string id;
  for (int i = 0; id.empty(); ++i)
    if (const auto one = id_of("b", names, i); owner_of(one, left) == "c")
      id = one;
  EXPECT_EQ(world.at("c").desk.claim(id, 1, world.now() + 10s, world.now()),
            maybe{});
  world.run_for(50ms);
  EXPECT_EQ(claim("a", id), maybe{});
  world.crash("b");
  world.run_for(20ms);
  EXPECT_THAT(world.at("a").verdicts, IsEmpty());
  world.show_all();
  world.run_for(20ms);
  EXPECT_EQ(world.at("a").verdicts[number], fresh)
      << "what the dead one knew is lost";
  EXPECT_EQ(counts("a").unasked, 0u);
  EXPECT_EQ(world.at("c").desk.owned(), 1u);
}

TEST_F(some_claims, are_decided_here_when_this_node_becomes_the_owner) {
  start({"a", "b"});
  const auto id = id_of("b", names);
  EXPECT_EQ(claim("a", id), maybe{});
  world.crash("b");
  world.show_all();
  EXPECT_EQ(world.at("a").verdicts[number], fresh);
  EXPECT_EQ(claim("a", id), in_progress);
}

TEST_F(some_claims, do_not_believe_who_is_the_owner_no_more) {
  start({"a", "b", "c"});
  const std::vector<std::string> left{"a", "c"};
  std::string id;
  for (int i = 0; id.empty(); ++i)
    if (const auto one = id_of("b", names, i); owner_of(one, left) == "c")
      id = one;
  EXPECT_EQ(decided("b", id), fresh);
  claim("a", id);
  auto& a = world.at("a");
  a.sees.erase("b"); // while b answers
  world.show(a);
  world.run_for(50ms);
  // The next owner does not know yet that it is; nobody's word is b's.
  EXPECT_NE(a.verdicts[number], in_progress);
}

TEST_F(some_claims, are_fresh_when_too_many_are_pending) {
  world.settings.max_pending = 1;
  start({"a", "b"});
  EXPECT_EQ(claim("a", id_of("b", names, 0)), maybe{});
  EXPECT_EQ(claim("a", id_of("b", names, 1)), fresh);
  EXPECT_EQ(counts("a").unasked, 1u);
  EXPECT_EQ(world.at("a").desk.pending(), 1u);
}

TEST_F(some_claims, are_fresh_when_their_id_is_too_long) {
  start({"a"});
  const std::string id(longest_claim_id + 1, 'x');
  EXPECT_EQ(claim("a", id), fresh);
  EXPECT_EQ(claim("a", id), fresh);
  settle("a", id, delivery_end::taken);
  EXPECT_EQ(world.at("a").desk.owned(), 0u);
  EXPECT_EQ(counts("a").unasked, 2u);
}

TEST_F(some_claims, that_are_settled_before_they_are_decided_are_withdrawn) {
  start({"a", "b"});
  const auto id = id_of("b", names);
  claim("a", id);
  settle("a", id, delivery_end::failed);
  EXPECT_THAT(world.at("a").verdicts, IsEmpty());
  EXPECT_EQ(decided("b", id), fresh);
}

TEST_F(some_claims, of_a_node_that_died_are_void) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  world.crash("a");
  EXPECT_EQ(claim("b", id), in_progress);
  world.show_all();
  EXPECT_EQ(claim("b", id), fresh);
}

TEST_F(some_claims, of_what_a_node_held_that_died_are_fresh) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  settle("a", id, delivery_end::held);
  EXPECT_EQ(decided("c", id), in_progress);
  EXPECT_EQ(decided("a", id), taken);
  world.crash("a");
  EXPECT_EQ(decided("c", id), in_progress) << "nobody knows that it died";
  world.show_all();
  EXPECT_EQ(decided("c", id), fresh);
}

TEST_F(some_claims, of_what_is_held_are_known_to_the_next_owner) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  world.crash("b");
  settle("a", id, delivery_end::held); // the owner is dead, and nobody knows
  world.show_all();
  world.run_for(50ms);
  EXPECT_EQ(decided("c", id), in_progress);
  world.crash("a");
  world.show_all();
  EXPECT_EQ(decided("c", id), fresh);
}

TEST_F(some_claims, run_out_by_their_deadline_when_nobody_says_how_they_ended) {
  start({"a", "b"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  world.run_for(9s);
  EXPECT_EQ(claim("b", id), in_progress);
  world.run_for(1s);
  EXPECT_EQ(claim("b", id), fresh);
}

TEST_F(some_claims, end_as_is_told_over_a_new_link) {
  start({"a", "b"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  world.at("a").desk.settle(id, number, delivery_end::taken, world.now());
  world.at("a").desk.flush("b", world.now());
  world.unlink("a", "b"); // and the word with it
  world.run_for(50ms);
  EXPECT_EQ(claim("b", id), in_progress);
  world.link("a", "b");
  world.run_for(50ms);
  EXPECT_EQ(claim("b", id), taken);
  EXPECT_EQ(world.at("a").desk.told(), 0u);
}

TEST_F(some_claims, end_as_is_told_to_the_next_owner) {
  start({"a", "b", "c"});
  const auto id = id_of("b", names);
  EXPECT_EQ(decided("a", id), fresh);
  world.crash("b");
  settle("a", id, delivery_end::taken); // the owner is dead, and nobody knows
  world.show_all();
  world.run_for(50ms);
  EXPECT_EQ(decided("c", id), taken);
}

TEST_F(some_claims, leave_so_many_ends_untold) {
  world.settings.max_told = 2;
  start({"a", "b"});
  world.unlink("a", "b");
  for (int i = 0; i < 5; ++i)
    settle("a", id_of("b", names, i), delivery_end::taken);
  EXPECT_EQ(world.at("a").desk.told(), 2u);
  EXPECT_EQ(counts("a").untold, 3u);
}

TEST_F(some_claims, have_nothing_to_say_when_nothing_happens) {
  start({"a", "b", "c"});
  EXPECT_EQ(decided("a", id_of("b", names)), fresh);
  settle("a", id_of("b", names), delivery_end::taken);
  world.messages = 0;
  world.run_for(10s);
  EXPECT_EQ(world.messages, 0u);
}

TEST_F(some_claims, are_not_for_one_that_talks_nonsense) {
  start({"a", "b"});
  auto& a = world.at("a");
  a.desk.come("b", "\x01nonsense", world.now());
  a.desk.come("b", pack(claims_message{.heard = 7}), world.now());
  a.desk.come("nobody", "nonsense", world.now());
  EXPECT_THAT(a.faults,
              ElementsAre(testing::StartsWith("b: a claims message "),
                          "b: it has heard more of claims than was said"));
}

TEST_F(some_claims, pass_over_messages_of_later_versions) {
  start({"a", "b"});
  auto& a = world.at("a");
  a.desk.come("b", packer{}.number(99).text("news").take(), world.now());
  EXPECT_THAT(a.faults, IsEmpty());
}

TEST_F(some_claims,
       of_a_peer_that_asks_more_than_it_hears_are_not_all_answered) {
  start({"a", "b"});
  auto& b = world.at("b");
  claims_message message;
  for (std::uint64_t i = 0; i < most_claims_asked; ++i)
    message.asked.push_back(
        {.number = i, .id = id_of("b", names), .left = 10s});
  const auto bytes = pack(message);
  for (int i = 0; i < 20; ++i)
    b.desk.come("a", bytes, world.now());
  EXPECT_GT(counts("b").unanswered, 0u);
  world.run_for(1s);
  EXPECT_THAT(b.faults, IsEmpty());
}

} // namespace

} // namespace mfo::cluster
