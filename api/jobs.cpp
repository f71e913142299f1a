#include "api/jobs.hpp"

#include "api/error_shape.hpp"
#include "api/path.hpp"
#include "core/text.hpp"

namespace mfo::api {

job_state job_state_of(std::string_view status) {
  const auto name = core::lower_case(status);
  if (name == "done" || name == "completed" || name == "succeeded")
    return job_state::succeeded;
  if (name == "failed" || name == "error")
    return job_state::failed;
  if (name == "cancelled" || name == "canceled")
    return job_state::cancelled;
  return job_state::running;
}

call_result make_job_status_call(const config::path_settings& paths,
                                 std::string_view job_id) {
  auto target = fill_path(paths.job, {{"job_id", job_id}});
  if (!target)
    return tl::unexpected(std::move(target.error()));
  return call{.what = operation::job_status, .target = *std::move(target)};
}

tl::expected<job_status_reply, api_error>
parse_job_status_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  auto status = required_text(*body, "", "status");
  if (!status)
    return tl::unexpected(std::move(status.error()));
  job_status_reply job;
  job.id = optional_text(*body, "job_id");
  if (job.id.empty())
    job.id = optional_text(*body, "id");
  job.state = job_state_of(*status);
  job.status = *std::move(status);
  if (const auto* result = find_member(*body, "result"))
    job.result = *result;
  if (const auto* error = find_member(*body, "error"))
    job.error = read_error_value(*error).message;
  job.retry_after = retry_after_of(reply);
  return job;
}

} // namespace mfo::api
