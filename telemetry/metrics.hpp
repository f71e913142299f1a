#pragma once

#include "core/stage.hpp"
#include "telemetry/answer_times.hpp"
#include "telemetry/exposition.hpp"
#include "telemetry/http_call_metrics.hpp"
#include "telemetry/ledger.hpp"
#include "telemetry/reload_metrics.hpp"
#include "telemetry/taskflow_metrics.hpp"
#include "telemetry/tls_metrics.hpp"
#include "telemetry/tracing_metrics.hpp"
#include "telemetry/upstream_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// The metrics of one node. Children are resolved once, when their endpoint is
/// added: on the hot path a metric is an addition. Thread-safe.
class metrics {
public:
  using seconds = std::chrono::duration<double>;

  metrics(const std::vector<std::string>& endpoint_ids, upstream_names servers);

  /// As ledger::add: those that are not there yet.
  void add_endpoints(const std::vector<std::string>& ids);

  [[nodiscard]] const std::shared_ptr<ledger>& events() const noexcept {
    return events_;
  }

  [[nodiscard]] const std::shared_ptr<core::stage_depths>&
  depths() const noexcept {
    return depths_;
  }

  /// `endpoint` is the ledger's index.
  void event_answered(std::size_t endpoint, seconds took);

  /// How long answers have taken since the start, of one endpoint. Nothing:
  /// there was none.
  [[nodiscard]] std::optional<answer_times>
  answered_within(std::size_t endpoint) const;

  /// The answers since the start, of all endpoints.
  [[nodiscard]] answer_counts answers() const;

  [[nodiscard]] upstream_metrics& upstream() noexcept {
    return upstream_;
  }

  [[nodiscard]] tls_metrics& tls() noexcept {
    return tls_;
  }

  [[nodiscard]] reload_metrics& reloads() noexcept {
    return reloads_;
  }

  [[nodiscard]] taskflow_metrics& taskflows() noexcept {
    return taskflows_;
  }

  [[nodiscard]] http_call_metrics& http_calls() noexcept {
    return http_calls_;
  }

  [[nodiscard]] tracing_metrics& tracing() noexcept {
    return tracing_;
  }

  /// Somebody without a good token asked the admin listener.
  void admin_unauthorized();

  /// A stream of the admin listener was ended, as its reader did not keep up.
  void admin_stream_cut_off();

  void actor_restarted(std::string_view actor);

  /// Adds families that are read at each scrape; `read` must be thread-safe
  /// and outlive the last scrape.
  void poll(polled::reader read);

  /// All of it in the Prometheus text format, version 0.0.4.
  [[nodiscard]] std::string expose() const;

private:
  prometheus::Registry registry_;
  upstream_metrics upstream_;
  tls_metrics tls_;
  reload_metrics reloads_;
  taskflow_metrics taskflows_;
  http_call_metrics http_calls_;
  tracing_metrics tracing_;
  std::shared_ptr<ledger> events_;
  std::shared_ptr<core::stage_depths> depths_;
  prometheus::Family<prometheus::Histogram>* event_durations_;
  prometheus::Counter* admin_unauthorized_;
  prometheus::Counter* admin_streams_cut_off_;
  prometheus::Family<prometheus::Counter>* actor_restarts_;
  mutable std::mutex mutex_;
  /// By endpoint; guarded by mutex_, as what follows.
  std::vector<prometheus::Histogram*> event_duration_;
  std::vector<std::shared_ptr<prometheus::Collectable>> polled_;
};

} // namespace mfo::telemetry
