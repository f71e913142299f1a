// Copies of events (`ack: replicated`) on a few nodes, through everything that
// may happen to them in any order.

#include "tests/model/copies_world.hpp"
#include "tests/model/explorer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::model {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(a_copied_event, is_kept_by_three_nodes_of_which_one_crashes) {
  copies_plan plan;
  plan.may = {.crashes = 1, .restarts = 1, .seconds = 1};
  expect_sound("three nodes, one crash", copies_world{plan}, {.depth = 7});
}

TEST(a_copied_event, is_kept_by_three_nodes_of_which_two_crash) {
  copies_plan plan;
  plan.may = {.crashes = 2, .restarts = 1};
  expect_sound("three nodes, two crashes", copies_world{plan}, {.depth = 7});
}

TEST(a_copied_event, is_kept_by_three_nodes_that_lose_a_link) {
  copies_plan plan;
  plan.may = {.crashes = 1, .cuts = 1, .seconds = 1};
  expect_sound("three nodes, a link lost", copies_world{plan}, {.depth = 7});
}

TEST(a_copied_event, is_kept_by_three_nodes_that_take_one_for_dead) {
  copies_plan plan;
  plan.may = {.crashes = 1, .cuts = 1, .false_deaths = 1};
  expect_sound("three nodes, one taken for dead", copies_world{plan},
               {.depth = 7});
}

TEST(a_copied_event, is_kept_by_three_nodes_of_which_one_drains) {
  copies_plan plan;
  plan.may = {.crashes = 1, .drains = 1};
  expect_sound("three nodes, one drains", copies_world{plan}, {.depth = 7});
}

TEST(a_copied_event, is_kept_by_two_others_of_four_nodes) {
  copies_plan plan;
  plan.nodes = 4;
  plan.copies = 2;
  plan.may = {.crashes = 2};
  expect_sound("four nodes, two copies", copies_world{plan}, {.depth = 6});
}

TEST(two_copied_events, of_two_nodes_that_hold_each_others_are_kept) {
  copies_plan plan;
  plan.origins = {0, 1};
  plan.may = {.crashes = 1, .restarts = 1};
  expect_sound("three nodes, two events", copies_world{plan}, {.depth = 7});
}

TEST(an_event, that_is_acknowledged_before_it_is_copied_is_found) {
  copies_plan plan;
  plan.may = {.crashes = 1};
  plan.harm = sabotage::acknowledges_early;
  EXPECT_THAT(first_finding(copies_world{plan}, {.depth = 6}),
              HasSubstr("was promised, and nobody has it any more"));
}

TEST(a_network, that_loses_a_message_without_a_word_is_found) {
  copies_plan plan;
  plan.harm = sabotage::loses_messages;
  EXPECT_NE(first_finding(copies_world{plan}, {.depth = 6}), "");
}

TEST(a_copy, that_no_release_and_no_audit_lets_go_is_found) {
  copies_plan plan;
  plan.settings.open.max_releases = 0;
  plan.settings.audit_every = 1h;
  EXPECT_THAT(first_finding(copies_world{plan}, {.depth = 6}),
              HasSubstr("there is no end to"));
}

TEST(a_run, that_never_ends_is_found) {
  copies_plan plan;
  plan.may = {.crashes = 1};
  plan.harm = sabotage::keeps_what_it_ran;
  EXPECT_THAT(first_finding(copies_world{plan}, {.depth = 6}),
              HasSubstr("there is no end to"));
}

} // namespace

} // namespace mfo::model
