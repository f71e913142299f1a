#pragma once

#include "api/operation.hpp"

#include <memory>
#include <string>

namespace mfo::api {

/// One request of the API as the connector sends it: what, not how. The
/// connector adds authorisation, Idempotency-Key and traceparent.
struct call {
  operation what = operation::info;
  std::string method = "GET";
  std::string target{};       ///< path and query, percent-encoded
  std::string content_type{}; ///< of the body; empty: no body
  std::string accept = "application/json";
  std::shared_ptr<const std::string> body{}; ///< null: none
  /// Whether the server may be asked again when it may have acted already:
  /// RFC 9110, section 9.2.2, and events, which carry their id. Anything else
  /// is tried again only where the server certainly did nothing.
  bool repeatable = true;
};

} // namespace mfo::api
