#include "node/command_action.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::node {
namespace {

/// Which of two commands is `chosen`, each ending in a way of its own.
command_action chosen_by(const std::string& words) {
  CLI::App app;
  command_action chosen;
  set_action(*app.add_subcommand("stay", "Stay here"), chosen,
             [] { return exit_status::usage; });
  set_action(*app.add_subcommand("go", "Go away"), chosen,
             [] { return exit_status::gave_up; });
  app.parse(words);
  return chosen;
}

TEST(the_action_of_a_command, outlives_what_read_the_command_line) {
  EXPECT_EQ(chosen_by("stay")(), exit_status::usage);
  EXPECT_EQ(chosen_by("go")(), exit_status::gave_up);
}

TEST(the_action_of_a_command, is_none_where_no_command_is_given) {
  EXPECT_FALSE(chosen_by(""));
}

TEST(the_action_of_a_command, is_not_done_while_words_are_read) {
  CLI::App app;
  command_action chosen;
  int times = 0;
  set_action(*app.add_subcommand("go", "Go away"), chosen, [&times] {
    ++times;
    return exit_status::ok;
  });
  app.parse("go");
  EXPECT_EQ(times, 0);
  EXPECT_EQ(chosen(), exit_status::ok);
  EXPECT_EQ(times, 1);
}

} // namespace
} // namespace mfo::node
