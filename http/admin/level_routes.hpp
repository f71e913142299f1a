#pragma once

#include "http/admin/request.hpp"
#include "http/answer.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <string>

namespace mfo::http {

/// /api/v1/log-level. On the admin thread. Who may ask, and by which method,
/// has been seen to.
class level_routes {
public:
  explicit level_routes(std::shared_ptr<telemetry::log> log);

  [[nodiscard]] answer handle(const admin_request& request) const;

private:
  [[nodiscard]] answer show() const;
  [[nodiscard]] answer put(const admin_request& request) const;
  void change(config::log_level to, const std::string& peer) const;

  std::shared_ptr<telemetry::log> log_;
};

} // namespace mfo::http
