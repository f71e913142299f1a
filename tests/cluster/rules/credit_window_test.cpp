#include "cluster/rules/credit_window.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace mfo::cluster {

namespace {

constexpr credit full_window{.events = 8, .bytes = 1'000};

/// Both ends of a link, and a link that delivers at once.
struct a_credit_window : testing::Test {
  a_credit_window() {
    connect(1);
  }

  void connect(std::uint64_t link) {
    sender.open(link, full_window);
    sender.take(receiver.open(link));
    current = link;
  }

  bool send(std::size_t bytes) {
    return sender.send(bytes) && receiver.accept(current, bytes);
  }

  credit_sender sender;
  credit_receiver receiver{full_window};
  std::uint64_t current = 0;
};

TEST_F(a_credit_window, is_open_for_so_many_events) {
  for (int i = 0; i < 8; ++i)
    EXPECT_TRUE(send(10));
  EXPECT_FALSE(sender.may_send(10));
  EXPECT_FALSE(sender.send(10));
  EXPECT_EQ(sender.left(), (credit{.events = 0, .bytes = 920}));
}

TEST_F(a_credit_window, is_open_for_so_many_bytes) {
  EXPECT_TRUE(send(600));
  EXPECT_FALSE(sender.may_send(401));
  EXPECT_TRUE(sender.may_send(400));
  EXPECT_FALSE(sender.never_fits(1'000));
  EXPECT_TRUE(sender.never_fits(1'001));
}

TEST_F(a_credit_window, grants_again_a_quarter_at_a_time) {
  for (int i = 0; i < 8; ++i)
    send(10);
  EXPECT_FALSE(receiver.finish(10)) << "one event is not worth a message";
  const auto grant = receiver.finish(10);
  ASSERT_TRUE(grant);
  EXPECT_TRUE(sender.take(*grant));
  EXPECT_EQ(sender.left().events, 2u);
}

TEST_F(a_credit_window, grants_at_once_when_many_bytes_are_free) {
  send(300);
  ASSERT_TRUE(receiver.finish(300));
}

TEST_F(a_credit_window, says_the_rest_when_something_is_sent_anyway) {
  send(900);
  send(10);
  EXPECT_FALSE(receiver.flush()) << "there is nothing to say";
  EXPECT_FALSE(receiver.finish(10));
  const auto grant = receiver.flush();
  ASSERT_TRUE(grant);
  sender.take(*grant);
  EXPECT_EQ(sender.left(), (credit{.events = 7, .bytes = 100}));
  EXPECT_FALSE(receiver.flush());
}

TEST_F(a_credit_window, bears_a_grant_that_comes_twice_or_late) {
  for (int i = 0; i < 4; ++i)
    send(10);
  receiver.finish(10);
  const auto first = receiver.finish(10);
  receiver.finish(10);
  const auto second = receiver.finish(10);
  ASSERT_TRUE(first && second);
  for (const auto& grant : {*second, *first, *second})
    EXPECT_TRUE(sender.take(grant));
  EXPECT_EQ(sender.left(), full_window);
}

TEST_F(a_credit_window, grants_on_a_new_link_what_is_not_at_work) {
  send(300);
  send(300);
  connect(2);
  EXPECT_EQ(sender.left(), (credit{.events = 6, .bytes = 400}));
  const auto grant = receiver.finish(300);
  ASSERT_TRUE(grant) << "what ends on the old link frees the new one";
  sender.take(*grant);
  EXPECT_EQ(sender.left(), (credit{.events = 7, .bytes = 700}));
}

TEST_F(a_credit_window, does_not_hear_what_belongs_to_another_link) {
  send(300);
  const auto old = receiver.finish(300);
  ASSERT_TRUE(old);
  connect(2);
  EXPECT_FALSE(receiver.accept(1, 10));
  while (sender.send(10)) {
  }
  EXPECT_TRUE(sender.take(*old));
  EXPECT_FALSE(sender.may_send(10));
}

TEST_F(a_credit_window, is_shut_without_a_link) {
  sender.close();
  EXPECT_FALSE(sender.may_send(0));
  EXPECT_TRUE(sender.take({.link = 0, .total = full_window}));
  EXPECT_FALSE(sender.may_send(0));
}

TEST_F(a_credit_window, cuts_a_grant_that_is_more_than_the_window) {
  EXPECT_FALSE(sender.take({.link = 1, .total = {.events = 9, .bytes = 10}}));
  EXPECT_EQ(sender.left(), full_window);
}

TEST_F(a_credit_window, refuses_what_was_not_granted) {
  EXPECT_FALSE(receiver.accept(1, 1'001));
  for (int i = 0; i < 8; ++i)
    EXPECT_TRUE(receiver.accept(1, 1));
  EXPECT_FALSE(receiver.accept(1, 1));
  EXPECT_EQ(receiver.at_work(), (credit{.events = 8, .bytes = 8}));
}

/// A link that takes its time, and is lost at any moment with all that is on
/// it.
class lossy_link {
public:
  explicit lossy_link(unsigned seed) : random_(seed) {
    connect();
  }

  void step() {
    switch (test::between(random_, 0, 9)) {
    case 0:
    case 1:
    case 2:
      send(test::between(random_, std::size_t{0}, std::size_t{400}));
      break;
    case 3:
    case 4:
      arrive();
      break;
    case 5:
    case 6:
      finish();
      break;
    case 7:
      hear();
      break;
    case 8:
      say(receiver_.flush());
      break;
    default:
      if (test::between(random_, 0, 9) == 0)
        connect();
    }
    check();
  }

  /// After everything has arrived and ended, all is granted.
  void settle() {
    while (!events_.empty())
      arrive();
    while (!at_work_.empty())
      finish();
    say(receiver_.flush());
    while (!grants_.empty())
      hear();
    EXPECT_EQ(sender_.left(), full_window);
    EXPECT_EQ(receiver_.at_work(), credit{});
  }

private:
  void connect() {
    events_.clear();
    grants_.clear();
    ++link_;
    sender_.open(link_, full_window);
    grants_.push_back(receiver_.open(link_));
  }

  void send(std::size_t bytes) {
    const bool may = sender_.may_send(bytes);
    EXPECT_EQ(sender_.send(bytes), may);
    if (may)
      events_.push_back(bytes);
  }

  void arrive() {
    if (events_.empty())
      return;
    EXPECT_TRUE(receiver_.accept(link_, events_.front()));
    at_work_.push_back(events_.front());
    events_.pop_front();
  }

  void finish() {
    if (at_work_.empty())
      return;
    const auto which =
        at_work_.begin() +
        test::between(random_, std::ptrdiff_t{0}, std::ssize(at_work_) - 1);
    say(receiver_.finish(*which));
    at_work_.erase(which);
  }

  void say(const std::optional<credit_grant>& grant) {
    if (grant)
      grants_.push_back(*grant);
  }

  void hear() {
    if (grants_.empty())
      return;
    EXPECT_TRUE(sender_.take(grants_.front()));
    grants_.pop_front();
  }

  void check() {
    const auto work = receiver_.at_work();
    EXPECT_EQ(work.events, at_work_.size());
    EXPECT_LE(work.events, full_window.events);
    EXPECT_LE(work.bytes, full_window.bytes);
    const auto left = sender_.left();
    EXPECT_LE(left.events + events_.size(), full_window.events);
    EXPECT_LE(left.bytes, full_window.bytes);
  }

  std::mt19937 random_;
  credit_sender sender_;
  credit_receiver receiver_{full_window};
  std::uint64_t link_ = 0;
  std::deque<std::size_t> events_;
  std::deque<credit_grant> grants_;
  std::deque<std::size_t> at_work_;
};

TEST(a_credit_window_on_a_bad_link, is_never_exceeded_and_never_lost) {
  const auto seed = test::first_seed();
  for (unsigned i = 0; i < 50; ++i) {
    SCOPED_TRACE(test::seed_trace(seed) + " + " + std::to_string(i));
    lossy_link link{seed + i};
    for (int step = 0; step < 1'000 && !testing::Test::HasFailure(); ++step)
      link.step();
    link.settle();
  }
}

} // namespace

} // namespace mfo::cluster
