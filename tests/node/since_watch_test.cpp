#include "node/since_watch.hpp"

#include <gmock/gmock.h>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using core::breaker_state;

struct the_watch : testing::Test {
  void look(bool good, since_watch::unix_ms now,
            breaker_state circuit = breaker_state::closed) {
    watch.look({{"server a", good, ""}, {"room", true, ""}}, {{"a", circuit}},
               now);
  }

  since_watch watch;
};

TEST_F(the_watch, knows_since_when_a_check_fails) {
  look(false, 1s);
  look(false, 2s);
  EXPECT_EQ(watch.failing_since("server a", 9s), 1s);
}

TEST_F(the_watch, begins_anew_with_each_failure) {
  look(false, 1s);
  look(true, 2s);
  look(false, 3s);
  EXPECT_EQ(watch.failing_since("server a", 9s), 3s);
}

TEST_F(the_watch, takes_what_it_has_not_seen_failing_for_new) {
  look(true, 1s);
  EXPECT_EQ(watch.failing_since("server a", 9s), 9s);
  EXPECT_EQ(watch.failing_since("server b", 9s), 9s);
}

TEST_F(the_watch, forgets_a_check_that_is_no_more_there) {
  look(false, 1s);
  watch.look({}, {}, 2s);
  look(false, 3s);
  EXPECT_EQ(watch.failing_since("server a", 9s), 3s);
}

TEST_F(the_watch, knows_since_when_a_circuit_is_as_it_is) {
  look(true, 1s);
  look(true, 2s, breaker_state::open);
  look(true, 3s, breaker_state::open);
  EXPECT_EQ(watch.circuit_since({"a", breaker_state::open}, 9s), 2s);
  EXPECT_EQ(watch.circuit_since({"a", breaker_state::half_open}, 9s), 9s);
  EXPECT_EQ(watch.circuit_since({"b", breaker_state::closed}, 9s), 9s);
}

} // namespace

} // namespace mfo::node
