#pragma once

#include "tests/support/child_process.hpp"

#include <chrono>
#include <thread>

namespace mfo::support {

/// Asks again and again whether `condition` holds, for what cannot be waited
/// on: another process's state. False when it does not hold by the deadline.
template <class Condition>
bool wait_until(Condition condition,
                std::chrono::milliseconds longest = patience) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

} // namespace mfo::support
