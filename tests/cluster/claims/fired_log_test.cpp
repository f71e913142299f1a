#include "cluster/claims/fired_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct a_log_of_ticks : testing::Test {
  void add(const std::string& trigger, bool own) {
    log.add({.trigger = trigger}, own, now);
  }

  std::vector<std::string> next(fired_log::reader& who, std::size_t most = 10) {
    std::vector<std::string> triggers;
    for (const auto& each : log.next(who, most))
      triggers.push_back(each.trigger);
    return triggers;
  }

  fired_log::clock::time_point now{1h};
  fired_log log{3};
};

TEST_F(a_log_of_ticks, tells_who_has_come_all_and_then_what_this_node_fires) {
  add("theirs", false);
  add("ours", true);
  auto peer = log.begin();
  add("their next", false);
  EXPECT_TRUE(log.has_more(peer));
  EXPECT_THAT(next(peer), ElementsAre("theirs", "ours"));
  EXPECT_FALSE(log.has_more(peer));
  add("our next", true);
  EXPECT_THAT(next(peer), ElementsAre("our next"));
  EXPECT_THAT(next(peer), IsEmpty());
}

TEST_F(a_log_of_ticks, tells_so_many_at_once) {
  add("1", true);
  add("2", true);
  auto peer = log.begin();
  EXPECT_THAT(next(peer, 1), ElementsAre("1"));
  EXPECT_THAT(next(peer, 1), ElementsAre("2"));
}

TEST_F(a_log_of_ticks, forgets_the_oldest_and_the_old) {
  auto peer = log.begin();
  for (const auto* each : {"1", "2", "3", "4"})
    add(each, true);
  EXPECT_EQ(log.size(), 3u);
  now += 1s;
  add("5", true);
  log.forget_before(now);
  EXPECT_EQ(log.size(), 1u);
  EXPECT_THAT(next(peer), ElementsAre("5"));
}

} // namespace

} // namespace mfo::cluster
