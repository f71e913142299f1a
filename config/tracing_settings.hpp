#pragma once

#include "config/secret.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mfo::config {

/// A header whose value is nobody's to see.
struct secret_header {
  std::string name;
  secret value;

  friend bool operator==(const secret_header&, const secret_header&) = default;
};

/// Where the spans of traces go, and which traces are begun here. The keys,
/// ranges and help stand in config/schema_tracing.cpp.
struct tracing_settings {
  std::string url{}; ///< of the collector, OTLP/HTTP; empty: no spans are made
  double sample_ratio = 0.01; ///< of the traces that begin here, 0 to 1
  std::vector<secret_header> headers{}; ///< of each request to the collector
  std::string service_name = "mfo-node";
  std::string ca_file{}; ///< whom to trust in place of the system's CAs
  std::chrono::milliseconds interval{5'000}; ///< from a span to its export
  std::size_t max_queue = 4096;              ///< spans that wait
  std::size_t max_batch = 512;               ///< spans of one request
  std::chrono::milliseconds timeout{10'000}; ///< of one request

  [[nodiscard]] bool on() const noexcept {
    return !url.empty();
  }

  friend bool operator==(const tracing_settings&,
                         const tracing_settings&) = default;
};

} // namespace mfo::config
