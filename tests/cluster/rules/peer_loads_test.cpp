#include "cluster/rules/peer_loads.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace mfo::cluster {

namespace {

using report_ptr = std::shared_ptr<const load_report>;

report_ptr said(std::uint32_t queued, std::uint32_t in_flight) {
  return std::make_shared<const load_report>(load_report{
      .queue_depth = queued, .in_flight = in_flight, .max_in_flight = 10});
}

std::shared_ptr<const node_card> card_named(const char* name) {
  auto card = std::make_shared<node_card>();
  card->name = name;
  return card;
}

/// The peer "b" says that.
view with(report_ptr report) {
  view::member_list members;
  members.push_back({.card = card_named("a"),
                     .load = std::make_shared<const load_report>(),
                     .state = member_state::alive,
                     .linked = true,
                     .last_heard = {}});
  members.push_back({.card = card_named("b"),
                     .load = std::move(report),
                     .state = member_state::alive,
                     .linked = true,
                     .last_heard = {}});
  return view("a", 1, std::move(members));
}

void expect_load(const node_load& is, std::size_t queued,
                 std::size_t in_flight) {
  EXPECT_EQ(is.queued, queued);
  EXPECT_EQ(is.in_flight, in_flight);
  EXPECT_EQ(is.max_in_flight, 10u);
}

} // namespace

TEST(the_loads_of_peers, are_what_they_say) {
  const peer_loads loads;
  expect_load(loads.of("b", *said(2, 10)), 2, 10);
}

TEST(the_loads_of_peers, grow_by_what_they_are_sent) {
  peer_loads loads;
  const auto report = said(0, 8);
  loads.set_view(with(report));
  for (int i = 0; i < 3; ++i)
    loads.sent("b");
  expect_load(loads.of("b", *report), 1, 10);
  loads.left("b");
  expect_load(loads.of("b", *report), 0, 10);
}

TEST(the_loads_of_peers, are_what_they_say_again_with_the_next_report) {
  peer_loads loads;
  loads.set_view(with(said(0, 0)));
  loads.sent("b");
  loads.sent("b");
  const auto next = said(0, 2);
  loads.set_view(with(next));
  expect_load(loads.of("b", *next), 0, 2);
  loads.left("b");
  expect_load(loads.of("b", *next), 0, 1);
}

TEST(the_loads_of_peers, are_never_less_than_nothing) {
  peer_loads loads;
  loads.sent("b");
  const auto report = said(0, 0);
  loads.set_view(with(report));
  loads.left("b");
  loads.left("b");
  expect_load(loads.of("b", *report), 0, 0);
}

TEST(the_loads_of_peers, are_not_guessed_of_who_does_not_say_its_room) {
  peer_loads loads;
  loads.sent("b");
  EXPECT_EQ(loads.of("b", {}).in_flight, 0u);
}

} // namespace mfo::cluster
