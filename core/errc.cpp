#include "core/errc.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mfo::core {

namespace {

constexpr auto registry = std::to_array<errc_description>({
    {errc::not_found, "not_found", 404, false, "No such endpoint",
     "No endpoint of this node has this path."},
    {errc::method_not_allowed, "method_not_allowed", 405, false,
     "Method not allowed",
     "Send events with a method that the field Allow names."},
    {errc::source_not_allowed, "source_not_allowed", 403, false, "Forbidden",
     "This endpoint takes no events from this address."},
    {errc::origin_not_allowed, "origin_not_allowed", 403, false, "Forbidden",
     "This endpoint takes no CloudEvents of this WebHook-Request-Origin."},
    {errc::rate_limited, "rate_limited", 429, true, "Too many requests",
     "Events come faster than this endpoint takes them; slow down."},
    {errc::too_many_connections, "too_many_connections", 429, true,
     "Too many connections",
     "This address has as many connections as it may; use fewer."},
    {errc::too_much_at_once, "too_much_at_once", 429, true, "Too much at once",
     "This address is sending as many bytes as it may; send less at a time."},
    {errc::unsupported_media_type, "unsupported_media_type", 415, false,
     "Unsupported media type",
     "This endpoint does not take this media type or content coding."},
    {errc::payload_too_large, "payload_too_large", 413, false,
     "Payload too large", "The body is larger than this endpoint accepts."},
    {errc::header_too_large, "header_too_large", 431, false,
     "Request header too large",
     "The request line and header fields are larger than this node accepts."},
    {errc::malformed_request, "malformed_request", 400, false,
     "Malformed request", "The request is not valid HTTP/1.1."},
    {errc::expectation_failed, "expectation_failed", 417, false,
     "Expectation failed",
     "This node meets no expectation but 100-continue; send none other."},
    {errc::request_timeout, "request_timeout", 408, false, "Request timeout",
     "The request was not received whole in time."},
    {errc::saturated, "saturated", 503, true, "Saturated",
     "This node has no room for it now; send the event again later."},
    {errc::draining, "draining", 503, true, "Draining",
     "This node is stopping; send the event again, to another node."},
    {errc::bad_signature, "bad_signature", 401, false, "Unauthorized",
     "The event could not be authenticated."},
    {errc::malformed_body, "malformed_body", 400, false, "Malformed body",
     "The body is not what its media type and content coding say."},
    {errc::malformed_json, "malformed_json", 400, false, "Malformed JSON",
     "The body is not one JSON text (RFC 8259)."},
    {errc::too_complex, "too_complex", 400, false, "Too complex",
     "The body is nested deeper, or has more values, than this node accepts."},
    {errc::schema_violation, "schema_violation", 422, false, "Schema violation",
     "The payload does not have the form that this endpoint expects."},
    {errc::in_progress, "in_progress", 409, false, "In progress",
     "A delivery with this id is on its way; ask for its outcome later by "
     "sending it again."},
    {errc::duplicate, "duplicate", 200, false, "Duplicate",
     "A delivery with this id was taken care of before."},
    {errc::handshake, "handshake", 200, false, "Handshake",
     "No event: the sender asked whether it may send some, and was answered."},
    {errc::upstream_rejected, "upstream_rejected", 502, false,
     "Refused by the server",
     "The MFO server refused the event; sending it again will not help."},
    {errc::upstream_unreachable, "upstream_unreachable", 502, false,
     "Server unreachable",
     "The MFO server could not be reached; send the event again later."},
    {errc::upstream_failed, "upstream_failed", 502, false, "Server failed",
     "The MFO server failed to take the event; send the event again later."},
    {errc::upstream_busy, "upstream_busy", 503, true, "Server busy",
     "The MFO server takes no more events now; send the event again later."},
    {errc::upstream_timeout, "upstream_timeout", 504, false, "Server timeout",
     "The MFO server did not answer in time; the event may have arrived, send "
     "it again with the same delivery id."},
    {errc::circuit_open, "circuit_open", 503, true, "Server left alone",
     "The MFO server has failed too often and is left alone for a while; send "
     "the event again later."},
    {errc::stage_unavailable, "stage_unavailable", 503, true, "Unavailable",
     "A part of this node is being restarted; send the event again."},
    {errc::internal_error, "internal_error", 500, false, "Internal error",
     "This node failed on the event; the failure is logged under the event's "
     "id."},
    {errc::taskflow_failed, "taskflow_failed", 502, false, "Taskflow failed",
     "What is to be done with the event was refused; sending it again will not "
     "help."},
    {errc::taskflow_errored, "taskflow_errored", 502, false,
     "Taskflow not carried out",
     "What is to be done with the event could not be done; send the event "
     "again later."},
    {errc::taskflow_timeout, "taskflow_timeout", 504, false, "Taskflow timeout",
     "What is to be done with the event took too long; send it again with the "
     "same delivery id."},
    {errc::taskflow_cancelled, "taskflow_cancelled", 503, true,
     "Taskflow cancelled",
     "What is to be done with the event was stopped; send the event again."},
    {errc::no_eligible_node, "no_eligible_node", 503, true, "No eligible node",
     "No node of the cluster can run the event now; send it again."},
    {errc::too_few_copies, "too_few_copies", 503, true, "Too few copies",
     "Too few nodes can hold a copy of the event now; send it again."},
});

class category final : public std::error_category {
public:
  const char* name() const noexcept override {
    return "mfo.core";
  }

  std::string message(int value) const override {
    return std::string{describe(static_cast<errc>(value)).title};
  }
};

} // namespace

std::span<const errc_description> all_errors() noexcept {
  return registry;
}

const errc_description& describe(errc code) noexcept {
  const auto entry_of = [](errc wanted) {
    return std::find_if(
        registry.begin(), registry.end(),
        [wanted](const errc_description& each) { return each.code == wanted; });
  };
  const auto* entry = entry_of(code);
  return entry != registry.end() ? *entry : *entry_of(errc::internal_error);
}

const std::error_category& core_category() noexcept {
  static const category instance;
  return instance;
}

std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), core_category()};
}

} // namespace mfo::core
