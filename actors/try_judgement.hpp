#pragma once

#include "core/call_gate.hpp"
#include "core/outcome.hpp"
#include "core/retry.hpp"
#include "http/client.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>

namespace mfo::actors {

/// What one try of a call has come to.
struct try_judgement {
  core::outcome outcome; ///< if it was the last one
  core::reply_class kind = core::reply_class::accepted;
  core::call_result result = core::call_result::succeeded;
  /// The server may have acted, although it gave no 2xx.
  bool may_have_acted = false;
  telemetry::try_result label = telemetry::try_result::success;
};

/// What one try is judged by, besides its result.
struct try_terms {
  /// What a Retry-After asks for counts up to this.
  std::chrono::milliseconds retry_after_max;
  std::chrono::milliseconds given;     ///< the try's own time-out
  std::chrono::milliseconds fair_time; ///< see fair_time_of
};

/// A try that was given less than the fair time and ran out of it says nothing
/// of the server (`ignored`); for the call it is a time-out as any other. One
/// that ran into the connect time-out had that whole, and counts.
try_judgement judge_try(const http::client_result& result,
                        const try_terms& terms);

/// How long a server must have had for a call before a time-out is a sign of
/// how it is, rather than of how late the call came to its turn: 1 s, which is
/// long for a server that works; or less, half of the time that the call had
/// when it arrived, `own_time`, so that a server is found out that hangs and is
/// sent nothing but calls with short deadlines; but at least 100 ms, within
/// which a call may have been late already when it arrived, or nine tenths of a
/// time that is not even that. Never more than `request_timeout`, as no try
/// gets more.
std::chrono::milliseconds
fair_time_of(std::chrono::milliseconds request_timeout,
             std::chrono::steady_clock::duration own_time);

} // namespace mfo::actors
