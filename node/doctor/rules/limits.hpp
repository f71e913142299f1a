#pragma once

#include "node/doctor/finding.hpp"

#include "config/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mfo::node::doctor {

/// What a node of these settings takes at the most.
struct demand {
  std::uint64_t descriptors = 0;
  std::uint64_t memory = 0; ///< bytes of what it holds, and of itself
};

[[nodiscard]] demand demand_of(const config::settings& settings);

/// What it may take.
struct allowance {
  std::string of_whom{};                 ///< `the node (pid 17)`, `this shell`
  std::uint64_t descriptors = 0;         ///< RLIMIT_NOFILE, soft; 0: not known
  std::uint64_t hard = 0;                ///< likewise, hard
  std::optional<std::uint64_t> memory{}; ///< bytes; nothing: no limit is known
  std::string memory_by{}; ///< what sets it: `memory.max of its cgroup`
};

[[nodiscard]] finding judge_descriptors(const demand& wanted,
                                        const allowance& given);
[[nodiscard]] finding judge_memory(const demand& wanted,
                                   const allowance& given);

} // namespace mfo::node::doctor
