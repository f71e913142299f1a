#include "telemetry/refusal_lines.hpp"

#include <gtest/gtest.h>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using core::errc;

constexpr refusal_lines::clock::time_point start{1h};

TEST(lines_of_refusals, are_so_many_a_second_for_each_reason) {
  refusal_lines lines{20};
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(lines.take(errc::bad_signature, start), 0u);
  EXPECT_EQ(lines.take(errc::bad_signature, start), std::nullopt);
  EXPECT_EQ(lines.take(errc::not_found, start), 0u);
}

TEST(lines_of_refusals, say_how_many_were_left_out) {
  refusal_lines lines{20};
  for (int i = 0; i < 27; ++i)
    static_cast<void>(lines.take(errc::bad_signature, start));
  EXPECT_EQ(lines.take(errc::bad_signature, start + 1s), 7u);
  EXPECT_EQ(lines.take(errc::bad_signature, start + 1s), 0u);
}

} // namespace

} // namespace mfo::telemetry
