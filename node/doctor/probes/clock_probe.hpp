#pragma once

#include "node/doctor/rules/clock.hpp"

namespace mfo::node::doctor {

/// Asks the kernel; changes nothing.
[[nodiscard]] kernel_clock read_kernel_clock();

} // namespace mfo::node::doctor
