#pragma once

#include "node/doctor/finding.hpp"

#include <string_view>

namespace mfo::node::doctor {

/// `reason`: the problems of a configuration, a line each.
[[nodiscard]] findings judge_unloaded(std::string_view reason);

} // namespace mfo::node::doctor
