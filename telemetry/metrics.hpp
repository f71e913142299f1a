#pragma once

#include "core/stage.hpp"
#include "telemetry/exposition.hpp"
#include "telemetry/ledger.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// How one try at the MFO server ended, as a label.
enum class try_result : std::uint8_t {
  success,      ///< "2xx"
  redirect,     ///< "3xx"
  client_error, ///< "4xx"
  server_error, ///< "5xx"
  timeout,
  transport_error,
};

/// The result of a try that was answered with `status`.
try_result result_of_status(int status) noexcept;

/// The metrics of one node. Children are resolved once, at the start: on the
/// hot path a metric is an addition. Thread-safe.
class metrics {
public:
  using seconds = std::chrono::duration<double>;

  explicit metrics(const std::vector<std::string>& endpoint_ids);

  [[nodiscard]] const std::shared_ptr<ledger>& events() const noexcept {
    return events_;
  }

  [[nodiscard]] const std::shared_ptr<core::stage_depths>&
  depths() const noexcept {
    return depths_;
  }

  /// `endpoint` is the ledger's index.
  void event_answered(std::size_t endpoint, seconds took);

  void upstream_try(try_result result, seconds took, bool is_retry);

  void actor_restarted(std::string_view actor);

  /// Adds families that are read at each scrape; `read` must be thread-safe
  /// and outlive the last scrape.
  void poll(polled::reader read);

  /// All of it in the Prometheus text format, version 0.0.4.
  [[nodiscard]] std::string expose() const;

private:
  prometheus::Registry registry_;
  std::shared_ptr<ledger> events_;
  std::shared_ptr<core::stage_depths> depths_;
  std::vector<prometheus::Histogram*> event_duration_;    ///< by endpoint
  std::vector<prometheus::Histogram*> upstream_duration_; ///< by try_result
  prometheus::Counter* upstream_retries_;
  prometheus::Family<prometheus::Counter>* actor_restarts_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<prometheus::Collectable>> polled_;
};

} // namespace mfo::telemetry
