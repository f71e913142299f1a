#pragma once

#include "config/payload_settings.hpp"
#include "core/header_fields.hpp"
#include "core/json_check.hpp"
#include "payload/cloud_events.hpp"
#include "payload/flaw.hpp"
#include "payload/inflate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::payload {

/// A request's body and what is said of it. Views are valid during the call.
struct received_body {
  std::string_view content_type{};
  std::string_view content_encoding{};
  const core::header_fields& fields; ///< those that begin with ce-
  std::string_view body{};
};

/// What a body holds: one event.
struct decoded {
  std::string payload;              ///< one JSON text, if the body was right
  std::optional<cloud_event> cloud; ///< its data has been moved to `payload`
};

/// Whether an endpoint with these settings takes bodies of this type and
/// coding; known before the body is there. `has_ce_version`: the request has
/// the field by which an event in binary mode is known (`is_binary`).
[[nodiscard]] bool takes(std::string_view content_type,
                         std::string_view content_encoding, bool has_ce_version,
                         const config::payload_settings& settings) noexcept;

/// Whether the body of such a request is its payload as it stands.
[[nodiscard]] bool is_plain(std::string_view content_type,
                            std::string_view content_encoding,
                            const core::header_fields& fields,
                            const config::payload_settings& settings) noexcept;

/// What the body holds. Whether the payloads are JSON, and within the bounds of
/// JSON, is the caller's to check; what has to be read as JSON here is checked
/// by `checker`.
[[nodiscard]] tl::expected<std::vector<decoded>, flaw>
decode(const received_body& received, const config::payload_settings& settings,
       const inflate_bounds& bounds, core::json_checker& checker);

/// The refusal of a text for what the checker said of it; nothing when it is
/// good.
[[nodiscard]] std::optional<flaw> flaw_of(core::json_verdict verdict);

} // namespace mfo::payload
