#pragma once

#include "http/admin/request.hpp"
#include "http/admin/routes.hpp"
#include "http/answer.hpp"
#include "http/event_control.hpp"
#include "telemetry/run_book.hpp"

#include <memory>
#include <string>

namespace mfo::http {

/// Events and endpoints: what docs/reference/admin.md says of them. On the
/// admin thread. Who may ask, and by which method, has been seen to.
class event_routes {
public:
  /// `runs` may be null: there are no taskflows.
  event_routes(event_control control,
               std::shared_ptr<const telemetry::run_book> runs);

  /// `at` is one of its paths.
  [[nodiscard]] answer handle(const admin_request& request,
                              const admin_target& at) const;

private:
  [[nodiscard]] answer list(const admin_request& request) const;
  [[nodiscard]] answer show(const std::string& id) const;

  event_control control_;
  std::shared_ptr<const telemetry::run_book> runs_;
};

} // namespace mfo::http
