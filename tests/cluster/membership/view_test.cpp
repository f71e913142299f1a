#include "cluster/membership/view.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

using testing::ElementsAre;

member_view shown_as(const std::string& name, member_state state,
                     role_set roles = role_set::all()) {
  auto card = test::card_of(name);
  card.roles = roles;
  return {.card = std::make_shared<const node_card>(std::move(card)),
          .load = std::make_shared<const load_report>(),
          .state = state,
          .linked = true,
          .last_heard = std::nullopt};
}

/// As node-b has it.
view small_view() {
  return {"node-b",
          7,
          {shown_as("node-a", member_state::alive, {role::intake}),
           shown_as("node-b", member_state::alive),
           shown_as("node-c", member_state::suspect),
           shown_as("node-d", member_state::dead),
           shown_as("node-e", member_state::left)}};
}

std::vector<std::string> names_in(const std::vector<const member_view*>& list) {
  std::vector<std::string> names;
  for (const auto* each : list)
    names.push_back(each->card->name);
  return names;
}

TEST(a_view, finds_members_by_name) {
  const auto view = small_view();
  EXPECT_EQ(view.find("node-d")->state, member_state::dead);
  EXPECT_EQ(view.find("node-f"), nullptr);
  EXPECT_EQ(view.find(""), nullptr);
}

TEST(a_view, knows_whose_it_is_and_its_version) {
  EXPECT_EQ(small_view().oneself().card->name, "node-b");
  EXPECT_EQ(small_view().version(), 7u);
}

TEST(a_view, names_the_alive_in_order) {
  const auto view = small_view();
  EXPECT_THAT(view.alive_names(), ElementsAre("node-a", "node-b"));
}

TEST(a_view, finds_the_alive_of_a_role) {
  const auto view = small_view();
  EXPECT_THAT(names_in(view.alive_with(role::runner)), ElementsAre("node-b"));
  EXPECT_THAT(names_in(view.alive_with(role::intake)),
              ElementsAre("node-a", "node-b"));
}

TEST(a_member, is_reachable_while_it_is_alive_and_linked) {
  auto member = shown_as("node-a", member_state::alive);
  EXPECT_TRUE(member.is_reachable());
  member.linked = false;
  EXPECT_FALSE(member.is_reachable());
  EXPECT_FALSE(shown_as("node-a", member_state::suspect).is_reachable());
}

} // namespace

} // namespace mfo::cluster
