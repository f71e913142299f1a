#pragma once

#include "config/settings.hpp"
#include "core/errc.hpp"
#include "core/event.hpp"
#include "http/client.hpp"

/// The MFO server's REST API as requests and replies; what is sent, not how.
namespace mfo::http {

/// The fields that every event's request has: authorisation, media types.
header_list event_headers(const config::upstream_settings& upstream);

/// POST /api/events without its body. Carries `common`, the event's id as
/// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) and its trace.
client_request post_event(const core::event& event, const header_list& common);

/// What a sender is told when the client got no reply.
core::errc error_of_failure(client_errc code) noexcept;

} // namespace mfo::http
