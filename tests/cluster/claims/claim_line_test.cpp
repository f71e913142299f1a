#include "cluster/claims/claim_line.hpp"

#include "tests/cluster/messages/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct a_line_of_claims : testing::Test {
  static core::event_ptr event_of(const std::string& key) {
    auto made = test::sample_event({});
    made->ordering_key = key;
    return made;
  }

  const core::event_ptr first = event_of("k");
  const core::event_ptr second = event_of("k");
  const core::event_ptr third = event_of("k");
  const core::event_ptr other = event_of("l");
  claim_line<int> line;
};

TEST_F(a_line_of_claims, lets_go_in_the_order_in_which_they_came) {
  for (const auto& each : {first, second, third, other})
    line.join(*each);
  EXPECT_THAT(line.may_go(*third, 3), IsEmpty());
  EXPECT_THAT(line.may_go(*other, 4), ElementsAre(4)) << "another key";
  EXPECT_THAT(line.may_go(*first, 1), ElementsAre(1));
  EXPECT_FALSE(line.is_empty(*first));
  EXPECT_THAT(line.may_go(*second, 2), ElementsAre(2, 3));
  EXPECT_TRUE(line.is_empty(*first));
}

TEST_F(a_line_of_claims, waits_for_nobody_that_has_left) {
  line.join(*first);
  line.join(*second);
  line.join(*third);
  EXPECT_THAT(line.may_go(*second, 2), IsEmpty());
  EXPECT_THAT(line.leave(*first), ElementsAre(2));
  EXPECT_THAT(line.leave(*first), IsEmpty()) << "it has left before";
  EXPECT_THAT(line.may_go(*third, 3), ElementsAre(3));
  EXPECT_TRUE(line.is_empty(*first));
}

TEST_F(a_line_of_claims, keeps_who_has_been_heard_of) {
  line.join(*first);
  line.join(*second);
  EXPECT_THAT(line.may_go(*second, 2), IsEmpty());
  EXPECT_THAT(line.leave(*second), IsEmpty());
  EXPECT_THAT(line.may_go(*first, 1), ElementsAre(1, 2));
}

} // namespace

} // namespace mfo::cluster
