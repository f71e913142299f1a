#include "devserver/event_log.hpp"

#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

recorded_event event(std::string id, std::string body = {}) {
  return {{}, std::move(id), {}, std::move(body), 202};
}

TEST(event_log, gives_events_in_order) {
  event_log log(10, 1 << 20);
  log.append(event("a"));
  log.append(event("b"));
  const auto page = log.read(0, 10);
  ASSERT_EQ(page.events.size(), 2u);
  EXPECT_EQ(page.events[1]->id, "b");
  EXPECT_EQ(page.next, 2u);
  EXPECT_EQ(log.end(), 2u);
}

TEST(event_log, drops_the_oldest_beyond_its_bytes) {
  event_log log(1000, 10'000);
  for (int i = 0; i < 100; ++i)
    log.append(event(std::to_string(i), std::string(1000, 'x')));
  EXPECT_LT(log.count().held, 10u);
  EXPECT_EQ(log.count().held + log.count().dropped, 100u);
  EXPECT_EQ(log.read(99, 1).events.front()->id, "99");
}

TEST(event_log, skips_dropped_events) {
  event_log log(1, 1 << 20);
  log.append(event("a"));
  log.append(event("b"));
  EXPECT_EQ(log.read(0, 1).events.front()->id, "b");
  EXPECT_TRUE(log.read(0, 1, 1).events.empty());
  EXPECT_TRUE(log.read(7, 1).events.empty());
}

TEST(event_log, counts_from_nothing_once_cleared) {
  event_log log(1, 1 << 20);
  log.append(event("a"));
  log.append(event("b"));
  EXPECT_EQ(log.clear(), 1u);
  EXPECT_EQ(log.count().dropped, 0u);
  EXPECT_EQ(log.end(), 0u);
}

} // namespace
} // namespace mfo::devserver
