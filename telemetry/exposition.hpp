#pragma once

#include "telemetry/metric_table.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <utility>
#include <vector>

/// Small steps between our table of metrics and prometheus-cpp.
namespace mfo::telemetry {

/// A family without samples.
prometheus::MetricFamily make_family(const metric_description& metric);

/// Adds a sample to a counter or gauge family.
void add_sample(prometheus::MetricFamily& family,
                std::vector<prometheus::ClientMetric::Label> labels,
                double value);

/// A collectable whose families are read at each scrape.
class polled final : public prometheus::Collectable {
public:
  using reader = std::function<std::vector<prometheus::MetricFamily>()>;

  /// `read` is called on the scraping thread, and must be thread-safe.
  explicit polled(reader read) : read_(std::move(read)) {}

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    return read_();
  }

private:
  reader read_;
};

} // namespace mfo::telemetry
