#include "core/trace_context.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::core {

namespace {

constexpr std::uint64_t span = 0x1122334455667788;
constexpr std::uint64_t high = 0xA1B2C3D4E5F60718;
constexpr std::uint64_t low = 0x2930415263748596;

std::string next(std::string_view incoming) {
  return make_traceparent(incoming, span, high, low);
}

const std::string fresh{
    "00-a1b2c3d4e5f607182930415263748596-1122334455667788-00"};

TEST(trace_context, continues_the_examples_of_the_specification) {
  EXPECT_EQ(next("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
  EXPECT_EQ(next("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-00");
}

TEST(trace_context, begins_a_trace_where_there_is_none) {
  EXPECT_EQ(next(""), fresh);
}

TEST(trace_context, keeps_leading_zeros_of_its_own_ids) {
  EXPECT_EQ(make_traceparent("", 1, 0, 2),
            "00-00000000000000000000000000000002-0000000000000001-00");
}

TEST(trace_context, continues_a_later_version_in_its_own) {
  EXPECT_EQ(next("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
  EXPECT_EQ(
      next("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
      "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
}

TEST(trace_context, sets_flags_that_it_does_not_know_to_zero) {
  // Level 1, section 3.2.2.5.2: "vendors MUST set those to zero".
  EXPECT_EQ(next("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
  EXPECT_EQ(next("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-00");
}

TEST(trace_context, replaces_what_is_not_valid) {
  const std::string trace{"4bf92f3577b34da6a3ce929d0e0e4736"};
  const std::string parent{"00f067aa0ba902b7"};
  const std::string good = "00-" + trace + "-" + parent + "-01";
  const std::string bad[]{
      "x",
      good.substr(1),
      good.substr(0, good.size() - 1),
      good + "0",
      good + "-more", // version 00 has no more
      " " + good,
      "ff-" + trace + "-" + parent + "-01",
      "0g-" + trace + "-" + parent + "-01",
      "CC-" + trace + "-" + parent + "-01",
      "cc-" + trace + "-" + parent + "-01.more",
      "00-" + std::string(32, '0') + "-" + parent + "-01",
      "00-" + trace + "-" + std::string(16, '0') + "-01",
      "00-" + trace.substr(1) + "g-" + parent + "-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01",
      "00-" + trace + "-00F067AA0BA902B7-01",
      "00-" + trace + "-" + parent + "-0x",
      "00-" + trace + "-" + parent + "-0A",
      "00_" + trace + "-" + parent + "-01",
      "00-" + trace + "_" + parent + "-01",
      "00-" + trace + "-" + parent + "_01",
  };
  for (const auto& value : bad)
    EXPECT_EQ(next(value), fresh) << value;
}

} // namespace

} // namespace mfo::core
