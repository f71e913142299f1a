#pragma once

#include "actors/server_call.hpp"
#include "actors/try_judgement.hpp"
#include "config/server_settings.hpp"
#include "core/call_gate.hpp"
#include "http/client.hpp"
#include "http/origin.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/server_status.hpp"
#include "telemetry/upstream_health.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::actors {

/// Where the calls to a server are told of.
struct report_targets {
  std::shared_ptr<telemetry::upstream_health> health;
  telemetry::server_status_ptr status;
  telemetry::observer observer;
};

/// The try of a call that is to be seen in its trace.
struct ended_try {
  std::uint64_t span;
  unsigned number; ///< of the try, from 1
  std::chrono::system_clock::time_point at;
  std::chrono::steady_clock::duration took;
};

/// What metrics, health, log and traces are told of the calls to one server.
class call_report {
public:
  using steady_time = std::chrono::steady_clock::time_point;

  call_report(const config::server_settings& server, report_targets to);

  /// The `number`th try of a call has ended.
  void tried(const server_call& call, const try_judgement& verdict,
             const http::client_result& result, steady_time now,
             std::chrono::steady_clock::duration took, unsigned number);

  /// Whether a try of the call is to be seen in its trace.
  [[nodiscard]] bool traces(const server_call& call) const noexcept;

  /// The same try has ended, at `now`. Requires: its span is not 0.
  void trace(const server_call& call, const try_judgement& verdict,
             const ended_try& how) const;

  /// A call was answered without a try.
  void refused(core::errc reason);

  void changed(const std::optional<core::circuit_breaker::change>& change,
               std::string_view why);

  /// `failure`: empty if the login succeeded.
  void logged_in(const std::string& failure, steady_time now);

  /// How things stand; `held` calls are on the wire or wait.
  void publish(const core::call_gate& gate, std::size_t held);

private:
  void log_try(const server_call& call, const try_judgement& verdict,
               const http::client_result& result, unsigned number);

  std::string name_;
  std::string url_;
  http::origin origin_; ///< of the URL
  report_targets to_;
};

} // namespace mfo::actors
