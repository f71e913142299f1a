#include "cluster/transport/link_table.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace mfo::cluster::wire {

namespace {

using namespace std::chrono_literals;

constexpr auto crossing_time = 2s;

struct link_table_test : testing::Test {
  static std::string reason_of(const std::optional<end_cause>& cause) {
    return cause ? std::string{to_string(cause->reason)} : "none";
  }

  std::string dial(link_id link, const char* own, const char* name) {
    return reason_of(table.dial(link, own, name, now));
  }

  std::string reach(link_id link, const char* own, const char* name) {
    return reason_of(table.reached(link, own, name, now));
  }

  std::string accept(link_id link, const char* own, const char* name) {
    return reason_of(table.accept(link, own, name, now));
  }

  link_table table{3, crossing_time};
  link_table::clock::time_point now{1h};
};

TEST_F(link_table_test, has_so_many_places_for_both_ways) {
  EXPECT_EQ(dial(1, "b", "a"), "none");
  EXPECT_EQ(accept(2, "b", "a"), "none");
  EXPECT_EQ(accept(3, "b", "a"), "none");
  EXPECT_TRUE(table.full());
  EXPECT_EQ(accept(4, "b", "a"), "full");
  EXPECT_EQ(dial(5, "b", "a"), "full");
  table.ended(2);
  EXPECT_EQ(dial(5, "b", "a"), "none");
  EXPECT_EQ(table.size(), 3u);
}

TEST_F(link_table_test, keeps_the_smaller_names_dial_of_two_at_once) {
  EXPECT_EQ(dial(1, "a", "b"), "none");
  EXPECT_EQ(accept(2, "a", "b"), "crossed");
  EXPECT_EQ(reach(1, "a", "b"), "none");
  EXPECT_EQ(accept(3, "a", "b"), "crossed") << "only just linked";
}

TEST_F(link_table_test, lets_the_larger_name_take_what_comes) {
  EXPECT_EQ(dial(1, "b", "a"), "none");
  EXPECT_EQ(accept(2, "b", "a"), "none");
  EXPECT_EQ(reach(1, "b", "a"), "none") << "the peer closes it";
}

TEST_F(link_table_test, keeps_the_peers_dial_where_that_came_first) {
  EXPECT_EQ(accept(1, "a", "b"), "none");
  EXPECT_EQ(dial(2, "a", "b"), "crossed");
}

TEST_F(link_table_test, finds_out_later_whom_a_dial_without_a_name_reaches) {
  EXPECT_EQ(dial(1, "a", ""), "none");
  EXPECT_EQ(accept(2, "a", "b"), "none");
  EXPECT_EQ(reach(1, "a", "b"), "crossed");
}

TEST_F(link_table_test, lets_a_peer_in_that_dials_later) {
  EXPECT_EQ(dial(1, "a", "b"), "none");
  EXPECT_EQ(reach(1, "a", "b"), "none");
  now += crossing_time - 1ms;
  EXPECT_EQ(accept(2, "a", "b"), "crossed");
  now += 1ms;
  EXPECT_EQ(accept(2, "a", "b"), "none") << "it was started anew, say";
}

TEST_F(link_table_test, lets_a_dial_begin_when_the_peers_is_old) {
  EXPECT_EQ(accept(1, "a", "b"), "none");
  now += crossing_time;
  EXPECT_EQ(dial(2, "a", "b"), "none");
}

TEST_F(link_table_test, forgets_what_has_ended) {
  EXPECT_EQ(dial(1, "a", "b"), "none");
  table.ended(1);
  EXPECT_EQ(accept(2, "a", "b"), "none");
  table.ended(2);
  EXPECT_EQ(dial(3, "a", "b"), "none");
}

TEST_F(link_table_test, has_no_opinion_of_other_peers_and_of_its_own_name) {
  EXPECT_EQ(dial(1, "a", "b"), "none");
  EXPECT_EQ(accept(2, "a", "c"), "none");
  table.ended(2);
  EXPECT_EQ(dial(2, "a", "a"), "none");
  EXPECT_EQ(accept(3, "a", "a"), "none");
}

TEST_F(link_table_test, lets_links_cross_where_there_are_no_names) {
  EXPECT_EQ(dial(1, "", ""), "none");
  EXPECT_EQ(accept(2, "", ""), "none");
  EXPECT_EQ(reach(1, "", ""), "none");
}

} // namespace

} // namespace mfo::cluster::wire
