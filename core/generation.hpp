#pragma once

#include <cstdint>
#include <memory>

namespace mfo::core {

/// A configuration as the node has it in force: with each that replaces it the
/// number is one more. What comes in under one keeps it, by its pointer, until
/// it has ended; once nobody has the pointer any more, nobody needs the
/// configuration.
struct generation {
  std::uint64_t number = 0;
};

using generation_ptr = std::shared_ptr<const generation>; ///< null: the first

[[nodiscard]] inline std::uint64_t
number_of(const generation_ptr& which) noexcept {
  return which ? which->number : 0;
}

} // namespace mfo::core
