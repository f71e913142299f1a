#include "cluster/rules/credit_windows.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {
namespace {

constexpr credit of_a_peer{.events = 4, .bytes = 400};

class windows_of_peers : public testing::Test {
protected:
  /// That many events of 100 bytes come from the peer.
  void take(const std::string& peer, std::uint64_t link, int events) {
    for (int i = 0; i < events; ++i)
      ASSERT_TRUE(windows.of(peer).accept(link, 100));
  }

  credit_windows windows{of_a_peer};
};

TEST_F(windows_of_peers, are_one_for_each) {
  windows.open("a", 1);
  take("a", 1, 4);
  EXPECT_EQ(windows.open("b", 2).total, of_a_peer);
}

TEST_F(windows_of_peers, grant_what_has_ended) {
  windows.open("a", 1);
  take("a", 1, 4);
  const credit_grant all{.link = 1, .total = {.events = 5, .bytes = 500}};
  EXPECT_EQ(windows.finish("a", 100), all);
}

TEST_F(windows_of_peers, are_less_on_a_new_link_what_is_at_work_of_the_old) {
  windows.open("a", 1);
  take("a", 1, 3);
  windows.close("a");
  const credit rest{.events = 1, .bytes = 100};
  EXPECT_EQ(windows.open("a", 2).total, rest);
}

TEST_F(windows_of_peers, grant_nothing_where_there_is_no_link) {
  windows.open("a", 1);
  take("a", 1, 3);
  windows.close("a");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(windows.finish("a", 100), std::nullopt);
  EXPECT_EQ(windows.open("a", 2).total, of_a_peer);
}

TEST_F(windows_of_peers, know_nothing_of_a_peer_that_has_gone) {
  windows.open("a", 1);
  windows.close("a");
  windows.close("a");
  EXPECT_EQ(windows.finish("a", 100), std::nullopt);
}

} // namespace
} // namespace mfo::cluster
