#pragma once

#include <chrono>
#include <string>

namespace mfo::taskflow {

/// A time that passed, for people, rounded down: `0ms`, `850ms`, `1.2s`, `59s`,
/// `3m 05s`, `2h 07m`, `4d 03h`. Nothing below zero.
[[nodiscard]] std::string elapsed(std::chrono::nanoseconds time);

} // namespace mfo::taskflow
