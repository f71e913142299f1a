#pragma once

#include "taskflow/graph/picture.hpp"

#include <string>

namespace mfo::taskflow {

/// The picture in Graphviz's language
/// (https://graphviz.org/doc/info/lang.html), for `dot`, 2.40 or newer; the
/// same for the same picture, byte for byte.
///
/// Nodes have the ids of the items; each cluster is `cluster` and the id of its
/// item. Colours are those of Okabe and Ito, which the colour-blind can tell
/// apart (https://jfly.uni-koeln.de/color/), thinned so that black text on them
/// can be read, and printed; shapes say the same again.
[[nodiscard]] std::string to_dot(const picture& of);

} // namespace mfo::taskflow
