#include "tests/http/connection_guard_fixture.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <vector>

namespace mfo::http {

namespace {

using namespace tests;
using testing::ElementsAre;
using testing::SizeIs;

/// Of a listener that takes two connections; one is there already.
struct a_crowd : a_guard {};

TEST_F(a_crowd, refuses_one_connection_too_many_at_once) {
  const auto second = from("192.0.2.2");
  EXPECT_EQ(second->next(buffer).what, ruling::read_more);
  {
    const auto third = from("192.0.2.3");
    EXPECT_EQ(shared->connections.load(), 3u);
    EXPECT_EQ(third->next(buffer).what, ruling::refuse);
    EXPECT_THAT(refused, ElementsAre("saturated "));
  }
  EXPECT_EQ(shared->connections.load(), 2u);
}

TEST_F(a_crowd, lets_a_connection_in_when_another_has_ended) {
  auto second = from("192.0.2.2");
  second.reset();
  const auto third = from("192.0.2.3");
  EXPECT_EQ(third->next(buffer).what, ruling::read_more);
}

TEST_F(a_crowd, refuses_one_address_too_many_connections) {
  shared->limits.max_connections = 9;
  shared->limits.max_connections_per_address = 1;
  const auto other = from("192.0.2.2");
  EXPECT_EQ(other->next(buffer).what, ruling::read_more);
  auto again = from("::ffff:192.0.2.1");
  EXPECT_EQ(again->next(buffer).what, ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("too_many_connections "));
  EXPECT_EQ(told_of, config::ip_address::v4(0xC0000201));
  again.reset();
  guard.reset();
  EXPECT_EQ(from("192.0.2.1")->next(buffer).what, ruling::read_more);
}

TEST_F(a_crowd, turns_away_one_address_without_taking_a_place_of_others) {
  shared->limits.max_connections_per_address = 1;
  std::vector<std::unique_ptr<connection_guard>> refused_ones;
  for (int i = 0; i < 2; ++i) {
    refused_ones.push_back(from("192.0.2.1"));
    EXPECT_EQ(refused_ones.back()->next(buffer).what, ruling::refuse);
  }
  EXPECT_EQ(shared->connections.load(), 3u);
  EXPECT_EQ(shared->admitted.load(), 1u);
  EXPECT_EQ(from("192.0.2.2")->next(buffer).what, ruling::read_more);
  guard.reset();
  EXPECT_EQ(from("192.0.2.1")->next(buffer).what, ruling::read_more)
      << "what is turned away counts for its address no more";
}

TEST_F(a_crowd, hangs_up_when_as_many_as_may_come_are_being_turned_away) {
  shared->limits.max_connections_per_address = 1;
  std::vector<std::unique_ptr<connection_guard>> refused_ones;
  for (std::size_t i = 0; i < shared->limits.max_connections; ++i) {
    refused_ones.push_back(from("192.0.2.1"));
    EXPECT_EQ(refused_ones.back()->next(buffer).what, ruling::refuse);
  }
  EXPECT_EQ(from("192.0.2.1")->next(buffer).what, ruling::hang_up);
  EXPECT_THAT(refused, SizeIs(2)) << "nobody is told of this one";
  EXPECT_EQ(shared->dropped.load(), 1u) << "but it is counted";
  EXPECT_EQ(from("192.0.2.2")->next(buffer).what, ruling::read_more);
  refused_ones.pop_back();
  EXPECT_EQ(from("192.0.2.1")->next(buffer).what, ruling::refuse);
}

TEST_F(a_crowd, does_not_count_the_connections_of_a_trusted_proxy) {
  shared->limits.max_connections = 9;
  shared->limits.max_connections_per_address = 1;
  shared->trusted_proxies =
      config::network_set{{*config::ip_network::parse("10.0.0.1")}};
  const auto one = from("10.0.0.1");
  EXPECT_EQ(from("10.0.0.1")->next(buffer).what, ruling::read_more);
}

} // namespace

} // namespace mfo::http
