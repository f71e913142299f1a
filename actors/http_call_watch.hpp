#pragma once

#include "actors/outside.hpp"
#include "telemetry/line_limit.hpp"
#include "telemetry/observer.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace mfo::actors {

/// Counts what comes of calls of other servers, and has a line of the log for
/// each: at debug, and at warn where the rules kept it from being made. Such
/// calls can be caused by whoever sends events, so those lines are limited.
/// Thread-safe.
class http_call_watch : public std::enable_shared_from_this<http_call_watch> {
public:
  using answer_callback = outside::answer_callback;

  http_call_watch(telemetry::observer observer, unsigned refusal_lines);

  /// The same `answer`, watched, for a call that begins now. Destroyed
  /// without having been called, it was cancelled.
  [[nodiscard]] answer_callback watch(const taskflow::http_request_call& call,
                                      const run_info& run,
                                      const std::string& path,
                                      answer_callback answer);

private:
  class watched;

  /// Of which call, in the words of the log.
  struct subject {
    std::string run;
    std::string workflow;
    std::string taskflow;
    std::string task;
    std::string method;
    std::string host; ///< empty: no URL names it, or nobody would read it
  };

  void ended(const subject& of, const taskflow::call_failure* failure,
             std::string_view result, std::chrono::steady_clock::duration took);
  void refused(const subject& of, const taskflow::call_failure& why);

  telemetry::observer observer_;
  std::mutex mutex_;
  telemetry::line_limit lines_;
  std::uint64_t left_out_ = 0;
};

} // namespace mfo::actors
