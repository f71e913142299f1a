#include "taskflow/trace/progress.hpp"

#include "tests/taskflow/trace/moments.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using tests::moments;
using enum task_outcome;

constexpr auto start = moments::start;

/// A terminal without colours, unless a test wants something else.
constexpr progress_options terminal{
    .terminal = true, .colour = false, .width = 60, .max_rows = 3};

/// What all these moments give.
std::string taken(progress& shown, const moments& told) {
  std::string out;
  for (const auto& moment : told.all)
    out += shown.take(moment);
  return out;
}

run_error failure_of(const std::string& task, std::string message = "no") {
  return {.code = "refused", .message = std::move(message), .task = task};
}

TEST(progress_elsewhere, has_a_line_for_each_task_that_ended) {
  progress shown("main", {}, start);
  const auto told =
      moments{}
          .took("list", 0ms, 1200ms)
          .began("route", 1200ms)
          .began("route/each[3]/file", 1200ms)
          .again("route/each[3]/file", 1400ms, 2)
          .ended("route/each[3]/file", 2s, failed,
                 failure_of("route/each[3]/file"), 2)
          .ended("route", 2s, failed, failure_of("route/each[3]/file"))
          .ended("note", 2s, omitted, {}, 0);
  EXPECT_EQ(taken(shown, told),
            "Succeeded  list  1.2s\n"
            "Failed     route/each[3]/file  800ms  2 tries  refused: no\n"
            "Failed     route  800ms  because of route/each[3]/file\n"
            "Omitted    note\n");
  EXPECT_EQ(shown.redraw(start + 3s), "");
  EXPECT_EQ(shown.finish(failed, failure_of("route/each[3]/file"), start + 2s),
            "Failed     main  2.0s  refused in route/each[3]/file: no\n");
}

TEST(progress_elsewhere, ends_with_how_many_tasks_ended_how) {
  progress shown("main", {}, start);
  taken(shown, moments{}
                   .took("a", 0ms, 1ms)
                   .took("b", 0ms, 1ms)
                   .ended("c", 1ms, skipped, {}, 0));
  EXPECT_EQ(shown.finish(succeeded, {}, start + 65s),
            "Succeeded  main  1m 05s  2 Succeeded, 1 Skipped\n");
}

TEST(progress, redraws_what_is_under_way_in_place) {
  progress shown("main", terminal, start);
  EXPECT_EQ(taken(shown, moments{}.began("list", 0ms)), "");
  EXPECT_EQ(shown.redraw(start + 100ms), "/ main  100ms  1 under way\x1b[K\n"
                                         "  list  100ms\x1b[K\n"
                                         "\x1b[J");
  EXPECT_EQ(taken(shown, moments{}
                             .ended("list", 150ms)
                             .began("a", 150ms)
                             .began("route", 150ms)
                             .again("route", 200ms, 2)),
            "")
      << "the next redraw shows it";
  EXPECT_EQ(shown.redraw(start + 250ms),
            "\x1b[2A"
            "- main  250ms  2 under way, 1 Succeeded\x1b[K\n"
            "  a      100ms\x1b[K\n"
            "  route  100ms  try 2\x1b[K\n"
            "\x1b[J");
  EXPECT_EQ(shown.finish(succeeded, {}, start + 300ms),
            "\x1b[3A"
            "Succeeded  main  300ms  1 Succeeded\x1b[K\n"
            "\x1b[J");
}

TEST(progress, makes_way_for_what_others_write) {
  progress shown("main", terminal, start);
  EXPECT_EQ(shown.clear(), "");
  taken(shown, moments{}.began("ask", 0ms));
  static_cast<void>(shown.redraw(start + 100ms));
  EXPECT_EQ(shown.clear(), "\x1b[2A\x1b[J");
  EXPECT_EQ(shown.redraw(start + 200ms), "- main  200ms  1 under way\x1b[K\n"
                                         "  ask  200ms\x1b[K\n"
                                         "\x1b[J")
      << "it does not go back over it";
}

TEST(progress, shows_the_innermost_tasks_and_how_many_more) {
  progress shown("main", terminal, start);
  taken(shown, moments{}
                   .began("each", 0ms)
                   .began("each/each[0]/x", 0ms)
                   .began("each/each[1]/x", 0ms)
                   .began("each-other", 0ms)
                   .began("each/each[2]/x", 0ms)
                   .began("late", 0ms));
  EXPECT_EQ(shown.redraw(start), "| main  0ms  5 under way\x1b[K\n"
                                 "  each/each[0]/x  0ms\x1b[K\n"
                                 "  each/each[1]/x  0ms\x1b[K\n"
                                 "  each-other      0ms\x1b[K\n"
                                 "  and 2 more\x1b[K\n"
                                 "\x1b[J");
}

TEST(progress, leaves_a_line_for_each_failure_of_its_own) {
  progress shown("main", terminal, start);
  taken(shown, moments{}.began("a", 0ms).began("a/tasks/b", 0ms));
  static_cast<void>(shown.redraw(start));
  EXPECT_EQ(taken(shown, moments{}.ended("a/tasks/b", 1s, errored,
                                         failure_of("a/tasks/b"))),
            "\x1b[2A"
            "Errored    a/tasks/b  1.0s  refused: no\x1b[K\n"
            "- main  1.0s  1 under way, 1 Errored\x1b[K\n"
            "  a  1.0s\x1b[K\n"
            "\x1b[J");
  EXPECT_EQ(
      taken(shown, moments{}.ended("a", 1s, errored, failure_of("a/tasks/b"))),
      "");
}

TEST(progress, is_no_wider_than_the_terminal) {
  progress shown("main", {.terminal = true, .width = 22, .max_rows = 3}, start);
  taken(shown, moments{}
                   .began("route/each[3]/gr\u00fc\u00dfe/file", 0ms)
                   .took("x", 0ms, 1ms));
  EXPECT_EQ(shown.redraw(start), "| main  0ms  1 under \u2026\x1b[K\n"
                                 "  \u2026[3]/gr\u00fc\u00dfe/file  0ms\x1b[K\n"
                                 "\x1b[J");
}

TEST(progress, lets_no_text_drive_the_terminal) {
  progress shown("ma\x1bin", terminal, start);
  taken(shown, moments{}.began("a\x1b[2J\n", 0ms));
  EXPECT_EQ(shown.redraw(start), "| ma in  0ms  1 under way\x1b[K\n"
                                 "  a?[2J?  0ms\x1b[K\n"
                                 "\x1b[J");
  progress elsewhere("main", {}, start);
  EXPECT_EQ(taken(elsewhere, moments{}.ended(
                                 "a", 0ms, failed,
                                 failure_of("a", "x\r\n\x1b]0;y\x07\xC2\x9b"))),
            "Failed     a  refused: x ]0;y ?\n");
}

TEST(progress, colours_outcomes_where_it_may) {
  progress shown("main", {.terminal = true, .colour = true}, start);
  EXPECT_EQ(shown.finish(succeeded, {}, start + 1s),
            "\x1b[32mSucceeded\x1b[0m  main  1.0s\x1b[K\n");
  EXPECT_EQ(shown.finish(failed, {}, start + 1s),
            "\x1b[31mFailed\x1b[0m     main  1.0s\x1b[K\n");
}

TEST(progress_options, are_those_of_the_terminal_and_its_user) {
  std::map<std::string, std::string, std::less<>> set;
  const auto options = [&](bool is_terminal, std::size_t columns) {
    return progress_options_for(
        is_terminal, columns,
        [&](std::string_view name) -> std::optional<std::string> {
          const auto found = set.find(name);
          return found == set.end() ? std::nullopt
                                    : std::optional{found->second};
        });
  };
  EXPECT_FALSE(options(false, 120).terminal);
  EXPECT_EQ(options(false, 120).width, 0u);
  EXPECT_TRUE(options(true, 120).terminal);
  EXPECT_TRUE(options(true, 120).colour);
  EXPECT_EQ(options(true, 120).width, 119u);
  EXPECT_EQ(options(true, 0).width, 79u) << "it does not say";
  set["NO_COLOR"] = "";
  EXPECT_TRUE(options(true, 120).colour);
  set["NO_COLOR"] = "1";
  EXPECT_FALSE(options(true, 120).colour);
  set["TERM"] = "dumb";
  EXPECT_FALSE(options(true, 120).terminal);
}

} // namespace

} // namespace mfo::taskflow
