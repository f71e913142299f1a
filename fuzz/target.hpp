#pragma once

#include <string_view>

/// What a fuzz target is made of: one function `run`, and what it holds to be
/// true whatever the input.
namespace mfo::fuzz {

/// Defined by each target. Called with one input after the other, on one
/// thread; behind the input's last byte nothing may be read. Whatever it throws
/// is a finding.
void run(std::string_view input);

/// Ends the process, as a finding, unless `holds`.
inline void require(bool holds) noexcept {
  if (!holds)
    __builtin_trap();
}

} // namespace mfo::fuzz
