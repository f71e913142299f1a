#pragma once

#include "taskflow/trace/spans.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace mfo::taskflow {

/// The lane of each span that has begun, for viewers that show what lies in one
/// lane below one another and take it for granted that it is nested: two spans
/// of a lane do not overlap, or one is within the other and a descendant of it.
///
/// Lane 0 is that of the run. A child lies in its parent's lane if nothing else
/// lies there in between, else in the first free lane below; so a run without
/// parallel tasks has one lane, and the lane of a task depends on nothing that
/// comes after it. None: all `most` lanes are taken.
[[nodiscard]] std::vector<std::optional<std::size_t>>
lanes_of(const std::vector<task_span>& spans, std::size_t most);

} // namespace mfo::taskflow
