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

TEST(trace_context, is_the_same_text_in_a_string) {
  const trace_context of{high, low, span, true};
  EXPECT_EQ(std::string_view{traceparent_of(of)}, to_traceparent(of));
  EXPECT_EQ(parse_traceparent(traceparent_of(of)), of);
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

TEST(trace_context, says_of_a_new_trace_whether_it_is_sampled) {
  EXPECT_TRUE(next_place({}, {high, low, span, true}).sampled);
  EXPECT_FALSE(next_place({}, {high, low, span, false}).sampled);
}

TEST(trace_context, leaves_that_to_who_began_the_trace) {
  const std::string begun{
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"};
  const auto after = [](const std::string& before, bool sampled) {
    return next_place(parse_traceparent(before), {high, low, span, sampled});
  };
  EXPECT_FALSE(after(begun + "0", true).sampled);
  EXPECT_TRUE(after(begun + "1", false).sampled);
  EXPECT_EQ(after(begun + "1", false).span, span);
}

TEST(trace_context, is_read_into_its_parts) {
  const auto read = parse_traceparent(
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (trace_context{.trace_high = 0x4bf92f3577b34da6,
                                  .trace_low = 0xa3ce929d0e0e4736,
                                  .span = 0x00f067aa0ba902b7,
                                  .sampled = true}));
  EXPECT_EQ(to_traceparent(*read),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(trace_id_text(*read), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(span_id_text(read->span), "00f067aa0ba902b7");
}

TEST(trace_context, has_the_part_of_new_traces_sampled_that_is_asked_for) {
  std::uint64_t id = 1;
  int sampled = 0;
  for (int i = 0; i < 10'000; ++i) {
    id = id * 6364136223846793005U + 1442695040888963407U;
    EXPECT_FALSE(is_sampled(id, 0));
    EXPECT_TRUE(is_sampled(id, 1));
    sampled += is_sampled(id, 0.1) ? 1 : 0;
  }
  EXPECT_NEAR(sampled, 1000, 100);
  EXPECT_TRUE(is_sampled(~std::uint64_t{0}, 1));
}

TEST(a_child_span, is_the_same_each_time_and_another_for_each_name) {
  EXPECT_EQ(child_span(span, "a"), child_span(span, "a"));
  EXPECT_NE(child_span(span, "a"), child_span(span, "b"));
  EXPECT_NE(child_span(span, "a"), child_span(span + 1, "a"));
  EXPECT_NE(child_span(0, ""), 0U);
}

TEST(a_child_span, takes_the_place_of_its_parent) {
  EXPECT_EQ(with_span("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                      span),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
  EXPECT_EQ(with_span("x", span), "x");
}

TEST(a_tracestate, is_a_list_of_keys_and_values) {
  for (const auto* good : {"", "a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                           "fw529a3039@dt=FfD", "0tenant@system=1",
                           "a_-*/9=!~ x", "a=1 , b=2", "a=1,,b=2,", "\ta=1"})
    EXPECT_TRUE(is_tracestate(good)) << good;
}

TEST(a_tracestate, with_a_fault_is_none) {
  for (const auto* bad :
       {"a", "=1", "a=", "A=1", "1=1", "a@=1", "@b=1", "a@b@c=1", "a=b=c",
        "a b=1", "a=\x01", "a=\xc3\xa4", "a@toolongasystem0=1", "a =1"})
    EXPECT_FALSE(is_tracestate(bad)) << bad;
}

TEST(a_tracestate, has_bounds) {
  std::string most;
  for (int i = 0; i < 32; ++i)
    most += (i == 0 ? "k" : ",k") + std::to_string(i) + "=1";
  EXPECT_TRUE(is_tracestate(most));
  EXPECT_FALSE(is_tracestate(most + ",k=1")) << "33 members";
  const auto key = "a=" + std::string(253, 'v');
  EXPECT_TRUE(is_tracestate(key + ",b=" + std::string(254, 'v')))
      << "512 bytes";
  EXPECT_FALSE(is_tracestate(key + ",b=" + std::string(255, 'v')));
  EXPECT_FALSE(is_tracestate("a=" + std::string(257, 'v')));
  EXPECT_FALSE(is_tracestate(std::string(257, 'a') + "=1"));
}

TEST(a_tracestate, goes_on_with_a_valid_traceparent_alone) {
  constexpr auto good =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  EXPECT_EQ(tracestate_of(good, "a=1"), "a=1");
  EXPECT_EQ(tracestate_of(good, "a"), "");
  EXPECT_EQ(tracestate_of("x", "a=1"), "");
}

} // namespace

} // namespace mfo::core
