#include "core/admission.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

namespace mfo::core {

namespace {

TEST(admission, holds_as_many_events_as_it_may) {
  admission gate{2, 100};
  const auto first = gate.admit(1);
  auto second = gate.admit(1);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(gate.admit(1));
  EXPECT_EQ(gate.events(), 2u);
  second.reset();
  EXPECT_TRUE(gate.admit(1));
}

TEST(admission, holds_as_many_bytes_as_it_may) {
  admission gate{10, 100};
  auto first = gate.admit(60);
  EXPECT_FALSE(gate.admit(41));
  EXPECT_EQ(gate.bytes(), 60u) << "a refusal takes nothing";
  EXPECT_EQ(gate.events(), 1u);
  EXPECT_TRUE(gate.admit(40));
  first.reset();
  EXPECT_EQ(gate.bytes(), 0u);
  EXPECT_EQ(gate.events(), 0u);
}

TEST(admission, refuses_an_event_larger_than_all_the_room) {
  admission gate{10, 100};
  EXPECT_TRUE(gate.admit(100));
  EXPECT_FALSE(gate.admit(101));
}

TEST(admission, takes_an_event_without_bytes) {
  admission gate{1, 0};
  EXPECT_TRUE(gate.admit(0));
}

TEST(admission, counts_a_body_that_is_read_as_bytes_alone) {
  admission gate{1, 100};
  const auto body = gate.reserve(70);
  ASSERT_TRUE(body);
  EXPECT_EQ(gate.events(), 0u);
  EXPECT_EQ(gate.bytes(), 70u);
  EXPECT_FALSE(gate.reserve(31));
  EXPECT_TRUE(gate.admit(30));
}

TEST(admission, gives_an_event_another_beside_it) {
  admission gate{2, 100};
  auto first = gate.admit(10);
  auto second = first->another(20);
  ASSERT_TRUE(second);
  EXPECT_EQ(gate.events(), 2u);
  EXPECT_EQ(gate.bytes(), 30u);
  EXPECT_FALSE(first->another(1)) << "there is room for two";
  EXPECT_FALSE(admission::permit{}.another(1)) << "of nothing";
}

TEST(admission, to_a_part_is_admission_to_the_whole) {
  const auto whole = std::make_shared<admission>(3, 100);
  admission part{2, admission::no_bound, whole};
  {
    const auto first = part.admit(10);
    const auto second = part.admit(20);
    EXPECT_FALSE(part.admit(1)) << "the part is full";
    EXPECT_EQ(whole->events(), 2u) << "a refusal takes nothing of the whole";
    EXPECT_EQ(whole->bytes(), 30u);
    EXPECT_TRUE(whole->admit(70)) << "the rest of it is for others";
  }
  const auto others = whole->admit(100);
  EXPECT_FALSE(part.admit(1)) << "the whole is full";
  EXPECT_EQ(part.events(), 0u);
}

TEST(permit, can_be_extended_within_the_bound) {
  admission gate{1, 100};
  {
    auto body = gate.reserve(40);
    ASSERT_TRUE(body);
    EXPECT_TRUE(body->extend(60));
    EXPECT_EQ(gate.bytes(), 100u);
    EXPECT_FALSE(body->extend(1));
    EXPECT_EQ(gate.bytes(), 100u);
  }
  EXPECT_EQ(gate.bytes(), 0u);
}

TEST(permit, of_nothing_cannot_be_extended) {
  admission::permit none;
  EXPECT_FALSE(none.extend(1));
}

TEST(permit, gives_back_once_however_often_it_is_moved) {
  admission gate{4, 100};
  {
    auto first = *gate.admit(10);
    auto second = std::move(first);
    admission::permit third;
    third = std::move(second);
    EXPECT_EQ(gate.events(), 1u);
    EXPECT_EQ(gate.bytes(), 10u);
  }
  EXPECT_EQ(gate.events(), 0u);
  EXPECT_EQ(gate.bytes(), 0u);
}

TEST(permit, gives_back_what_it_held_when_it_is_given_nothing) {
  admission gate{4, 100};
  auto held = *gate.admit(10);
  held = {};
  EXPECT_EQ(gate.events(), 0u);
  EXPECT_EQ(gate.bytes(), 0u);
}

TEST(permit, gives_back_what_it_held_when_it_is_given_another) {
  admission gate{4, 100};
  auto held = *gate.admit(10);
  held = *gate.admit(20);
  EXPECT_EQ(gate.events(), 1u);
  EXPECT_EQ(gate.bytes(), 20u);
}

TEST(admission, never_lets_two_threads_in_over_a_bound) {
  constexpr std::size_t max_events = 3;
  constexpr std::size_t max_bytes = 50;
  admission gate{max_events, max_bytes};
  // What is really held, counted apart from the gate. A permit is counted
  // after it is had and uncounted before it is given back, so the count is
  // never more than the truth.
  std::atomic<std::size_t> events{0};
  std::atomic<std::size_t> bytes{0};
  std::atomic<std::size_t> admitted{0};
  std::atomic<bool> over{false};
  const auto work = [&](std::size_t size) {
    for (int i = 0; i < 20'000; ++i) {
      const auto one = gate.admit(size);
      if (!one)
        continue;
      ++admitted;
      over = over || ++events > max_events;
      over = over || (bytes += size) > max_bytes;
      const auto two = gate.admit(size);
      if (two) {
        over = over || ++events > max_events;
        over = over || (bytes += size) > max_bytes;
        --events;
        bytes -= size;
      }
      --events;
      bytes -= size;
    }
  };
  std::vector<std::thread> threads;
  for (const std::size_t size : {10u, 13u, 17u, 20u})
    threads.emplace_back(work, size);
  for (auto& each : threads)
    each.join();
  EXPECT_FALSE(over);
  EXPECT_GT(admitted, 0u);
  EXPECT_EQ(gate.events(), 0u);
  EXPECT_EQ(gate.bytes(), 0u);
}

TEST(admission, holds_to_other_bounds_from_then_on) {
  admission room{2, 100};
  auto first = room.admit(10);
  auto second = room.admit(10);
  room.set_bounds(1, 100);
  EXPECT_FALSE(room.admit(10));
  first.reset();
  EXPECT_FALSE(room.admit(10)) << "one is held still";
  second.reset();
  EXPECT_TRUE(room.admit(10));
  room.set_bounds(1, 5);
  EXPECT_FALSE(room.fits(10));
}

} // namespace

} // namespace mfo::core
