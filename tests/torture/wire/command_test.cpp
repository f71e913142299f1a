#include "torture/wire/command.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::wire {

namespace {

using namespace std::chrono_literals;

command parsed(std::string_view line) {
  const auto result = parse_command(line);
  EXPECT_TRUE(result.has_value()) << line << ": " << result.error();
  return result.value_or(command{});
}

std::string error_of(std::string_view line) {
  const auto result = parse_command(line);
  return result ? "none" : result.error();
}

TEST(a_rule, has_loss_and_delay) {
  const auto read = parsed("rule node-a server loss 0.05 delay 100 300");
  EXPECT_EQ(read.what, command::kind::set);
  EXPECT_EQ(read.from, "node-a");
  EXPECT_EQ(read.to, "server");
  EXPECT_FALSE(read.given.cut);
  EXPECT_EQ(read.given.loss, 0.05);
  EXPECT_EQ(read.given.min_delay, 100ms);
  EXPECT_EQ(read.given.max_delay, 300ms);
}

TEST(a_rule, has_neither_where_it_says_so) {
  const auto read = parsed("rule a b");
  EXPECT_FALSE(read.given.cut);
  EXPECT_EQ(read.given.loss, 0);
  EXPECT_EQ(read.given.max_delay, 0ms);
}

TEST(a_rule, has_a_loss_from_0_to_1) {
  EXPECT_EQ(parsed("rule a b loss 1").given.loss, 1);
  EXPECT_EQ(parsed("rule a b loss 0.0").given.loss, 0);
  for (const auto* loss : {"1.01", "-0.1", "nan", "inf", "x", "0.5x"})
    EXPECT_EQ(error_of(std::string{"rule a b loss "} + loss),
              "a loss is from 0 to 1")
        << loss;
}

TEST(a_rule, has_a_delay_of_two_figures_the_larger_last) {
  EXPECT_EQ(parsed("rule a b delay 7 7").given.min_delay, 7ms);
  for (const auto* delay : {"300 100", "-1 5", "1 60001", "1 2.5", "one two"})
    EXPECT_EQ(error_of(std::string{"rule a b delay "} + delay),
              "a delay has two figures, ms, the larger last, up to 60000")
        << delay;
}

TEST(a_cut, is_of_one_direction) {
  const auto read = parsed("cut  node-a node-b ");
  EXPECT_EQ(read.what, command::kind::set);
  EXPECT_EQ(read.from, "node-a");
  EXPECT_EQ(read.to, "node-b");
  EXPECT_TRUE(read.given.cut);
}

TEST(a_command, may_be_of_one_word) {
  EXPECT_EQ(parsed("heal").what, command::kind::heal);
  EXPECT_EQ(parsed("stats").what, command::kind::stats);
}

TEST(a_command, is_refused_where_it_says_anything_else) {
  for (const auto* line : {"", "rule", "rule a", "cut", "cut a", "cut a b c",
                           "heal a", "stats a", "mend a b", "RULE a b"})
    EXPECT_EQ(error_of(line),
              "it is none of rule FROM TO …, cut FROM TO, heal, stats")
        << line;
  EXPECT_EQ(error_of("rule a b loss"), "what is \"loss\"?");
  EXPECT_EQ(error_of("rule a b delay 1"), "what is \"delay\"?");
  EXPECT_EQ(error_of("rule a b loss 0.5 cut"), "what is \"cut\"?");
}

} // namespace

} // namespace mfo::wire
