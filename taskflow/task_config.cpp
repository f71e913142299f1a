#include "taskflow/task_config.hpp"

#include <array>
#include <type_traits>

namespace mfo::taskflow {

namespace {

/// In the order of `task_config`.
constexpr std::array<std::string_view, std::variant_size_v<task_config>>
    type_words{"mfo_api_tool_execute",
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

/// How many of its first types are calls.
constexpr std::size_t calls = 10;
static_assert(std::is_same_v<std::variant_alternative_t<calls - 1, task_config>,
                             ask_user_task>);
static_assert(
    std::is_same_v<std::variant_alternative_t<calls, task_config>, set_task>);

} // namespace

std::span<const std::string_view> type_names() noexcept {
  return type_words;
}

std::string_view type_name(const task_config& config) noexcept {
  return type_words[config.index()];
}

bool is_call(const task_config& config) noexcept {
  return config.index() < calls;
}

} // namespace mfo::taskflow
