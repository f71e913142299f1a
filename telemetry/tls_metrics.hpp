#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::telemetry {

/// How the TLS handshake of a connection ended, as a label.
enum class handshake_result : std::uint8_t {
  ok,
  timeout,
  not_tls,      ///< plain HTTP, or garbage
  no_agreement, ///< on version, cipher or application protocol
  certificate,  ///< the client's is missing or not good
  closed,       ///< by the client, half-way
  over_limit,   ///< one connection too many: none was begun
  over_rate,    ///< too many handshakes of this address: none was begun
  failed,       ///< otherwise; the client refused ours, for one
};

inline constexpr std::array<std::string_view, 9> handshake_results{
    "ok",     "timeout",    "not_tls",   "no_agreement", "certificate",
    "closed", "over_limit", "over_rate", "failed"};

/// The TLS of the listeners. Thread-safe.
class tls_metrics {
public:
  /// Of one listener; references stay good as long as the metrics.
  struct of_listener {
    std::array<prometheus::Counter*, handshake_results.size()> handshakes;
    prometheus::Counter* reloaded;
    prometheus::Counter* reload_failed;
    prometheus::Gauge* certificate_expiry; ///< seconds since 1970
  };

  explicit tls_metrics(prometheus::Registry& registry);

  of_listener add(const std::string& listener);

private:
  prometheus::Family<prometheus::Counter>* handshakes_;
  prometheus::Family<prometheus::Counter>* reloads_;
  prometheus::Family<prometheus::Gauge>* expiry_;
};

} // namespace mfo::telemetry
