#pragma once

#include "actors/api_request.hpp"
#include "config/server_settings.hpp"
#include "core/outcome.hpp"
#include "taskflow/call.hpp"

#include <tl/expected.hpp>

#include <optional>

/// What a taskflow's run asks of the MFO server, as calls of its API, and what
/// the replies mean to the run. Pure.
namespace mfo::actors {

/// Whether the call is one of the server's API; else it is an event, a request
/// to another server, or a question.
[[nodiscard]] bool is_api_call(const taskflow::call_request& request);

/// Requires: `is_api_call`. The failure is that of a call that cannot be sent.
[[nodiscard]] tl::expected<api::call, taskflow::call_failure>
to_api_call(const taskflow::call_request& request,
            const config::server_settings& server);

/// The call that is to be made after the first one was answered so; nothing
/// where that was all. (Some servers do not create what is not there yet.)
[[nodiscard]] std::optional<api::call>
next_api_call(const taskflow::call_request& request,
              const config::server_settings& server, const api_result& first);

/// What the run is told.
[[nodiscard]] taskflow::call_result
result_of(const taskflow::call_request& request, const api_result& got);

/// Why an event, or a call, got no reply that says more. Requires: an error.
[[nodiscard]] taskflow::call_failure failure_of(const core::outcome& outcome);

} // namespace mfo::actors
