#pragma once

#include "node/command.hpp"

#include "casebook/case.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace mfo::node {

/// The files of cases that these paths stand for: a file itself, or all of a
/// folder and the folders within that are called cases.yaml or *.cases.yaml
/// (or .yml), by name.
[[nodiscard]] tl::expected<std::vector<std::string>, command_failure>
find_case_files(const std::vector<std::string>& paths);

/// A file of cases, and the configuration that they are of.
struct loaded_book {
  casebook::book book;
  configuration config;
  std::string config_file;
};

/// Reads them all, or tells every mistake in every one. `config` is the path of
/// the configuration; empty: as each says.
[[nodiscard]] tl::expected<std::vector<loaded_book>, command_failure>
load_books(const std::vector<std::string>& files, const std::string& config);

} // namespace mfo::node
