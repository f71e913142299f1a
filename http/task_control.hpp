#pragma once

#include "core/question_desk.hpp"
#include "telemetry/run_book.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// What the admin listener needs of the engine of taskflows, in plain values:
/// whoever wires the node fills it in.
namespace mfo::http {

/// A run that somebody starts by hand.
struct manual_start {
  std::string workflow;
  std::string taskflow;
  std::string trigger; ///< id of a manual one; empty: the only one there is
  std::string input;   ///< one JSON text, or empty: there is none
};

/// Why it does not begin.
struct start_refusal {
  enum class reason : std::uint8_t {
    unknown,    ///< no such workflow, taskflow or trigger: 404
    no_trigger, ///< no manual trigger that is enabled, or several: 409
    bad_input,  ///< not what the taskflow takes: 422
    full,       ///< as many runs as there may be, or it stops: 503
  } why;
  std::string detail; ///< a sentence for whoever asked
};

/// How it ended.
struct run_end {
  std::string outcome; ///< one of telemetry::run_outcomes
  std::string result;  ///< JSON, where it succeeded; else may be empty
  std::optional<telemetry::run_problem> problem{};
};

/// Where `runs` is set, all is.
struct task_control {
  /// The id of the run, or why there is none.
  using begun_function =
      std::function<void(tl::expected<std::string, start_refusal>)>;
  using ended_function = std::function<void(run_end)>;

  std::shared_ptr<const telemetry::run_book> runs; ///< null: no taskflows here
  std::shared_ptr<core::question_desk> questions;  ///< null as `runs` is

  /// Calls `begun` once, and `ended` once after it if there is a run: on any
  /// thread, within this call or later, also when the listener is gone. Must
  /// not block. `ended` may be empty.
  std::function<void(manual_start what, begun_function begun,
                     ended_function ended)>
      start{};

  /// Ends a run that is under way, if it still is. Must not block.
  std::function<void(const std::string& run)> cancel{};
};

} // namespace mfo::http
