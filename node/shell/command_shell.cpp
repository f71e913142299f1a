#include "node/shell/command_shell.hpp"

#include "node/shell/command_tree.hpp"
#include "node/shell/completion.hpp"
#include "node/shell/manual.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace mfo::node {

void add_shell_commands(CLI::App& app, command_action& chosen) {
  auto shell = std::make_shared<std::string>();
  auto* completion = app.add_subcommand(
      "completion", "Print a script that completes words for a shell");
  completion->add_option("shell", *shell, "Whose: bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->type_name("SHELL");
  completion->callback([&app, &chosen, shell] {
    chosen = [program = describe(app), shell] {
      std::cout << (*shell == "bash" ? bash_completion(program)
                                     : zsh_completion(program));
      return exit_status::ok;
    };
  });
  auto* manual =
      app.add_subcommand("manual", "Print the manual page, for `man -l -`");
  manual->callback([&app, &chosen] {
    chosen = [program = describe(app)] {
      std::cout << manual_page(program);
      return exit_status::ok;
    };
  });
}

} // namespace mfo::node
