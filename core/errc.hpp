#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace mfo::core {

/// Why an event was not delivered. The one registry: everything that a sender
/// may be told, and every `reason` label of `mfo_events_refused_total`.
enum class errc : std::uint8_t {
  // The door: nothing of the request was acted on.
  not_found = 1,
  method_not_allowed,
  source_not_allowed,
  origin_not_allowed,
  rate_limited,
  too_many_connections,
  too_much_at_once,
  unsupported_media_type,
  payload_too_large,
  header_too_large,
  malformed_request,
  expectation_failed,
  request_timeout,
  saturated,
  draining,
  // The validator.
  bad_signature,
  malformed_body,
  malformed_json,
  too_complex,
  schema_violation,
  in_progress,
  duplicate,
  handshake,
  // The MFO server.
  upstream_rejected,
  upstream_unreachable,
  upstream_failed,
  upstream_busy,
  upstream_timeout,
  circuit_open,
  // This node.
  stage_unavailable,
  internal_error,
  // A taskflow.
  taskflow_failed,
  taskflow_errored,
  taskflow_timeout,
  taskflow_cancelled,
  // The cluster.
  no_eligible_node,
  too_few_copies,
};

/// What the registry says of an error; the texts are fixed, so that nothing
/// of a request, a secret or a server's reply can leak through them.
struct errc_description {
  errc code;
  std::string_view slug;   ///< metric label and last part of the problem type
  int status;              ///< HTTP status to the sender (RFC 9110)
  bool retry_after;        ///< the answer carries Retry-After
  std::string_view title;  ///< RFC 9457 `title`
  std::string_view detail; ///< RFC 9457 `detail`: what the sender can do
};

/// The registry, in order of the enumeration.
std::span<const errc_description> all_errors() noexcept;

/// The entry of `code`.
const errc_description& describe(errc code) noexcept;

/// Whether an event that is refused so had been proved to be genuine before.
constexpr bool was_proven(errc code) noexcept {
  return code > errc::bad_signature && code != errc::handshake;
}

const std::error_category& core_category() noexcept;
std::error_code make_error_code(errc code) noexcept;

} // namespace mfo::core

template <>
struct std::is_error_code_enum<mfo::core::errc> : std::true_type {};
