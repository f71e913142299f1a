#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace mfo::node {

/// An option, or an argument in a place of its own.
struct described_option {
  std::vector<std::string> names{};   ///< with dashes; none: it is an argument
  std::string value{};                ///< FILE, TEXT, …; "": it takes none
  std::vector<std::string> choices{}; ///< of the value; none: any
  std::string default_value{};        ///< "": none, or none that is shown
  std::string help{};
  bool required = false;
  bool many = false; ///< an argument that may be given several times
};

/// A command with all that may follow its name.
struct described_command {
  std::string path{}; ///< from the program on: "taskflow run"; "" the program
  std::string help{};
  std::vector<described_option> options{}; ///< with those it has of its parents
  std::vector<described_option> arguments{};
  std::vector<described_command> commands{};
};

/// The whole command line as CLI11 knows it.
[[nodiscard]] described_command describe(const CLI::App& program);

/// This one, and all that are in it, as they would be read aloud.
[[nodiscard]] std::vector<const described_command*>
all_commands(const described_command& program);

} // namespace mfo::node
