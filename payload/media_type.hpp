#pragma once

#include <string_view>

/// What a Content-Type says (RFC 9110, section 8.3), in any case, its
/// parameters aside.
namespace mfo::payload {

/// application/json, or a type with the suffix +json (RFC 6839).
[[nodiscard]] bool is_json(std::string_view content_type) noexcept;

/// application/x-www-form-urlencoded.
[[nodiscard]] bool is_form(std::string_view content_type) noexcept;

/// application/cloudevents+json: an event in structured mode.
[[nodiscard]] bool is_cloud_event(std::string_view content_type) noexcept;

/// application/cloudevents-batch+json.
[[nodiscard]] bool is_cloud_batch(std::string_view content_type) noexcept;

/// Begins as the types of CloudEvents do, whatever their format: the HTTP
/// binding, section 3, takes such a request for an event in any case.
[[nodiscard]] bool is_of_cloud_events(std::string_view content_type) noexcept;

} // namespace mfo::payload
