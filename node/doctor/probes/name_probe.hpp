#pragma once

#include "node/doctor/rules/names.hpp"

#include <chrono>
#include <string>

namespace mfo::node::doctor {

/// Asks the system's resolver (getaddrinfo(3)), and waits for so long at the
/// most. A numeric address stands for itself.
[[nodiscard]] lookup_seen look_up(const std::string& name,
                                  std::chrono::milliseconds longest);

} // namespace mfo::node::doctor
