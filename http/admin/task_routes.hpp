#pragma once

#include "http/admin/manual_starts.hpp"
#include "http/admin/request.hpp"
#include "http/admin/routes.hpp"
#include "http/answer.hpp"
#include "http/task_control.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::http {

/// Runs, taskflows and questions: what docs/reference/admin.md says of them. On
/// the admin thread. Who may ask, and by which method, has been seen to.
class task_routes {
public:
  /// `io` must outlive it. Says in the log who changes what.
  task_routes(boost::asio::io_context& io, task_control control,
              std::shared_ptr<telemetry::log> log);

  /// `at` is one of its paths. Nothing: `later` is given the answer, once, on
  /// this thread.
  [[nodiscard]] std::optional<answer>
  handle(const admin_request& request, const admin_target& at,
         manual_starts::send_function later);

private:
  [[nodiscard]] answer list_runs(const admin_request& request) const;
  [[nodiscard]] answer show_run(std::string_view id) const;
  [[nodiscard]] answer cancel_run(const admin_request& request,
                                  std::string_view id) const;
  [[nodiscard]] std::optional<answer>
  start_run(const admin_request& request, const std::string& workflow,
            const std::string& taskflow, manual_starts::send_function later);
  [[nodiscard]] answer list_questions() const;
  [[nodiscard]] answer answer_question(const admin_request& request,
                                       std::string_view id) const;

  task_control control_;
  std::shared_ptr<telemetry::log> log_;
  manual_starts starts_;
};

} // namespace mfo::http
