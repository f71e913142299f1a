#pragma once

#include "node/doctor/patient.hpp"

namespace mfo::node::doctor {

/// Asks the admin listener of the configuration whether the node of it runs. A
/// node of another name is none.
[[nodiscard]] std::optional<running_node> find_running(const patient& of);

} // namespace mfo::node::doctor
