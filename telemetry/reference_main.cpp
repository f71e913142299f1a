#include "telemetry/metric_table.hpp"

#include <iostream>

/// Prints docs/reference/metrics.md.
int main() {
  std::cout << mfo::telemetry::metrics_reference_markdown();
}
