#include "telemetry/tls_metrics.hpp"

#include "telemetry/registration.hpp"

namespace mfo::telemetry {

tls_metrics::tls_metrics(prometheus::Registry& registry)
  : handshakes_(&add_family<prometheus::Counter>(registry, tls_handshakes)),
    reloads_(&add_family<prometheus::Counter>(registry, tls_reloads)),
    expiry_(&add_family<prometheus::Gauge>(registry, tls_certificate_expiry)) {}

tls_metrics::of_listener tls_metrics::add(const std::string& listener) {
  of_listener result{};
  for (std::size_t i = 0; i < handshake_results.size(); ++i)
    result.handshakes[i] =
        &handshakes_->Add({{"listener", listener},
                           {"result", std::string{handshake_results[i]}}});
  result.reloaded = &reloads_->Add({{"listener", listener}, {"result", "ok"}});
  result.reload_failed =
      &reloads_->Add({{"listener", listener}, {"result", "failed"}});
  result.certificate_expiry = &expiry_->Add({{"listener", listener}});
  return result;
}

} // namespace mfo::telemetry
