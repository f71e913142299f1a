#include "taskflow/task_config.hpp"

#include <array>

namespace mfo::taskflow {

namespace {

/// In the order of `task_config`.
constexpr std::array<std::string_view, std::variant_size_v<task_config>> names{
    "mfo_api_tool_execute",
    "mfo_api_chat_send",
    "mfo_api_chat_get_history",
    "mfo_api_resource_get",
    "mfo_api_memory_get",
    "mfo_api_memory_store",
    "job_wait",
    "forward_event",
    "http_call",
    "ask_user",
    "set",
    "condition",
    "wait",
    "raise",
    "subflow",
    "for_each",
    "loop",
    "fork",
    "try"};

} // namespace

std::span<const std::string_view> type_names() noexcept {
  return names;
}

std::string_view type_name(const task_config& config) noexcept {
  return names[config.index()];
}

} // namespace mfo::taskflow
