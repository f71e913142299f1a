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

/// What a Retry-After asks for counts up to `retry_after_max`.
try_judgement judge_try(const http::client_result& result,
                        std::chrono::milliseconds retry_after_max);

} // namespace mfo::actors
