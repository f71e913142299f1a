#pragma once

#include "api/call.hpp"
#include "core/outcome.hpp"
#include "http/client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::actors {

/// A call of the server's API that somebody wants made.
struct api_request {
  api::call call;
  std::string id;           ///< unique; sent as Idempotency-Key
  std::string traceparent;  ///< W3C Trace Context
  std::string tracestate{}; ///< empty: none
  std::chrono::steady_clock::time_point deadline;
  /// As http::client_request::on_data; null: the reply is collected.
  std::function<void(std::string_view piece)> on_data{};
};

using api_request_ptr = std::shared_ptr<const api_request>;

/// What has become of it.
struct api_result {
  core::outcome outcome; ///< no error: the server answered 2xx
  /// The server's last reply; its body may say more of an error.
  std::optional<http::client_response> reply;
};

using api_result_ptr = std::shared_ptr<const api_result>;

} // namespace mfo::actors
