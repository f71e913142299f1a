#include "node/shell/manual.hpp"

#include <gmock/gmock.h>

namespace mfo::node {
namespace {

using testing::HasSubstr;
using testing::Not;

described_command program_with(described_option option) {
  described_command command{.path = "walk", .help = "Go"};
  command.options.push_back(std::move(option));
  described_command program{.help = "Moves"};
  program.commands.push_back(std::move(command));
  return program;
}

TEST(manual_page, has_a_section_for_each_command) {
  const auto page = manual_page(program_with(
      {.names = {"-m", "--map"}, .value = "FILE", .help = "What to go by"}));
  EXPECT_THAT(page, HasSubstr(".SS mfo\\-node walk\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-m\\fR, \\fB\\-\\-map\\fR "
                              "\\fIFILE\\fR\nWhat to go by.\n"));
}

TEST(manual_page, names_words_and_defaults) {
  const auto page = manual_page(program_with({.names = {"--pace"},
                                              .value = "WORD",
                                              .choices = {"slow", "fast"},
                                              .default_value = "slow",
                                              .help = "How"}));
  EXPECT_THAT(page, HasSubstr("How.\nOne of: slow, fast.\nDefault: slow.\n"));
}

TEST(manual_page, puts_what_is_required_into_the_synopsis) {
  const auto page = manual_page(program_with(
      {.names = {"--map"}, .value = "FILE", .help = "x", .required = true}));
  EXPECT_THAT(page, HasSubstr("\\fBmfo\\-node walk\\fR \\fB\\-\\-map\\fR "
                              "\\fIFILE\\fR [\\fIOPTION\\fR]..."));
}

TEST(manual_page, lets_no_help_be_a_macro_or_an_escape) {
  const auto page = manual_page(
      program_with({.names = {"--map"}, .help = ".so /etc/passwd\n'x\\n\n.y"}));
  EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd\n\\&'x\\en\n\\&.y"));
  EXPECT_THAT(page, Not(HasSubstr("\n.so")));
}

} // namespace
} // namespace mfo::node
