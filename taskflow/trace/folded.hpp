#pragma once

#include "taskflow/trace/spans.hpp"

#include <string>

namespace mfo::taskflow {

/// The run as folded stacks, for flamegraph.pl
/// (https://github.com/brendangregg/FlameGraph) and speedscope: a line each,
///
///     main;route;each[3];file 1234
///
/// with the microseconds in which the task was under way and none within it
/// was. Sorted by path; tasks without such time have no line. Time in which
/// several tasks of a block were under way counts for each, so that the sum may
/// be longer than the run.
[[nodiscard]] std::string folded(const traced_run& of);

} // namespace mfo::taskflow
