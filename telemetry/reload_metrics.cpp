#include "telemetry/reload_metrics.hpp"

#include "telemetry/registration.hpp"

namespace mfo::telemetry {

reload_metrics::reload_metrics(prometheus::Registry& registry,
                               std::chrono::seconds now) {
  auto& reloads = add_family<prometheus::Counter>(registry, config_reloads);
  well_ = &reloads.Add({{"result", "ok"}});
  failed_ = &reloads.Add({{"result", "failed"}});
  last_well_ =
      &add_family<prometheus::Gauge>(registry, config_last_reload_successful)
           .Add({});
  last_success_ =
      &add_family<prometheus::Gauge>(registry, config_last_reload_success_time)
           .Add({});
  last_well_->Set(1);
  last_success_->Set(static_cast<double>(now.count()));
}

void reload_metrics::ended(bool well, std::chrono::seconds now) {
  (well ? well_ : failed_)->Increment();
  last_well_->Set(well ? 1 : 0);
  if (well)
    last_success_->Set(static_cast<double>(now.count()));
}

} // namespace mfo::telemetry
