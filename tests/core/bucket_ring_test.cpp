#include "core/bucket_ring.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;

const std::chrono::steady_clock::time_point start{1h};

TEST(bucket_ring, counts_the_spans_that_it_has) {
  bucket_ring<3> ring{1s};
  ring.add(start);
  ring.add(start + 999ms);
  ring.add(start + 1s);
  EXPECT_EQ(ring.recent(start + 1s), 3u);
  EXPECT_EQ(ring.recent(start + 2'999ms), 3u);
  EXPECT_EQ(ring.recent(start + 3s), 1u);
  EXPECT_EQ(ring.recent(start + 4s), 0u);
}

TEST(bucket_ring, counts_any_spans_that_it_still_has) {
  bucket_ring<4> ring{1s};
  const auto first = ring.span_of(start);
  for (int i = 0; i < 4; ++i)
    for (int n = 0; n <= i; ++n)
      ring.add(start + i * 1s);
  EXPECT_EQ(ring.count(first, first + 3), 10u);
  EXPECT_EQ(ring.count(first + 1, first + 2), 5u);
  EXPECT_EQ(ring.count(first + 3, first + 9), 4u);
  EXPECT_EQ(ring.count(first + 2, first + 1), 0u);
}

TEST(bucket_ring, forgets_a_span_when_its_place_is_needed) {
  bucket_ring<2> ring{1s};
  const auto first = ring.span_of(start);
  ring.add(start);
  ring.add(start);
  ring.add(start + 2s);
  EXPECT_EQ(ring.count(first, first), 0u);
  EXPECT_EQ(ring.count(first, first + 2), 1u);
}

TEST(bucket_ring, is_empty_when_cleared) {
  bucket_ring<2> ring{1s};
  ring.add(start);
  ring.clear();
  EXPECT_EQ(ring.recent(start), 0u);
}

} // namespace

} // namespace mfo::core
