#pragma once

#include "node/command.hpp"

#include "actors/api_request.hpp"
#include "api/call.hpp"
#include "config/settings.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mfo::node {

/// Calls one server of a configuration from a command line, by the same
/// connector as a running node: its authorisation, retries and breaker.
class api_session {
public:
  struct options {
    std::string server;   ///< name; empty: the only one, or `default`
    bool verbose = false; ///< the log of every try on standard error
  };

  static tl::expected<std::unique_ptr<api_session>, command_failure>
  open(const config::settings& settings, const options& how);

  virtual ~api_session() = default;

  [[nodiscard]] virtual const config::server_settings&
  server() const noexcept = 0;

  /// What a call is known by to the server, beside what it says.
  struct identity {
    std::string id;          ///< Idempotency-Key; empty: a new one
    std::string traceparent; ///< empty: a new one
    std::string tracestate;  ///< empty: none
  };

  /// Waits for the outcome, `longest` at most. `on_data` is called on another
  /// thread, before this returns.
  virtual actors::api_result
  call(api::call what, std::chrono::milliseconds longest, identity who = {},
       std::function<void(std::string_view)> on_data = {}) = 0;

  /// The call under way, and all that come, have failed. Any thread.
  virtual void abandon() = 0;
};

} // namespace mfo::node
