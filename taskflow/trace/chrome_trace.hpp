#pragma once

#include "taskflow/trace/spans.hpp"

#include <string>

namespace mfo::taskflow {

/// The run as JSON in Chrome's trace-event format, which Perfetto
/// (https://ui.perfetto.dev), chrome://tracing and speedscope show
/// (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
///
/// A complete event (`X`) for the run and for each task that has begun, times
/// in microseconds since the run began, its lane (lanes.hpp) as its thread;
/// instant events (`i`) for tries and for tasks that were passed over. More
/// than 256 tasks at a time: those that find no lane are asynchronous events
/// (`b`, `e`), which a viewer places itself. Errors are told with their code
/// and the first 300 bytes of their message.
[[nodiscard]] std::string chrome_trace(const traced_run& of);

} // namespace mfo::taskflow
