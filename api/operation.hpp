#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfo::api {

/// What a call asks of the MFO server; labels metrics and logs.
enum class operation : std::uint8_t {
  login,
  event,
  event_batch,
  chat,
  chat_stream,
  chat_history,
  tool_list,
  tool,
  memory_list,
  memory_get,
  memory_set,
  memory_delete,
  resource_list,
  resource_get,
  resource_create,
  job_status,
  subscribe,
  info,
};

inline constexpr std::array<std::string_view, 18> operation_names{
    "login",         "event",        "event_batch",     "chat",
    "chat_stream",   "chat_history", "tool_list",       "tool",
    "memory_list",   "memory_get",   "memory_set",      "memory_delete",
    "resource_list", "resource_get", "resource_create", "job_status",
    "subscribe",     "info"};

constexpr std::string_view to_string(operation what) noexcept {
  return operation_names[static_cast<std::size_t>(what)];
}

} // namespace mfo::api
