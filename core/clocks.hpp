#pragma once

#include "core/envelope.hpp"

#include <chrono>

namespace mfo::core {

/// What this machine's clocks say; for those who pass the time into the rules.
[[nodiscard]] inline instant now_by_clocks() {
  return {std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::system_clock::now().time_since_epoch()),
          std::chrono::steady_clock::now()};
}

/// The same as senders write it: seconds since 1970.
[[nodiscard]] inline std::chrono::seconds unix_now() {
  return std::chrono::floor<std::chrono::seconds>(now_by_clocks().unix_time);
}

} // namespace mfo::core
