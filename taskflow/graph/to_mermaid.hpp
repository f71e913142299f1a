#pragma once

#include "taskflow/graph/picture.hpp"

#include <string>

namespace mfo::taskflow {

/// The picture as a flowchart of Mermaid
/// (https://mermaid.js.org/syntax/flowchart.html), 10 or newer; the same for
/// the same picture, byte for byte.
///
/// The items are called n0, n1, … in their order, since Mermaid has words that
/// no id may contain, `end` being one.
[[nodiscard]] std::string to_mermaid(const picture& of);

} // namespace mfo::taskflow
