#pragma once

#include <CLI/CLI.hpp>

namespace mfo::node {

/// For options of seconds and rates: a decimal number from `least` to `most`.
/// CLI::Range lets `nan` pass, which is neither too small nor too large.
[[nodiscard]] CLI::Validator number_within(double least, double most);

} // namespace mfo::node
