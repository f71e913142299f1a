#pragma once

#include "node/shell/command_tree.hpp"

#include <string>

namespace mfo::node {

/// mfo-node(1) for man: roff with the macros of man(7).
[[nodiscard]] std::string manual_page(const described_command& program);

} // namespace mfo::node
