#include "cluster/transport/inbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <variant>

namespace mfo::cluster::wire {

namespace {

bool is_readable(const inbox& box) {
  pollfd polled{box.descriptor(), POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

TEST(an_inbox, is_readable_as_long_as_something_is_in_it) {
  inbox box{2};
  EXPECT_FALSE(is_readable(box));
  box.push(close_order{1});
  box.push(stop_order{});
  EXPECT_TRUE(is_readable(box));
  const auto all = box.take();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(std::get<close_order>(all[0]).link, 1u);
  EXPECT_TRUE(std::holds_alternative<stop_order>(all[1]));
  EXPECT_FALSE(is_readable(box));
  EXPECT_TRUE(box.take().empty());
}

TEST(an_inbox, holds_so_many_dials_until_they_have_begun) {
  inbox box{2};
  EXPECT_TRUE(box.push_dial({.token = 1}));
  EXPECT_TRUE(box.push_dial({.token = 2}));
  EXPECT_FALSE(box.push_dial({.token = 3}));
  EXPECT_EQ(box.take().size(), 2u);
  EXPECT_FALSE(box.push_dial({.token = 3})) << "taken, and not begun";
  box.dial_begun();
  EXPECT_TRUE(box.push_dial({.token = 3}));
}

TEST(an_inbox, takes_no_dials_when_it_is_told_so) {
  inbox box{2};
  box.refuse_dials();
  EXPECT_FALSE(box.push_dial({.token = 1}));
  EXPECT_TRUE(box.take().empty());
}

} // namespace

} // namespace mfo::cluster::wire
