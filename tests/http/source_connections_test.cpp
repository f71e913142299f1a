#include "http/source_connections.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace mfo::http {

namespace {

config::ip_address address(std::string_view text) {
  return config::ip_address::parse(text).value();
}

TEST(connections_of_a_source, are_counted_as_long_as_they_last) {
  source_connections all{0};
  const auto one = address("192.0.2.1");
  std::optional first{all.enter(one)};
  const auto second = all.enter(one);
  EXPECT_EQ(first->number(), 1u);
  EXPECT_EQ(second.number(), 2u);
  EXPECT_EQ(all.enter(one).number(), 3u);
  first.reset();
  EXPECT_EQ(all.enter(one).number(), 2u);
}

TEST(connections_of_a_source, do_not_count_for_another) {
  source_connections all{0};
  const auto one = all.enter(address("192.0.2.1"));
  const auto other = all.enter(address("192.0.2.2"));
  const auto site = all.enter(address("2001:db8::1"));
  const auto same_site = all.enter(address("2001:db8::2"));
  EXPECT_EQ(other.number(), 1u);
  EXPECT_EQ(site.number(), 1u);
  EXPECT_EQ(same_site.number(), 2u);
}

TEST(connections_of_a_source, leave_nothing_behind) {
  source_connections all{0};
  {
    const auto one = all.enter(address("192.0.2.1"));
    EXPECT_EQ(all.sources(), 1u);
  }
  EXPECT_EQ(all.sources(), 0u);
}

TEST(connections_of_a_source, are_counted_once_when_a_ticket_changes_hands) {
  source_connections all{0};
  auto one = all.enter(address("192.0.2.1"));
  {
    const auto taken = std::move(one);
    EXPECT_EQ(all.enter(address("192.0.2.1")).number(), 2u);
  }
  EXPECT_EQ(all.sources(), 0u);
  auto other = all.enter(address("192.0.2.2"));
  other = all.enter(address("192.0.2.3"));
  EXPECT_EQ(all.sources(), 1u);
}

TEST(connections_of_a_source, may_end_on_any_thread) {
  source_connections all{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n)
        (void)all.enter(address("192.0.2.1"));
    });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(all.sources(), 0u);
}

} // namespace

} // namespace mfo::http
