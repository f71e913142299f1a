#pragma once

#include "taskflow/json.hpp"
#include "taskflow/task_config.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What a run asks of the world, with everything filled in, and what it is
/// answered.
namespace mfo::taskflow {

// JSON moves by what its authors call noexcept, and asserts in it.
struct tool_call { // NOLINT(bugprone-exception-escape)
  std::string tool_id;
  json arguments;
};

struct chat_call {
  std::string prompt;
  std::string system_prompt; ///< may be empty, as the next
  std::string thread_id;
  std::string provider_id;
  std::string model_id;
  std::vector<std::string> include_tools;
  bool include_server_tools = false;
  json options; ///< an object
};

struct chat_history_call {
  std::string thread_id;
};

struct resource_call {
  std::string resource_id;
};

struct memory_get_call {
  std::string key;
};

struct memory_store_call {
  std::string key;
  json value;
};

struct job_status_call {
  std::string job_id;
};

struct event_call {
  std::string type; ///< empty: that of the trigger's event
  json_ptr payload; ///< null: that of the trigger's event, byte for byte
};

struct http_request_call {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string content_type;         ///< empty: no body
  std::vector<int> accept_statuses; ///< empty: any 2xx
};

struct question_call {
  std::string question;
  std::vector<std::string> choices; ///< empty: any text
};

using call_request =
    std::variant<tool_call, chat_call, chat_history_call, resource_call,
                 memory_get_call, memory_store_call, job_status_call,
                 event_call, http_request_call, question_call>;

/// Why a call gave no result.
struct call_failure {
  std::string code;      ///< a word, e.g. "rate_limited"; what ERROR.code holds
  std::string message;   ///< for people; no secret
  bool refused = false;  ///< the server said no: Failed; else Errored
  bool transient = true; ///< another try may go better
  int status = 0;        ///< of an HTTP reply; 0: there was none
  std::chrono::milliseconds retry_after{0};
};

/// A job's status gives {"state": "running"|"succeeded"|"failed"|"cancelled",
/// "result", "error"}; http gives {"status", "headers", "body"}; a question the
/// text of the answer; an event {"event_id"}; a chat {"message", "thread_id",
/// "content"}; the others what the server gave.
using call_result = tl::expected<json_ptr, call_failure>;

/// Names a call of a run; never used twice in it.
using call_id = std::uint64_t;

} // namespace mfo::taskflow
