#pragma once

#include "http/admin/routes.hpp"
#include "http/answer.hpp"
#include "http/dependency.hpp"
#include "http/node_state.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::http {

/// What /health and /metrics are made of; all but the last two is set.
struct health_control {
  std::shared_ptr<const node_state> state;
  std::shared_ptr<const telemetry::metrics> metrics;
  std::string node_name;
  std::string instance;
  std::function<std::vector<health_check>()> checks;
  std::function<std::vector<dependency>()> dependencies; ///< empty: none
  std::function<std::vector<source>()> sources;          ///< empty: none
};

/// What docs/reference/health.md says. On the admin thread. Who may ask, and by
/// which method, has been seen to.
class health_routes {
public:
  explicit health_routes(health_control control);

  /// `at` is one of its paths.
  [[nodiscard]] answer handle(const admin_target& at) const;

private:
  [[nodiscard]] answer health() const;
  [[nodiscard]] answer ready() const;

  health_control control_;
  std::chrono::steady_clock::time_point began_;
};

} // namespace mfo::http
