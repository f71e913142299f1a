#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::api {

enum class job_state : std::uint8_t { running, succeeded, failed, cancelled };

/// done, completed, succeeded; failed, error; cancelled, canceled; in any
/// case. Anything else is running: the documents name no states.
job_state job_state_of(std::string_view status);

constexpr bool is_final(job_state state) noexcept {
  return state != job_state::running;
}

call_result make_job_status_call(const config::path_settings& paths,
                                 std::string_view job_id);

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
struct job_status_reply {
  std::string id; ///< may be empty
  job_state state = job_state::running;
  std::string status; ///< as the server wrote it
  json result;        ///< null where there is none
  std::string error;  ///< printable; empty where there is none
  /// How long to wait before asking again, where the server says so.
  std::optional<std::chrono::milliseconds> retry_after{};
};

tl::expected<job_status_reply, api_error>
parse_job_status_reply(const http::client_response& reply);

} // namespace mfo::api
