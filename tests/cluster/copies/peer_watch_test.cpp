#include "cluster/copies/peer_watch.hpp"

#include "tests/cluster/copies/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::shown_member;
using testing::ElementsAre;
using testing::IsEmpty;

const node_life peer_b{.name = "b", .incarnation = 1};
const node_life peer_c{.name = "c", .incarnation = 1};
const node_life other_b{.name = "b", .incarnation = 2};

struct a_peer_watch : testing::Test {
  peer_watch::changes show(std::vector<shown_member> peers) {
    peers.push_back({.name = "a"});
    watch.set_view(test::view_of("a", std::move(peers)));
    return watch.look(now);
  }

  peer_watch::changes open(const node_life& peer) {
    watch.link_opened(peer, now);
    return watch.look(now);
  }

  peer_watch watch{"a", 5s};
  peer_watch::clock::time_point now{100h};
};

TEST_F(a_peer_watch, finds_who_is_alive_and_linked_eligible) {
  open(peer_b);
  const auto changes = show({{.name = "b"}, {.name = "c"}});
  EXPECT_THAT(changes.came, ElementsAre(peer_b));
  EXPECT_THAT(watch.eligible(), ElementsAre(peer_b));
  EXPECT_TRUE(watch.is_alive(peer_c)) << "if not linked";
  EXPECT_THAT(open(peer_c).came, ElementsAre(peer_c));
  EXPECT_THAT(watch.eligible(), ElementsAre(peer_b, peer_c));
  EXPECT_THAT(watch.look(now).came, IsEmpty());
}

TEST_F(a_peer_watch, waits_for_the_view_to_know_of_a_link) {
  open(peer_b);
  EXPECT_THAT(show({{.name = "b", .linked = false}}).came, IsEmpty());
  EXPECT_THAT(show({{.name = "b"}}).came, ElementsAre(peer_b));
}

TEST_F(a_peer_watch, takes_a_suspect_for_alive_but_gives_it_nothing_new) {
  open(peer_b);
  show({{.name = "b"}});
  const auto changes = show({{.name = "b", .state = member_state::suspect}});
  EXPECT_THAT(changes.gone, IsEmpty());
  EXPECT_TRUE(watch.is_alive(peer_b));
  EXPECT_THAT(watch.eligible(), IsEmpty());
}

TEST_F(a_peer_watch, sees_who_is_dead_has_left_or_is_not_there) {
  for (const auto state : {member_state::dead, member_state::left}) {
    show({{.name = "b", .linked = false}});
    const auto changes = show({{.name = "b", .state = state}});
    EXPECT_THAT(changes.gone, ElementsAre(peer_b));
    EXPECT_FALSE(watch.is_alive(peer_b));
  }
  show({{.name = "b", .linked = false}});
  EXPECT_THAT(show({}).gone, ElementsAre(peer_b));
}

TEST_F(a_peer_watch, takes_another_life_for_a_loss) {
  open(peer_b);
  show({{.name = "b"}});
  watch.link_closed("b");
  EXPECT_THAT(watch.look(now).gone, IsEmpty());
  const auto changes = open(other_b);
  EXPECT_THAT(changes.gone, ElementsAre(peer_b));
  EXPECT_TRUE(watch.is_alive(other_b)) << "though the view is older";
  EXPECT_THAT(show({{.name = "b", .process = 2}}).came, ElementsAre(other_b));
}

TEST_F(a_peer_watch, takes_a_new_link_for_a_sign_of_life_for_a_while) {
  open(peer_b);
  show({{.name = "b", .state = member_state::dead}});
  EXPECT_TRUE(watch.is_alive(peer_b));
  now += 4'999ms;
  EXPECT_THAT(watch.look(now).gone, IsEmpty());
  now += 1ms;
  EXPECT_THAT(watch.look(now).gone, ElementsAre(peer_b));
}

TEST_F(a_peer_watch, knows_of_one_that_is_gone_before_the_view_does) {
  open(peer_b);
  show({{.name = "b"}});
  watch.gone(peer_b);
  EXPECT_THAT(watch.look(now).gone, ElementsAre(peer_b));
  EXPECT_THAT(show({{.name = "b"}}).came, IsEmpty());
  show({{.name = "b", .state = member_state::dead}});
  EXPECT_THAT(show({{.name = "b"}}).came, ElementsAre(peer_b)) << "it was not";
}

TEST_F(a_peer_watch, says_who_begins_to_drain) {
  open(peer_b);
  show({{.name = "b"}});
  EXPECT_THAT(show({{.name = "b", .draining = true}}).leaving,
              ElementsAre(peer_b));
  EXPECT_THAT(watch.eligible(), IsEmpty());
  EXPECT_TRUE(watch.is_draining("b"));
  EXPECT_THAT(show({{.name = "b", .draining = true}}).leaving, IsEmpty());
  EXPECT_THAT(show({{.name = "b"}}).came, ElementsAre(peer_b));
  EXPECT_FALSE(watch.is_draining());
  watch.set_view(test::view_of("a", {{.name = "a", .draining = true}}));
  EXPECT_TRUE(watch.is_draining());
}

} // namespace

} // namespace mfo::cluster
