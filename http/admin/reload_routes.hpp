#pragma once

#include "http/admin/io_gate.hpp"
#include "http/admin/manual_starts.hpp"
#include "http/admin/request.hpp"
#include "http/answer.hpp"
#include "http/reload_control.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>

namespace mfo::http {

/// /api/v1/reload: what docs/reference/admin.md says of it. On the admin
/// thread. Who may ask has been seen to.
class reload_routes {
public:
  /// `io` must outlive it.
  reload_routes(boost::asio::io_context& io, reload_control control);
  ~reload_routes();
  reload_routes(const reload_routes&) = delete;
  reload_routes& operator=(const reload_routes&) = delete;

  /// Nothing: `later` is given the answer, once, on this thread.
  [[nodiscard]] std::optional<answer>
  handle(const admin_request& request,
         const manual_starts::send_function& later);

private:
  reload_control control_;
  std::shared_ptr<io_gate> gate_;
};

} // namespace mfo::http
