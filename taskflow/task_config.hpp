#pragma once

#include "taskflow/expression/value_template.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What each type of task needs to know; docs/reference/taskflows.md has the
/// keys. Templates are evaluated when the task begins.
namespace mfo::taskflow {

using std::chrono::milliseconds;

struct block;

// --- calls of the MFO server ---------------------------------------------

/// mfo_api_tool_execute
struct tool_execute_task {
  value_template tool_id;
  value_template arguments; ///< an object
};

/// What to do when a chat reply is an error: of `error_handling.on_error`.
struct chat_error_rule {
  enum class action : std::uint8_t { retry_with_prompt, fail_fast } what;
  std::string append_to_system_prompt; ///< with retry_with_prompt
  unsigned max_retries = 1;            ///< with retry_with_prompt
};

/// mfo_api_chat_send
struct chat_send_task {
  std::string prompt_template_id; ///< empty: `prompt` is given
  value_template prompt;
  value_template prompt_context; ///< an object
  value_template system_prompt;
  value_template thread_id;
  std::string provider_id;
  std::string model_id;
  std::vector<std::string> include_tools;
  bool include_server_tools = false;
  value_template options; ///< an object
  std::vector<chat_error_rule> on_error;
};

/// mfo_api_chat_get_history
struct chat_history_task {
  value_template thread_id;
};

/// mfo_api_resource_get
struct resource_get_task {
  value_template resource_id;
};

/// mfo_api_memory_get
struct memory_get_task {
  value_template key;
};

/// mfo_api_memory_store
struct memory_store_task {
  value_template key;
  value_template value;
};

/// job_wait: asks for a job's status until it is final.
struct job_wait_task {
  value_template job_id;
  milliseconds poll_interval{500};
};

/// forward_event: an event to the server, as the node's own forward is.
struct forward_event_task {
  value_template type;    ///< a dotted name; null: that of the trigger's event
  value_template payload; ///< null: that of the trigger's event
};

// --- other calls ---------------------------------------------------------

/// http_call: any HTTP server that the node's configuration allows.
struct http_call_task {
  std::string method = "GET";
  value_template url;
  value_template headers;           ///< an object of texts
  value_template body;              ///< null: none; a text as it is, else JSON
  std::vector<int> accept_statuses; ///< empty: any 2xx
};

/// ask_user: a question to a person, through the admin listener or the command
/// line.
struct ask_user_task {
  value_template question;
  std::vector<std::string> choices;       ///< empty: any text
  std::optional<value_template> fallback; ///< what no answer in time counts as
};

// --- what the engine does itself -----------------------------------------

/// set: its value is its result.
struct set_task {
  value_template value;
};

/// condition: selects the targets of the first case that holds.
struct condition_task {
  struct choice {
    predicate when;
    std::vector<std::size_t> then; ///< tasks of the same block
    std::string label;             ///< the text of `when`, for pictures
  };
  std::vector<choice> cases;
  std::vector<std::size_t> otherwise; ///< `default`; may be empty
};

/// wait
struct wait_task {
  value_template duration; ///< a text such as "5s", or a number of seconds
};

/// raise: fails with this.
struct raise_task {
  value_template code;
  value_template message;
};

/// subflow: another taskflow of the file, as if it stood here.
struct subflow_task {
  std::size_t taskflow = 0; ///< index
  value_template input;
};

/// for_each: the block once for each item, which it sees as ITEM and INDEX. The
/// result is the list of the block's results, in the items' order.
struct for_each_task {
  value_template in; ///< a list
  std::shared_ptr<const block> each;
  std::size_t max_concurrency = 0; ///< 0: the taskflow's
};

/// loop: the block again and again until `until` holds, which sees the block's
/// tasks; it sees ITERATION, from 0. The result is the last one's.
struct loop_task {
  std::shared_ptr<const block> body;
  predicate until;
  std::size_t max_iterations = 1; ///< to reach it is an error
};

/// fork: all branches at once; the result is an object by their names. With
/// `compete`, the first that succeeds ends the others, and the result is
/// {"branch", "result"}.
struct fork_task {
  struct branch {
    std::string name;
    std::shared_ptr<const block> body;
  };
  std::vector<branch> branches;
  bool compete = false;
};

/// try: the block `rescue` runs when `tasks` failed, sees ERROR, and its end
/// is the task's.
struct try_task {
  std::shared_ptr<const block> tasks;
  std::shared_ptr<const block> rescue; ///< `catch`
};

using task_config =
    std::variant<tool_execute_task, chat_send_task, chat_history_task,
                 resource_get_task, memory_get_task, memory_store_task,
                 job_wait_task, forward_event_task, http_call_task,
                 ask_user_task, set_task, condition_task, wait_task, raise_task,
                 subflow_task, for_each_task, loop_task, fork_task, try_task>;

/// All words of `type`, in the order of `task_config`.
[[nodiscard]] std::span<const std::string_view> type_names() noexcept;

/// The word of `type`, e.g. "mfo_api_chat_send".
[[nodiscard]] std::string_view type_name(const task_config& config) noexcept;

/// Whether tasks of this type call somebody; the others are the run's own.
[[nodiscard]] bool is_call(const task_config& config) noexcept;

} // namespace mfo::taskflow
