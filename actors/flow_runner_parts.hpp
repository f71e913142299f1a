#pragma once

#include "actors/flow_runner.hpp"

#include <optional>

/// What a flow_runner holds; for its own sources alone.
namespace mfo::actors {

struct flow_runner::one_run {
  one_run(std::uint64_t its_number, flow_request what, result_callback callback,
          steady_time now)
    : number(its_number), info{.id = std::move(what.id),
                               .workflow = std::move(what.workflow),
                               .taskflow = what.taskflow,
                               .trigger = std::move(what.trigger),
                               .event_id = what.event->id,
                               .traceparent =
                                   std::string{what.event->traceparent},
                               .began = now},
      event(std::move(what.event)), done(std::move(callback)) {}
  one_run(const one_run&) = delete;
  one_run& operator=(const one_run&) = delete;

  std::uint64_t number;
  run_info info;
  core::event_ptr event;
  result_callback done; ///< empty: it was called
  std::optional<taskflow::run> run{};
  std::unordered_map<taskflow::call_id, std::uint64_t> calls{};
  std::optional<steady_time> wakes{};
  /// Of calls that could not be made.
  std::vector<std::pair<taskflow::call_id, taskflow::call_result>> at_once{};
};

struct flow_runner::one_call {
  std::uint64_t run = 0; ///< 0: of an event that is forwarded as it came
  taskflow::call_id id = 0;
  taskflow::call_request request{};
  std::string path{};
  api_request_ptr sent{};  ///< of a call of the API
  core::event_ptr event{}; ///< of one that is forwarded
  done_callback done{};    ///< likewise
  bool second = false;     ///< next_api_call's
};

} // namespace mfo::actors
