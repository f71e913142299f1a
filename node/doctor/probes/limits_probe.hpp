#pragma once

#include "node/doctor/rules/limits.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace mfo::node::doctor {

/// Where the kernel tells of itself. Tests pass folders of their own.
struct kernel_folders {
  std::filesystem::path proc = "/proc";
  std::filesystem::path cgroups = "/sys/fs/cgroup";
};

/// What the process `of` may take; without one, this process, from whose shell
/// the node may be started. Of the memory limits of its cgroup (v2, or v1) and
/// those above it the least counts, or else the memory of the host.
[[nodiscard]] allowance read_allowance(std::optional<pid_t> of,
                                       const kernel_folders& where = {});

} // namespace mfo::node::doctor
