#pragma once

#include "http/admin/request.hpp"
#include "http/admin/routes.hpp"
#include "http/answer.hpp"
#include "http/view_control.hpp"

namespace mfo::http {

/// Overview, history, configuration and taskflows: what
/// docs/reference/admin.md says of them. On the admin thread. Who may ask, and
/// by which method, has been seen to.
class view_routes {
public:
  explicit view_routes(view_control control);

  /// `at` is one of its paths.
  [[nodiscard]] answer handle(const admin_request& request,
                              const admin_target& at) const;

private:
  [[nodiscard]] answer show_history(const admin_request& request) const;

  view_control control_;
};

} // namespace mfo::http
