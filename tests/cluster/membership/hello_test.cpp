#include "cluster/membership/hello.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using test::card_of;
using testing::AllOf;
using testing::HasSubstr;
using code = refusal_code;

/// Two nodes that get on with each other.
struct judging_a_hello : testing::Test {
  auto judge() const {
    return judge_hello(own, theirs, known);
  }

  /// That there is no link for this reason, and what the log says.
  void expect_refusal(code reason, const testing::Matcher<std::string>& text) {
    const auto verdict = judge();
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, reason);
    EXPECT_THAT(verdict.error().text, text);
  }

  hello own{.cluster = "prod", .card = card_of("node-a", 100, 1)};
  hello theirs{.cluster = "prod", .card = card_of("node-b", 100, 2)};
  std::optional<known_process> known;
};

TEST_F(judging_a_hello, agrees_on_the_highest_common_version) {
  own.card.speaks = {.lowest = 2, .highest = 5};
  theirs.card.speaks = {.lowest = 1, .highest = 4};
  EXPECT_EQ(judge(), 4);
}

TEST_F(judging_a_hello, refuses_another_cluster_and_names_both) {
  theirs.cluster = "staging";
  expect_refusal(code::other_cluster,
                 "node-b at node-b:7420 is of cluster \"staging\", node-a at "
                 "node-a:7420 of cluster \"prod\"");
}

TEST_F(judging_a_hello, shows_nothing_harmful_of_a_stranger) {
  theirs.cluster = "\x1b[2J";
  theirs.card.name.assign(10'000, '\x07');
  expect_refusal(code::other_cluster, HasSubstr("cluster \"?[2J\""));
  EXPECT_LT(judge().error().text.size(), 400u);
}

TEST_F(judging_a_hello, refuses_versions_that_do_not_meet_and_names_both) {
  own.card.speaks = {.lowest = 3, .highest = 4};
  theirs.card.speaks = {.lowest = 1, .highest = 2};
  theirs.card.software = "0.9.0";
  expect_refusal(code::no_common_version,
                 AllOf(HasSubstr("(0.9.0) speaks protocol 1 to 2"),
                       HasSubstr("(1.0.0) 3 to 4")));
}

TEST_F(judging_a_hello, refuses_itself) {
  theirs.card = own.card;
  expect_refusal(code::oneself, HasSubstr("is the node that dialled"));
}

TEST_F(judging_a_hello, refuses_another_process_of_its_own_name) {
  theirs.card = card_of("node-a", 200, 2);
  expect_refusal(code::name_is_mine, AllOf(HasSubstr("two nodes of one name"),
                                           HasSubstr("200-0000000000000002"),
                                           HasSubstr("100-0000000000000001")));
}

TEST_F(judging_a_hello, refuses_a_card_out_of_bounds) {
  theirs.card.roles = {};
  expect_refusal(code::bad_card,
                 "node-b at node-b:7420, as node-a at node-a:7420 sees it: it "
                 "has no role");
  theirs.card = card_of("node b");
  expect_refusal(code::bad_card, HasSubstr("has a name that is not"));
}

TEST_F(judging_a_hello, refuses_a_name_that_a_linked_node_has) {
  known = {.born = {.started = 50, .process = 3}, .linked = true};
  expect_refusal(code::name_taken,
                 AllOf(HasSubstr("is incarnation 100-0000000000000002"),
                       HasSubstr("linked to the live incarnation "
                                 "50-0000000000000003")));
  EXPECT_FALSE(judge().error().raise_above);
}

TEST_F(judging_a_hello, refuses_an_older_incarnation) {
  known = {.born = {.started = 200, .process = 3}};
  expect_refusal(code::older_incarnation,
                 HasSubstr("has seen the later incarnation"));
  EXPECT_FALSE(judge().error().raise_above) << "the later one may live";
}

TEST_F(judging_a_hello, tells_what_to_rise_above_when_the_later_is_gone) {
  known = {.born = {.started = 200, .process = 3}, .gone = true};
  EXPECT_EQ(judge().error().raise_above, known->born);
}

TEST_F(judging_a_hello, takes_a_later_incarnation_once_the_link_is_gone) {
  known = {.born = {.started = 50, .process = 3}};
  EXPECT_TRUE(judge());
}

TEST_F(judging_a_hello, takes_a_process_that_it_has_a_link_with) {
  known = {.born = {.started = 200, .process = 2}, .linked = true};
  EXPECT_TRUE(judge()) << "though it has raised its incarnation meanwhile";
}

TEST(a_refusal, has_a_word_for_metrics) {
  EXPECT_EQ(to_string(code::other_cluster), "other-cluster");
  EXPECT_EQ(to_string(code::bad_card), "bad-card");
  EXPECT_EQ(to_string(code::oneself), "oneself");
  EXPECT_EQ(to_string(code::name_is_mine), "name-is-mine");
  EXPECT_EQ(to_string(code::no_common_version), "no-common-version");
  EXPECT_EQ(to_string(code::name_taken), "name-taken");
  EXPECT_EQ(to_string(code::older_incarnation), "older-incarnation");
  EXPECT_EQ(to_string(code::turned_away), "turned-away");
}

} // namespace

} // namespace mfo::cluster
