#include "node/graphviz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

/// A program that does what the test wants of Graphviz.
std::string stand_in(const std::string& script) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const auto file = testing::TempDir() + "dot-" + info->name();
  std::ofstream{file} << "#!/bin/sh\n" << script;
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

std::string problem_of(const tl::expected<std::string, std::string>& result) {
  EXPECT_FALSE(result);
  return result ? "" : result.error();
}

TEST(graphviz, gives_what_the_program_makes_of_the_text) {
  const auto program = stand_in("echo \"$1\"; cat; echo warned >&2\n");
  EXPECT_EQ(to_svg("digraph {}\n", {.program = program}),
            "-Tsvg\ndigraph {}\n");
}

TEST(graphviz, takes_a_text_that_the_program_does_not_read) {
  const auto program = stand_in("echo done\n");
  EXPECT_EQ(to_svg(std::string(1 << 20, ' '), {.program = program}), "done\n");
}

TEST(graphviz, says_what_to_install) {
  EXPECT_THAT(problem_of(to_svg("", {.program = "no-such-program"})),
              AllOf(HasSubstr("no program no-such-program"),
                    HasSubstr("install graphviz")));
}

TEST(graphviz, tells_what_the_program_complains_of) {
  const auto program = stand_in("printf 'syntax\\033 error\\n' >&2; exit 3\n");
  EXPECT_THAT(problem_of(to_svg("", {.program = program})),
              HasSubstr("ended with status 3: syntax? error\n"));
}

TEST(graphviz, keeps_a_part_of_endless_complaints) {
  const auto program =
      stand_in("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1\n");
  const auto problem = problem_of(to_svg("", {.program = program}));
  EXPECT_THAT(problem, HasSubstr("status 1: xxx"));
  EXPECT_LT(problem.size(), 3000u);
}

TEST(graphviz, is_ended_when_it_takes_too_long) {
  // The shell makes way for the program, so that killing it ends all.
  const auto program = stand_in("exec sleep 1000\n");
  EXPECT_THAT(problem_of(to_svg("", {.program = program, .timeout = 50ms})),
              HasSubstr("took longer than 50 ms"));
}

TEST(graphviz, is_ended_when_it_writes_too_much) {
  const auto program = stand_in("exec cat /dev/zero\n");
  EXPECT_THAT(
      problem_of(to_svg("", {.program = program, .max_output = 100'000})),
      HasSubstr("wrote more than 100000 bytes"));
}

TEST(graphviz, draws) {
  if (!std::filesystem::exists("/usr/bin/dot"))
    GTEST_SKIP() << "Graphviz is not installed";
  const auto svg = to_svg("digraph { begin -> end }");
  ASSERT_TRUE(svg) << svg.error();
  EXPECT_THAT(*svg, AllOf(HasSubstr("<svg "), HasSubstr(">begin<"),
                          HasSubstr("</svg>")));
}

} // namespace

} // namespace mfo::node
