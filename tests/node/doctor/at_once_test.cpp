#include "node/doctor/at_once.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node::doctor {

namespace {

TEST(looks_at_once, are_told_in_the_order_of_the_items) {
  std::vector<int> items(3 * most_at_once);
  std::iota(items.begin(), items.end(), 0);
  const auto found = at_once(
      items, [](int item) { return findings{good("", std::to_string(item))}; });
  ASSERT_EQ(found.size(), items.size());
  for (const auto item : items)
    EXPECT_EQ(found[static_cast<std::size_t>(item)].text, std::to_string(item));
}

TEST(looks_at_once, are_no_more_than_there_may_be) {
  std::atomic<std::size_t> now{0};
  std::atomic<std::size_t> most{0};
  const std::vector<int> items(4 * most_at_once);
  const auto found = at_once(items, [&](int) {
    const auto running = ++now;
    auto seen = most.load();
    while (seen < running && !most.compare_exchange_weak(seen, running)) {
    }
    std::this_thread::yield();
    --now;
    return findings{};
  });
  EXPECT_TRUE(found.empty());
  EXPECT_LE(most, most_at_once);
}

} // namespace

} // namespace mfo::node::doctor
