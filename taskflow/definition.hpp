#pragma once

#include "config/payload_schema.hpp"
#include "config/secret.hpp"
#include "config/settings.hpp"
#include "schema/json_schema.hpp"
#include "taskflow/depends.hpp"
#include "taskflow/run/kept_plan.hpp"
#include "taskflow/schedule/cron.hpp"
#include "taskflow/task_config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// A workflow as it is once its file was read and found good: what
/// docs/reference/taskflows.md describes. Immutable; shared by all runs.
///
/// Tasks refer to one another by their index in their block, blocks by pointer,
/// taskflows by their index in the workflow: whoever follows a reference need
/// not check it.
namespace mfo::taskflow {

/// Which of the tasks that could run goes first.
enum class task_priority : std::uint8_t { low, normal, high };

struct task {
  std::string id; ///< unique in its taskflow, nested blocks included
  config::place where;
  task_config config;

  /// Tasks of the same block that must have ended before: those of `depends` or
  /// `depends_on`, those that an expression refers to, the conditions that may
  /// select it; each once, in the order of the file.
  std::vector<std::size_t> waits_for;
  /// Over some of `waits_for`; the others must have succeeded or been skipped.
  depends_expression depends;
  /// `depends.mentions()` as indices.
  std::vector<std::size_t> depends_on;
  /// The conditions of the block that name it; it runs only when one selects
  /// it.
  std::vector<std::size_t> selected_by;
  /// It is skipped when this gives false.
  std::optional<predicate> when;

  task_priority priority = task_priority::normal;
  std::optional<config::retry_settings> retry; ///< none: it is tried once
  milliseconds timeout{0}; ///< all tries together; 0: the taskflow's alone
  std::string output_as;   ///< its result is `CONTEXT.<this>` too; may be empty
};

/// Tasks that belong together: of a taskflow, or nested in a task.
///
/// Its result is `output`, if it has one; else, of a single task, that task's
/// result; else an object of the results of the tasks that succeeded, by id.
struct block {
  std::vector<task> tasks; ///< in the order of the file, never empty
  std::optional<value_template> output;
  kept_plan plan{};
};

struct flow {
  std::string id;
  std::string description;
  config::place where;
  std::optional<schema::json_schema> input_schema;
  std::size_t max_concurrency =
      10;                  ///< tasks under way at a time, in all blocks
  milliseconds timeout{0}; ///< 0: what its run was given
  bool fail_fast = true;   ///< a failure that nobody handles ends what runs
  block body;
};

// --- triggers --------------------------------------------------------------

/// An endpoint of the node's listener. `endpoint.id` is the trigger's.
struct webhook_trigger {
  config::endpoint_settings endpoint;
  std::string method = "POST";
};

struct schedule_trigger {
  std::string cron_expression;
  std::string time_zone = "UTC";
  cron_schedule schedule;
};

/// By hand: the command line, or the admin listener.
struct manual_trigger {};

/// Another taskflow's event, or one that a server notified of.
struct event_trigger {
  std::vector<std::string> types; ///< dotted names; `*` a word, `**` any number
};

struct trigger {
  std::string id; ///< unique in the workflow
  config::place where;
  bool enabled = true;
  std::variant<webhook_trigger, schedule_trigger, manual_trigger, event_trigger>
      config;
  /// Sees the event as `.`: {"id","type","source","time","payload"}.
  std::optional<predicate> filter;
  /// The input of the run, which sees TRIGGER; without one, the event's
  /// payload.
  std::optional<value_template> input_mapping;
  config::placement_settings placement; ///< of its runs, in a cluster
  std::size_t taskflow = 0;             ///< index
};

// --- the file ----------------------------------------------------------------

/// A text for a chat, with what goes along with it.
struct prompt_template {
  std::string id;
  std::string file; ///< where it was read from; empty: the workflow itself
  std::string text; ///< with {{variable}}
  std::string system_prompt;
  std::vector<std::string> variables; ///< each must be in `prompt_context`
  std::string provider_id;            ///< may be empty, as the next
  std::string model_id;
  std::vector<std::string> tools;
};

struct named_secret {
  std::string name;
  config::secret value;
};

struct workflow {
  std::string name;
  std::string description;
  std::string version;
  std::string file; ///< as it was named
  std::vector<named_secret> secrets;
  std::vector<prompt_template> prompts;
  std::vector<trigger> triggers;
  std::vector<flow> taskflows; ///< never empty
};

using workflow_ptr = std::shared_ptr<const workflow>;

} // namespace mfo::taskflow
