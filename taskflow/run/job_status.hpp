#pragma once

#include "taskflow/json.hpp"

#include <cstdint>
#include <string>

namespace mfo::taskflow {

/// What the status of a job says (call.hpp, call_result).
struct job_status {
  enum class state : std::uint8_t { running, succeeded, failed, cancelled } is;
  json result{};       ///< when succeeded
  std::string message; ///< when failed or cancelled; may be empty
};

/// A status of another form counts as failed, and its message says so.
[[nodiscard]] job_status read_job_status(const json& reply);

} // namespace mfo::taskflow
