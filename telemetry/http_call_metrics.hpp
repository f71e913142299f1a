#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace mfo::telemetry {

/// What comes of an `http_call`, as a label: `ok`, the failures of
/// docs/reference/http-call.md, and of a call that nobody wants any more
/// `cancelled`.
inline constexpr std::array<std::string_view, 16> http_call_results{
    "ok",     "bad_url",     "bad_request", "not_allowed", "dns",  "connect",
    "tls",    "timeout",     "broken",      "too_large",   "busy", "bad_reply",
    "closed", "http_status", "cancelled",   "other"};

/// Calls of other HTTP servers. Thread-safe.
class http_call_metrics {
public:
  using seconds = std::chrono::duration<double>;

  explicit http_call_metrics(prometheus::Registry& registry);

  /// `result` is one of those above; any other word is `other`.
  void ended(std::string_view result, seconds took);

private:
  std::array<prometheus::Counter*, http_call_results.size()> counts_{};
  prometheus::Histogram* duration_;
};

} // namespace mfo::telemetry
