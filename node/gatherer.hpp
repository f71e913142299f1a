#pragma once

#include "telemetry/exposition.hpp"
#include "telemetry/metric_table.hpp"

#include <prometheus/metric_family.h>

#include <utility>
#include <vector>

namespace mfo::node {

/// Families whose samples are gathered one at a time.
class gatherer {
public:
  using labels = std::vector<prometheus::ClientMetric::Label>;

  /// A gauge or counter without labels.
  void one(const telemetry::metric_description& what, double value) {
    telemetry::add_sample(family(what), labels{}, value);
  }

  prometheus::MetricFamily& family(const telemetry::metric_description& what) {
    return families_.emplace_back(telemetry::make_family(what));
  }

  /// A sample for each of `all`: `sample` gives its labels and its value.
  template <class Items, class Sample>
  void each(const telemetry::metric_description& what, const Items& all,
            Sample sample) {
    auto& target = family(what);
    for (const auto& item : all) {
      auto [its_labels, value] = sample(item);
      telemetry::add_sample(target, std::move(its_labels),
                            static_cast<double>(value));
    }
  }

  std::vector<prometheus::MetricFamily> take() {
    return std::move(families_);
  }

private:
  std::vector<prometheus::MetricFamily> families_;
};

} // namespace mfo::node
