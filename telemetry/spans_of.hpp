#pragma once

#include "core/event.hpp"
#include "telemetry/event_record.hpp"
#include "telemetry/run_book.hpp"
#include "telemetry/span.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The spans of what has ended, made of what was written down of it: see
/// docs/reference/tracing.md. Pure.
namespace mfo::telemetry {

/// Of an event at the node called `node`: its own span first, then what
/// happened in it. `ended`: when it ended, by the clock that the node's other
/// spans go by; that of the event's receipt may be another node's. Requires:
/// the record is the event's and says how it ended; the event's traceparent is
/// valid.
[[nodiscard]] std::vector<span> spans_of(const core::event& event,
                                         const event_record& record,
                                         std::string_view node,
                                         span::unix_time ended);

/// Of a run: its own span first, then those of its tasks. None where the event
/// that it is of has no valid traceparent.
[[nodiscard]] std::vector<span> spans_of(const run_record& run);

/// The ids of these, below the span of the run's event, and below the run's.
[[nodiscard]] std::uint64_t run_span(std::uint64_t event, std::string_view run);
[[nodiscard]] std::uint64_t task_span(std::uint64_t run, std::string_view path);

/// The place of a task in the trace of its run's event, for calls that it
/// makes; where that is not sampled, the place of the event.
[[nodiscard]] std::string place_of_task(std::string_view traceparent,
                                        std::string_view run,
                                        std::string_view path);

} // namespace mfo::telemetry
