#include "node/shell/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

/// A program with one command, which has one of its own.
struct described_program : testing::Test {
  described_program() {
    auto* walk = app.add_subcommand("walk", "Go somewhere");
    walk->add_option("-m,--map", file, "What to go by")
        ->required()
        ->type_name("FILE");
    walk->add_option("--pace", pace, "How")
        ->check(CLI::IsMember({"slow", "fast"}))
        ->capture_default_str();
    walk->add_flag("--alone", alone, "With nobody");
    auto* there = walk->add_subcommand("there", "Not here")->fallthrough();
    there->add_option("places", places, "Where to")->type_name("NAME");
    walk->add_subcommand("back", "Home");
  }

  const described_command& walk() {
    program = describe(app);
    return program.commands.at(0);
  }

  static std::vector<std::string> names_of(const described_command& command) {
    std::vector<std::string> names;
    for (const auto& each : command.options)
      names.insert(names.end(), each.names.begin(), each.names.end());
    return names;
  }

  CLI::App app{"Moves", "mover"};
  std::string file;
  std::string pace = "slow";
  bool alone = false;
  std::vector<std::string> places;
  described_command program;
};

TEST_F(described_program, has_its_commands_by_their_paths) {
  program = describe(app);
  std::vector<std::string> paths;
  for (const auto* each : all_commands(program))
    paths.push_back(each->path);
  EXPECT_THAT(paths, ElementsAre("", "walk", "walk there", "walk back"));
}

TEST_F(described_program, tells_options_that_take_a_value_from_flags) {
  const auto& options = walk().options;
  ASSERT_EQ(options.size(), 4u);
  EXPECT_THAT(options[1].names, ElementsAre("-m", "--map"));
  EXPECT_EQ(options[1].value, "FILE");
  EXPECT_TRUE(options[1].required);
  EXPECT_THAT(options[3].names, ElementsAre("--alone"));
  EXPECT_EQ(options[3].value, "");
}

TEST_F(described_program, has_the_words_that_an_option_takes) {
  const auto& pace_option = walk().options.at(2);
  EXPECT_THAT(pace_option.choices, ElementsAre("slow", "fast"));
  EXPECT_EQ(pace_option.default_value, "slow");
  EXPECT_THAT(walk().options.at(1).choices, IsEmpty());
}

TEST_F(described_program, gives_a_command_the_options_that_fall_through) {
  EXPECT_THAT(names_of(walk().commands.at(0)),
              IsSupersetOf({"--map", "--pace", "--alone", "--help"}));
  EXPECT_THAT(names_of(walk().commands.at(1)), ElementsAre("-h", "--help"));
}

TEST_F(described_program, keeps_arguments_apart_from_options) {
  const auto& there = walk().commands.at(0);
  ASSERT_EQ(there.arguments.size(), 1u);
  EXPECT_EQ(there.arguments[0].value, "NAME");
  EXPECT_TRUE(there.arguments[0].many);
}

} // namespace
} // namespace mfo::node
